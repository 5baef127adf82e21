import { NO_DATA, RAGGED, ROW_BIT, rowMask } from './bits.ts';
import type { Scratch } from './scratch.ts';
import type { SourceEnv } from './source-env.ts';
import type { TypedSource } from './typed-rows.ts';

/** Which rows of the file are data, how many they are, and what the others are. */
export interface DataRows {
  readonly relations: SourceEnv['rows'];
  readonly read: number;
  readonly blank: number;
  /** Rows after the end of the data. */
  readonly footer: number;
  /** Position of the first footer row; null where no footer ends the data. */
  readonly footerAt: number | null;
  /** Position from which on nothing is data; null where the whole file may be data. */
  readonly endAt: number | null;
  /** Rows that repeat the header. */
  readonly headers: number;
  /** Rows left out by `source.skip`. */
  readonly skipped: number;
  /** Totals rows of a workbook's tables. */
  readonly totals: number;
  /** Position of the first of them. */
  readonly totalsAt: number | null;
  /** Tests on `rid` and `m` that are true only for data rows; empty where all rows are data. */
  readonly tests: readonly string[];
}

/** Views of the data rows, and of those of the right length; counts what was left out. From position `endAt` on nothing is data. */
export async function viewData(
  scratch: Scratch,
  { relation: typed, sound }: TypedSource,
  endAt: number | null,
): Promise<DataRows> {
  const relations = { typed, data: 'd', judged: 's' };
  if (sound) {
    await scratch.run(`CREATE VIEW ${relations.data} AS SELECT * FROM ${typed}`);
    await scratch.run(`CREATE VIEW ${relations.judged} AS SELECT * FROM ${typed}`);
    const read = await scratch.count(`SELECT count(*) FROM ${typed}`);
    return {
      relations,
      read,
      blank: 0,
      footer: 0,
      footerAt: null,
      endAt: null,
      headers: 0,
      skipped: 0,
      totals: 0,
      totalsAt: null,
      tests: [],
    };
  }
  const has = (bits: number) => `${rowMask} & ${bits} <> 0`;
  const found = await scratch.row(
    `SELECT min(rid) FILTER (${has(ROW_BIT.footer)}) AS cut, count(*) FILTER (${has(NO_DATA)}) AS out,
       count(*) FILTER (${has(RAGGED)}) AS ragged FROM ${typed} WHERE m IS NOT NULL`,
  );
  const cut = found.cut === null ? null : Number(found.cut);
  const footerAt = endAt === null ? cut : null;
  const end = endAt ?? cut;
  const tests = [
    ...(end === null ? [] : [`rid < ${end}`]),
    ...(Number(found.out) === 0 ? [] : [`(m IS NULL OR ${rowMask} & ${NO_DATA} = 0)`]),
  ];
  const where = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`;
  await scratch.run(`CREATE VIEW ${relations.data} AS SELECT * FROM ${typed}${where}`);
  const even = Number(found.ragged) === 0 ? '' : ` WHERE (m IS NULL OR ${rowMask} & ${RAGGED} = 0)`;
  await scratch.run(`CREATE VIEW ${relations.judged} AS SELECT * FROM ${relations.data}${even}`);
  const before = end === null ? '' : ` AND rid < ${end}`;
  const isTotal = `${has(ROW_BIT.totals)} AND NOT ${has(ROW_BIT.blank | ROW_BIT.header | ROW_BIT.skipped)}`;
  const out = await scratch.row(
    `SELECT count(*) FILTER (${has(ROW_BIT.blank)}) AS blank, count(*) FILTER (${has(ROW_BIT.header)}) AS headers,
       count(*) FILTER (${has(ROW_BIT.skipped)} AND NOT ${has(ROW_BIT.blank | ROW_BIT.header)}) AS skipped,
       count(*) FILTER (${isTotal}) AS totals, min(rid) FILTER (${isTotal}) AS first
     FROM ${typed} WHERE m IS NOT NULL${before}`,
  );
  return {
    relations,
    read: await scratch.count(`SELECT count(*) FROM ${relations.data}`),
    blank: Number(out.blank),
    footer: end === null ? 0 : await scratch.count(`SELECT count(*) FROM ${typed} WHERE rid >= ${end}`),
    footerAt,
    endAt: end,
    headers: Number(out.headers),
    skipped: Number(out.skipped),
    totals: Number(out.totals),
    totalsAt: out.first === null ? null : Number(out.first),
    tests,
  };
}

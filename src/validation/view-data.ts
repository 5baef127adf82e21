import { NO_DATA, RAGGED, ROW_BIT, rowMask } from './bits.ts';
import type { Scratch } from './scratch.ts';

/** How many rows of the file are data, and what the others are. */
export interface RowCounts {
  readonly read: number;
  readonly blank: number;
  /** Rows from the first footer row on. */
  readonly footer: number;
  /** Position of that row; null without one. */
  readonly footerAt: number | null;
  /** Rows that say the header again. */
  readonly headers: number;
  /** Rows left out by `source.skip`. */
  readonly skipped: number;
  /** Tests on `rid` and `m` that hold for data rows alone; none where all rows are. */
  readonly tests: readonly string[];
}

/** Views `d`, the data rows, and `s`, those of the right length; counts what was left out. */
export async function viewData(scratch: Scratch, sound: boolean): Promise<RowCounts> {
  if (sound) {
    await scratch.run('CREATE VIEW d AS SELECT * FROM t');
    await scratch.run('CREATE VIEW s AS SELECT * FROM t');
    const read = await scratch.count('SELECT count(*) FROM t');
    return { read, blank: 0, footer: 0, footerAt: null, headers: 0, skipped: 0, tests: [] };
  }
  const has = (bits: number) => `${rowMask} & ${bits} <> 0`;
  const found = await scratch.row(
    `SELECT min(rid) FILTER (${has(ROW_BIT.footer)}) AS cut, count(*) FILTER (${has(NO_DATA)}) AS out,
       count(*) FILTER (${has(RAGGED)}) AS ragged FROM t WHERE m IS NOT NULL`,
  );
  const footerAt = found.cut === null ? null : Number(found.cut);
  const tests = [
    ...(footerAt === null ? [] : [`rid < ${footerAt}`]),
    ...(Number(found.out) === 0 ? [] : [`(m IS NULL OR ${rowMask} & ${NO_DATA} = 0)`]),
  ];
  const where = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`;
  await scratch.run(`CREATE VIEW d AS SELECT * FROM t${where}`);
  const even = Number(found.ragged) === 0 ? '' : ` WHERE (m IS NULL OR ${rowMask} & ${RAGGED} = 0)`;
  await scratch.run(`CREATE VIEW s AS SELECT * FROM d${even}`);
  const before = footerAt === null ? '' : ` AND rid < ${footerAt}`;
  const out = await scratch.row(
    `SELECT count(*) FILTER (${has(ROW_BIT.blank)}) AS blank, count(*) FILTER (${has(ROW_BIT.header)}) AS headers,
       count(*) FILTER (${has(ROW_BIT.skipped)} AND NOT ${has(ROW_BIT.blank | ROW_BIT.header)}) AS skipped
     FROM t WHERE m IS NOT NULL${before}`,
  );
  return {
    read: await scratch.count('SELECT count(*) FROM d'),
    blank: Number(out.blank),
    footer: footerAt === null ? 0 : await scratch.count(`SELECT count(*) FROM t WHERE rid >= ${footerAt}`),
    footerAt,
    headers: Number(out.headers),
    skipped: Number(out.skipped),
    tests,
  };
}

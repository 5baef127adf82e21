import { join } from 'node:path';
import { literal } from '../sql/sql.ts';
import type { CheckedSource } from './checked-rows.ts';
import { unescaped } from './clean-sql.ts';
import type { RawScan } from './raw-scan.ts';
import type { Scratch } from './scratch.ts';

/** The raw text of the rows that are rejected or shown. */
export interface RawRowsKept {
  /** A relation (rid, r, kinds, cells) over a scratch file. */
  readonly relation: string;
}

/** Checked rows, and the raw text that was kept of some. */
export type CheckedWithRaw = CheckedSource & { readonly raw: RawRowsKept | null };

/** Keeps it. The source is read a second time, so that the many sound rows need not be kept as text. */
export async function keepRawRows(
  scratch: Scratch,
  { typed: { scan }, faults: { rejected } }: CheckedSource,
  shown: readonly number[],
): Promise<RawRowsKept> {
  await scratch.run(`CREATE TABLE wanted AS SELECT rid FROM ${rejected}`);
  for (let at = 0; at < shown.length; at += 10_000) {
    const values = shown.slice(at, at + 10_000).map((rid) => `(${rid}::BIGINT)`);
    await scratch.run(
      `INSERT INTO wanted SELECT rid FROM (VALUES ${values.join(',')}) AS x(rid) ANTI JOIN ${rejected} USING (rid)`,
    );
  }
  const row = `${scan.rowOf('rid')} AS r`;
  const kinds = scan.form === 'lines' ? 'NULL::VARCHAR AS kinds' : '_kinds AS kinds';
  const path = literal(join(scratch.folder, 'raw.parquet'));
  // Numbering rows keeps the scan in file order, on one thread.
  await scratch.run(
    `COPY (SELECT rid, ${row}, ${kinds}, ${rawTexts(scan)} AS cells
       FROM (SELECT row_number() OVER () - 1 AS rid, * FROM ${scan.records}) WHERE rid IN (SELECT rid FROM wanted))
     TO ${path} (FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE ${rowsInGroup(scan.width)})`,
  );
  await scratch.run(`CREATE VIEW raw AS SELECT * FROM read_parquet(${path})`);
  return { relation: 'raw' };
}

/** Cells in a row group of a scratch file of lists; one row group is in memory at a time. */
const GROUP_CELLS = 1 << 17;
const FEWEST_ROWS = 64;

export function rowsInGroup(width: number): number {
  return Math.max(FEWEST_ROWS, Math.floor(GROUP_CELLS / Math.max(1, width)));
}

/** The texts of a record's cells, over the records of a scan. */
export function rawTexts({ escaped }: RawScan): string {
  return escaped ? `list_transform(cells, lambda c: ${unescaped('c')})` : 'cells';
}

/** Raw text of the cell in a 0-based column of the source, as SQL over the relation. */
export function rawCell({ relation }: RawRowsKept, column: number): string {
  return `${relation}.cells[${column + 1}]`;
}

export interface RawCells {
  /** Row number as people count. */
  readonly row: number;
  /** By column of the file; only the requested ones. */
  readonly cells: readonly (string | null)[];
}

/** In portions, so that no statement is too long for the engine's parser. */
const PORTION = 10_000;

/** Raw text of single cells, by row, cut after `longest` characters; of a wide row only the requested cells. Without kept rows there are none. */
export async function rawCells(
  scratch: Scratch,
  raw: RawRowsKept | null,
  wanted: ReadonlyMap<number, ReadonlySet<number>>,
  longest: number,
): Promise<Map<number, RawCells>> {
  if (raw === null) return new Map();
  const places = [...wanted].flatMap(([rid, columns]) => [
    `(${rid}::BIGINT, -1)`,
    ...[...columns].map((column) => `(${rid}, ${column})`),
  ]);
  const out = new Map<number, { row: number; cells: (string | null)[] }>();
  for (let at = 0; at < places.length; at += PORTION) {
    const part = places.slice(at, at + PORTION).join(', ');
    const rows = await scratch.rows<{ rid: string; r: string; i: number; text: string | null }>(
      `SELECT rid, r, i, left(cells[i + 1], ${longest}) AS text FROM (VALUES ${part}) AS p(rid, i) JOIN ${raw.relation} USING (rid)`,
    );
    for (const { rid, r, i, text } of rows) {
      const known = out.get(Number(rid)) ?? { row: Number(r), cells: [] };
      if (Number(i) >= 0) known.cells[Number(i)] = text;
      out.set(Number(rid), known);
    }
  }
  return out;
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Extract } from '../readers/reader.ts';
import { literal } from '../warehouse/sql.ts';
import { ROW_BIT } from './bits.ts';
import { type CellSql, cellSql, NO_MASK } from './cell-sql.ts';
import { trimmed, unescaped } from './clean-sql.ts';
import type { Layout, PlannedColumn } from './layout.ts';
import { type RawScan, scanOf } from './raw-scan.ts';
import { type Scratch, ScratchError } from './scratch.ts';

export interface TypedRows {
  readonly scan: RawScan;
  /** The form that was read in the end. */
  readonly extract: Extract;
}

/**
 * One pass over the raw rows: typed values v0 …, the row's number and its mask of faults, as view `t` with `rid`, the
 * 0-based position in the file. It lies in an uncommitted Parquet file rather than in memory, so that ten million rows
 * need no more of it than one, and so that later passes see the same rows in the same groups, whatever the threads did.
 */
export async function typeRows(
  scratch: Scratch,
  extract: Extract,
  plan: readonly PlannedColumn[],
  options: { readonly format: Layout['format']; readonly footer: string | null },
): Promise<TypedRows> {
  let form = extract;
  for (let bigLines = false; ; ) {
    const scan = scanOf(
      form,
      scratch.folder,
      form.form === 'canonical' && options.format !== 'text',
      bigLines,
    );
    try {
      const uneven = await writeTyped(scratch, scan, plan, options.footer);
      if (!uneven || form.form === 'canonical') return { scan, extract: form };
    } catch (error) {
      if (!(error instanceof ScratchError) || !error.message.startsWith('Invalid Input Error')) throw error;
      const tooLong = /maximum line size|max_line_size/i.test(error.message);
      if (form.form === 'canonical' && (bigLines || !tooLong)) throw error;
      bigLines = tooLong;
    }
    // The fast form is right only where every line has as many cells as the header; our own tokenizer always is.
    if (form.form === 'lines') form = await form.tokenize();
  }
}

/** Answers whether rows are there that the fast form cannot tell apart: too long or too short. */
async function writeTyped(
  scratch: Scratch,
  scan: RawScan,
  plan: readonly PlannedColumn[],
  footer: string | null,
): Promise<boolean> {
  const path = join(scratch.folder, 'typed.parquet');
  rmSync(path, { force: true });
  await scratch.run('DROP VIEW IF EXISTS t');
  await scratch.run(
    `COPY (${typedSelect(scan, plan, footer)}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
  );
  const row = scan.form === 'lines' ? scan.rowOf('file_row_number') : 'r';
  await scratch.run(
    `CREATE VIEW t AS SELECT file_row_number AS rid, ${row} AS r, * EXCLUDE (file_row_number${scan.form === 'lines' ? '' : ', r'})
     FROM read_parquet(${literal(path)}, file_row_number = true)`,
  );
  if (scan.form === 'canonical') return false;
  const ragged = ROW_BIT.extraCell | ROW_BIT.missingCell;
  return (await scratch.count(`SELECT count(*) FROM t WHERE m IS NOT NULL AND m[1] & ${ragged} <> 0`)) > 0;
}

function typedSelect(scan: RawScan, plan: readonly PlannedColumn[], footer: string | null): string {
  const cells = plan.map((column) => cellSql(column, scan));
  const depth = Math.max(0, ...cells.map((cell) => cell.layers.length));
  let from = `(SELECT *, ${rowBits(scan, footer)} AS w FROM ${scan.relation})`;
  for (let layer = 0; layer < depth; layer++) {
    const added = cells.flatMap((cell) => cell.layers[layer] ?? []);
    if (added.length > 0) from = `(SELECT *, ${added.join(',\n')} FROM ${from})`;
  }
  const values = cells.map((cell) => cell.value);
  const row = scan.form === 'lines' ? [] : ['_row AS r'];
  return `SELECT ${[...row, ...values, `${maskList(cells)} AS m`].join(', ')} FROM ${from}`;
}

/** Null for a row without any fault. A record of the wrong length is no row of cells: what its cells say is not judged. */
function maskList(cells: readonly CellSql[]): string {
  const masks = cells.map((cell) => cell.mask);
  const sound = ['w = 0', ...masks.filter((mask) => mask !== NO_MASK).map((mask) => `${mask} = 0`)].join(
    ' AND ',
  );
  const all = ['w::UINTEGER', ...masks].join(', ');
  const rowOnly = ['w::UINTEGER', ...masks.map(() => '0::UINTEGER')].join(', ');
  return `CASE WHEN ${sound} THEN NULL WHEN w <> 0 THEN [${rowOnly}] ELSE [${all}] END`;
}

function rowBits(scan: RawScan, footer: string | null): string {
  const cells = Array.from({ length: scan.width }, (_, i) => `c${i}`);
  const text = (cell: string) => trimmed(scan.escaped ? unescaped(cell) : cell);
  const filled = (cell: string) =>
    `(${cell} >= '!' AND ${cell} < chr(127)) OR (${cell} IS NOT NULL AND ${text(cell)} <> '')`;
  const hasMore =
    scan.form === 'lines' ? `c${scan.width} IS NOT NULL AND c${scan.width} <> ''` : `_n > ${scan.width}`;
  // A chain of WHENs stops at the first filled cell, which most often is the first of all.
  const blank = `CASE ${cells.map((cell) => `WHEN ${filled(cell)} THEN 0`).join(' ')} WHEN ${hasMore} THEN 0 ELSE ${ROW_BIT.blank} END`;
  const ragged =
    scan.form === 'lines'
      ? `CASE WHEN c${scan.width} IS NOT NULL THEN ${ROW_BIT.extraCell} WHEN c${scan.width - 1} IS NULL THEN ${ROW_BIT.missingCell} ELSE 0 END`
      : `CASE WHEN _n > ${scan.width} THEN ${ROW_BIT.extraCell} WHEN _n < ${scan.width} THEN ${ROW_BIT.missingCell} ELSE 0 END`;
  const first = `coalesce(${cells.map((cell) => `nullif(${text(cell)}, '')`).join(', ')}, '')`;
  const isFooter =
    footer === null
      ? ''
      : ` + (CASE WHEN regexp_matches(${first}, ${literal(footer)}) THEN ${ROW_BIT.footer} ELSE 0 END)`;
  return `((${blank}) + (${ragged})${isFooter})::UTINYINT`;
}

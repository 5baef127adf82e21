import type { FindingEntry } from '../../checks/finding-entry.ts';
import { fileWords } from '../../checks/wording.ts';
import type { Extract } from '../../readers/reader.ts';
import { trimmed } from '../../types/trimmed.ts';
import { ROW_BIT, rowMask } from '../bits.ts';
import { unescaped } from '../clean-sql.ts';
import { MESSAGES } from '../messages.ts';
import { originOf } from '../row-origin.ts';
import type { SourceEnv } from '../source-env.ts';

export const entries: readonly FindingEntry[] = [
  {
    code: 'second-table',
    title: 'A second table follows below the first',
    meaning:
      'A row with one filled cell, then the headers again: that is the title of another table, whose rows may be counted twice. The file is refused where the title would be a row of data; otherwise it is a warning. Under `headers: {extra: ignore}` a wider table below, after a blank row, ends the data, with a warning.',
    example: "'Rolled over concessions' in row 6, the headers in row 7, and rows of before below them.",
    cure: 'Deliver each table in a file of its own, or leave such titles out with `source.skip` or `source.footer`.',
  },
];

/** In a table with this many columns, a row with one filled cell looks like a title. */
const FEWEST_COLUMNS = 2;

/** Searches for titles above repeated headers; needs to know which rows are rejected. */
export async function checkSecondTable(
  env: SourceEnv,
  extract: Extract,
  repeatedHeaders: number,
): Promise<void> {
  const { scan, engine, layout } = env;
  const named = layout.headers.filter((header) => header.trim() !== '').length;
  if (repeatedHeaders === 0 || named < FEWEST_COLUMNS) return;
  const above = `SELECT d.rid, d.r FROM ${env.rows.data} AS d JOIN (SELECT rid - 1 AS rid FROM ${env.rows.typed} WHERE m IS NOT NULL AND ${rowMask} & ${ROW_BIT.header} <> 0) USING (rid)`;
  const texts = `list_filter(list_transform(cells, lambda c: ${trimmed(scan.escaped ? unescaped('c') : 'c')}), lambda c: c <> '')`;
  // A title that is merged over its columns has the same text in each of them.
  const merged = extract.form === 'canonical' && extract.merged !== undefined;
  const filled = merged ? `list_unique(${texts})` : `len(${texts})`;
  // Numbering rows keeps the scan in file order, on one thread.
  const found = await engine.row<{ rows: string; first: string; data: string; columns: number | null }>(
    `SELECT count(*) AS rows, min(r) AS first, count(*) FILTER (rid NOT IN (SELECT rid FROM ${env.faults.rejected})) AS data,
       arg_min(place, r) AS columns
     FROM (${above}) JOIN (
       SELECT rid, ${filled} AS filled, list_position(list_transform(cells, lambda c: ${trimmed('c')} <> ''), true) AS place
       FROM (SELECT row_number() OVER () - 1 AS rid, cells FROM ${scan.records}) WHERE rid IN (SELECT rid FROM (${above}))
     ) USING (rid) WHERE filled = 1`,
  );
  const rows = Number(found.rows);
  if (rows === 0) return;
  const row = Number(found.first);
  env.tableFindings.push({
    name: 'second-table',
    severity: Number(found.data) > 0 ? 'error' : 'warning',
    field: null,
    ...fileWords(MESSAGES[rows === 1 ? 'second-table' : 'second-table.several'], { row, count: rows }),
    cell: originOf(layout).address(Number(found.columns) - 1, row),
    row,
  });
}

/** Reports where a wider table below ends the data, if unexpected columns are allowed. */
export function sayWiderTable({ layout, tableFindings }: SourceEnv, row: number): void {
  tableFindings.push({
    name: 'second-table wider',
    severity: 'warning',
    field: null,
    ...fileWords(MESSAGES['second-table.wider'], { row }),
    cell: originOf(layout).address(0, row),
    row,
  });
}

import { literal } from '../warehouse/sql.ts';
import { ROW_BIT } from './bits.ts';
import { trimmed, unescaped } from './clean-sql.ts';
import type { RawScan } from './raw-scan.ts';

/** How rows that are no data are told from those that are. */
export interface RowRules {
  /** From the first row on whose first filled cell matches, nothing is data. */
  readonly footer: string | null;
  /** Single rows whose first filled cell matches are none. */
  readonly skip: string | null;
  /** The rows of the header, by column: a row that says the same again is none either. */
  readonly headers: readonly (readonly string[])[];
}

/** Every row that is not blank is data. */
export const ALL_DATA: RowRules = { footer: null, skip: null, headers: [] };

/** A record's own bits (ROW_BIT) as SQL over the scan. */
export function rowBits(scan: RawScan, rules: RowRules): string {
  const cells = Array.from({ length: scan.width }, (_, i) => `c${i}`);
  const text = (cell: string) => trimmed(scan.escaped ? unescaped(cell) : cell);
  const hasMore =
    scan.form === 'lines' ? `c${scan.width} IS NOT NULL AND c${scan.width} <> ''` : `_n > ${scan.width}`;
  // A chain of WHENs stops at the first filled cell, which most often is the first of all; trimming costs more.
  const plain = cells.map((cell) => `WHEN ${cell} >= '!' AND ${cell} < chr(127) THEN 0`);
  const other = cells.map((cell) => `WHEN ${text(cell)} <> '' THEN 0`);
  const blank = `CASE ${[...plain, ...other].join(' ')} WHEN ${hasMore} THEN 0 ELSE ${ROW_BIT.blank} END`;
  const ragged =
    scan.form === 'lines'
      ? `CASE WHEN c${scan.width} IS NOT NULL THEN ${ROW_BIT.extraCell} WHEN c${scan.width - 1} IS NULL THEN ${ROW_BIT.missingCell} ELSE 0 END`
      : `CASE WHEN _n > ${scan.width} THEN ${ROW_BIT.extraCell} WHEN _n < ${scan.width} THEN ${ROW_BIT.missingCell} ELSE 0 END`;
  const first = `coalesce(${cells.map((cell) => `nullif(${text(cell)}, '')`).join(', ')}, '')`;
  const matching = (pattern: string | null, bit: number) =>
    pattern === null
      ? []
      : [`(CASE WHEN regexp_matches(${first}, ${literal(pattern)}) THEN ${bit} ELSE 0 END)`];
  const parts = [
    `(${blank})`,
    `(${ragged})`,
    ...matching(rules.footer, ROW_BIT.footer),
    ...matching(rules.skip, ROW_BIT.skipped),
    ...headerAgain(scan, rules.headers, text),
  ];
  return `(${parts.join(' + ')})::UTINYINT`;
}

/** A header of one column alone is too little to know it by: a row of data may well say the same. */
const FEWEST_HEADERS = 2;

function headerAgain(
  scan: RawScan,
  headers: RowRules['headers'],
  text: (cell: string) => string,
): readonly string[] {
  const rows = headers.flatMap((labels) => {
    const cells = Array.from({ length: scan.width }, (_, i) => ({
      cell: `c${i}`,
      label: labels[i]?.trim() ?? '',
    }));
    const filled = cells.filter(({ label }) => label !== '');
    const [first] = filled;
    if (first === undefined || filled.length < FEWEST_HEADERS) return [];
    // The cheap look comes first: trimming ten cells of a million rows costs more than all the rest.
    const quick = `contains(${first.cell}, ${literal(first.label.split(/[\n\r\x1b\x1f]/)[0] ?? '')})`;
    const all = [...filled, ...cells.filter(({ label }) => label === '')];
    const same = all.map(({ cell, label }) => `${text(cell)} = ${literal(label)}`).join(' AND ');
    return [`WHEN ${quick} AND ${same} THEN ${ROW_BIT.header}`];
  });
  return rows.length === 0 ? [] : [`(CASE ${rows.join(' ')} ELSE 0 END)`];
}

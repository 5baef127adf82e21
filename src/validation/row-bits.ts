import { literal } from '../sql/sql.ts';
import { trimmed } from '../types/trimmed.ts';
import { ROW_BIT } from './bits.ts';
import { unescaped } from './clean-sql.ts';
import type { HeaderTexts } from './header-rows.ts';
import type { RawScan } from './raw-scan.ts';

/** How rows that are not data are recognised. */
export interface RowRules {
  /** From the first row on whose first filled cell matches, nothing is data. */
  readonly footer: string | null;
  /** Single rows whose first filled cell matches are not data. */
  readonly skip: string | null;
  /** Rows of a header: a row of data that repeats one of them is not data either. */
  readonly headers: readonly HeaderTexts[];
  /** Values to the right of the last header are ignored; a row without other values is blank. */
  readonly beside: boolean;
  /** Numbers of rows that are totals according to a workbook's table; only where rows are numbered. */
  readonly totals: readonly number[];
}

/** Every row that is not blank is data. */
export const ALL_DATA: RowRules = { footer: null, skip: null, headers: [], beside: false, totals: [] };

/** A record's own bits (ROW_BIT) as SQL over the scan. */
export function rowBits(scan: RawScan, rules: RowRules): string {
  const hasMore =
    scan.form === 'lines'
      ? `c${scan.width} IS NOT NULL AND c${scan.width} <> ''`
      : hasMoreCells(scan.width, rules);
  const ragged =
    scan.form === 'lines'
      ? `CASE WHEN c${scan.width} IS NOT NULL THEN ${ROW_BIT.extraCell} WHEN c${scan.width - 1} IS NULL THEN ${ROW_BIT.missingCell} ELSE 0 END`
      : raggedBits(scan.width, rules);
  const again = headersOf(rules).map((labels) => saysHeader(scan, labels));
  const parts = [
    `(CASE ${whenFilled(scan, '0')} WHEN ${hasMore} THEN 0 ELSE ${ROW_BIT.blank} END)`,
    `(${ragged})`,
    ...(scan.form === 'lines' ? [] : totalsBits(rules)),
    ...firstTextBits(firstText(scan), rules),
    ...(again.length === 0 ? [] : [`(CASE WHEN ${again.join(' OR ')} THEN ${ROW_BIT.header} ELSE 0 END)`]),
  ];
  return `(${parts.join(' + ')})::USMALLINT`;
}

/** True where any cell holds text. */
export function isFilled(scan: RawScan): string {
  return `(CASE ${whenFilled(scan, 'true')} ELSE false END)`;
}

/** A chain of WHENs stops at the first filled cell, which is usually the first of all; trimming costs more. */
function whenFilled(scan: RawScan, answer: string): string {
  const cells = cellsOf(scan);
  const plain = cells.map((cell) => `WHEN ${cell} >= '!' AND ${cell} < chr(127) THEN ${answer}`);
  const other = cells.map((cell) => `WHEN ${textOf(scan, cell)} <> '' THEN ${answer}`);
  return [...plain, ...other].join(' ');
}

/** For a canonical record: there is text, even if it is not in the columns. */
export function hasMoreCells(width: number, { beside }: RowRules): string {
  return beside ? '(_n = 0)' : `(_n > ${width} OR _n = 0)`;
}

/** For a canonical record, which has its number of cells. */
export function raggedBits(width: number, { beside }: RowRules): string {
  const more = beside ? ROW_BIT.beside : ROW_BIT.extraCell;
  return `CASE WHEN _n = 0 THEN ${ROW_BIT.unsureCells} WHEN _n > ${width} THEN ${more} WHEN _n < ${width} THEN ${ROW_BIT.missingCell} ELSE 0 END`;
}

/** For a canonical record, which has its row number. */
export function totalsBits({ totals }: RowRules): string[] {
  return totals.length === 0
    ? []
    : [`(CASE WHEN _row IN (${totals.join(', ')}) THEN ${ROW_BIT.totals} ELSE 0 END)`];
}

/** Text of the first cell that holds any; null where none does. */
export function firstText(scan: RawScan): string {
  return `coalesce(${cellsOf(scan)
    .map((cell) => `nullif(${textOf(scan, cell)}, '')`)
    .join(', ')})`;
}

/** What the text of a record's first filled cell says about the record. */
export function firstTextBits(first: string, { footer, skip }: RowRules): string[] {
  const matching = (pattern: string | null, bit: number) =>
    pattern === null
      ? []
      : [`(CASE WHEN regexp_matches(coalesce(${first}, ''), ${literal(pattern)}) THEN ${bit} ELSE 0 END)`];
  return [...matching(footer, ROW_BIT.footer), ...matching(skip, ROW_BIT.skipped)];
}

/** A header of one column is not enough to recognise it: a row of data may hold the same text. */
const FEWEST_HEADERS = 2;

/** The headers that a row may repeat. */
export function headersOf({ headers }: RowRules): readonly HeaderTexts[] {
  return headers.filter((columns) => columns.filter((texts) => texts.length > 0).length >= FEWEST_HEADERS);
}

/** True where each cell of the scan holds one of its texts; a cell past the last column is blank. */
export function saysHeader(scan: RawScan, columns: HeaderTexts): string {
  const cells = cellsOf(scan).map((cell, i) => ({ cell, texts: columns[i] ?? [] }));
  const filled = cells.filter(({ texts }) => texts.length > 0);
  const [fewest] = [...filled].sort((a, b) => a.texts.length - b.texts.length);
  // The cheap test comes first: trimming ten cells of a million rows costs more than everything else.
  const holds = (cell: string, text: string) =>
    `contains(${cell}, ${literal(text.split(/[\n\r\x1b\x1f]/)[0] ?? '')})`;
  const quick =
    fewest === undefined ? [] : [`(${fewest.texts.map((text) => holds(fewest.cell, text)).join(' OR ')})`];
  const all = [...filled, ...cells.filter(({ texts }) => texts.length === 0)];
  const same = all.map(({ cell, texts }) =>
    texts.length === 0
      ? `${textOf(scan, cell)} = ''`
      : `${textOf(scan, cell)} IN (${texts.map((text) => literal(text)).join(', ')})`,
  );
  return `(CASE WHEN ${[...quick, ...same].join(' AND ')} THEN true ELSE false END)`;
}

function cellsOf(scan: RawScan): string[] {
  return Array.from({ length: scan.width }, (_, i) => `c${i}`);
}

function textOf(scan: RawScan, cell: string): string {
  return trimmed(scan.escaped ? unescaped(cell) : cell);
}

import { type Dataset, fileSource } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { Finding } from '../domain/finding.ts';
import { shownText } from '../domain/shown-text.ts';
import type { RawRow, SheetInfo, Source } from '../readers/reader.ts';
import { aboveFooter } from './above-footer.ts';
import { findHeader, HEADER_ROWS, searchDepth } from './find-header.ts';
import { type HeaderPlace, headerFindings, headerMessage } from './header-findings.ts';
import { columnsOf, labelKey } from './label.ts';
import type { HeaderMatch } from './match-header.ts';

/** Rows after the header that the gate looks at. */
const SAMPLE_ROWS = 30;

export interface ColumnMapping {
  /** 0-based column of the sheet. */
  readonly column: number;
  /** The header as the file has it. */
  readonly label: string;
  /** Field or slice name; null: a column that is not read (unexpected and allowed, or blank). */
  readonly field: string | null;
}

/** Where a dataset's table is in a file. */
export interface Located {
  /** Null where the configured sheet is not there, or no sheet is visible. */
  readonly sheet: SheetInfo | null;
  /** The last row of the header, as in RawRow.row; null where none was found. 0: the format has no header row of its own. */
  readonly headerRow: number | null;
  /** The rows of the header by column, as written; empty where the format has none of its own. */
  readonly headerTexts: readonly (readonly string[])[];
  /** Columns to read: up to the last header (for text files, as many as the header row has cells). */
  readonly width: number;
  readonly mapping: readonly ColumnMapping[];
  readonly headersFound: readonly string[];
  readonly findings: readonly Finding[];
  /** One message for all errors among the findings; null where there are none. */
  readonly message: string | null;
  /** There are rows with text below the header. */
  readonly hasDataRows: boolean;
}

/**
 * Finds sheet and header row, and which column of the sheet is which field. Problems of headers and sheets are findings
 * (`missing-label`, `extra-label`, `duplicate-label`, `blank-label`, `incorrect-label`, `unknown-sheet`); the reader
 * throws what makes the file unreadable.
 */
export async function locateTable(source: Source, dataset: Dataset, file: string): Promise<Located> {
  const sheets = await source.sheets();
  const candidates = sheetsToSearch(dataset, sheets);
  if (typeof candidates === 'string') {
    const fix = 'Name the sheet as agreed, or have the configuration changed.';
    const about = { code: 'unknown-sheet', field: null, message: candidates, fix };
    return nothingFound(dataset, file, [about], candidates);
  }
  let best: { sheet: SheetInfo; match: HeaderMatch; rows: readonly RawRow[] } | null = null;
  for (const sheet of candidates) {
    const rows = await source.head(sheet, searchDepth(dataset) + SAMPLE_ROWS);
    const match = findHeader(dataset, rows, source.format);
    if (match === null) continue;
    if (
      best === null ||
      (match.isTable && !best.match.isTable) ||
      (!best.match.isTable && match.likelihood > best.match.likelihood)
    ) {
      best = { sheet, match, rows };
    }
    if (match.isTable) break;
  }
  if (best === null || (best.match.likelihood === 0 && fileSource(dataset).headerRow === 'auto')) {
    const message = noHeaderMessage(dataset, candidates, best?.match ?? null);
    return nothingFound(dataset, file, allMissing(dataset), message, best?.sheet);
  }
  const located = describe(source, dataset, file, best);
  if (!best.match.isTable || fileSource(dataset).sheet !== null) return located;
  const later = candidates.slice(candidates.indexOf(best.sheet) + 1);
  const others = await sheetsLikeIt(source, dataset, later);
  const missing = sheets.filter((sheet) => sheet.visible && sheet.missing);
  return {
    ...located,
    findings: [
      ...located.findings,
      ...others.map((sheet) => notRead(dataset, file, best, sheet)),
      ...missing.map((sheet) => notRead(dataset, file, best, sheet)),
    ],
  };
}

/** Further sheets that have the dataset's headers above rows: probably they were meant to be read too. */
async function sheetsLikeIt(
  source: Source,
  dataset: Dataset,
  sheets: readonly SheetInfo[],
): Promise<readonly SheetInfo[]> {
  const like: SheetInfo[] = [];
  for (const sheet of sheets) {
    const rows = await source.head(sheet, searchDepth(dataset) + 1);
    const match = findHeader(dataset, rows, source.format);
    if (match?.isTable && rows.some(({ row }) => row > match.block.row)) like.push(sheet);
  }
  return like;
}

function notRead(
  dataset: Dataset,
  file: string,
  best: { readonly sheet: SheetInfo },
  other: SheetInfo,
): Finding {
  const read = shownText(best.sheet.name ?? '');
  return {
    code: 'sheet-not-read',
    severity: 'warning',
    dataset: dataset.name,
    file,
    sheet: other.name,
    cell: null,
    row: null,
    field: null,
    value: null,
    message: other.missing
      ? `The workbook is damaged: it lacks the cells of the sheet '${shownText(other.name ?? '')}'. '${read}' is read.`
      : `The sheet '${shownText(other.name ?? '')}' has the same headers and rows, and only '${read}' is read.`,
    fix: other.missing
      ? 'Save the workbook again, or name the sheet that counts in source.sheet.'
      : 'Put all rows on one sheet, or name the sheet that counts in source.sheet.',
  };
}

/** The sheets that may hold the table, in order; a sentence where the configured one is not there. */
function sheetsToSearch(dataset: Dataset, sheets: readonly SheetInfo[]): readonly SheetInfo[] | string {
  const wanted = fileSource(dataset).sheet;
  const names = sheets.map((sheet) => sheet.name ?? '');
  if (sheets.every((sheet) => sheet.name === null)) return sheets;
  if (wanted === null) {
    const visible = sheets.filter((sheet) => sheet.visible && !sheet.missing);
    return visible.length > 0
      ? visible
      : 'Every sheet of the workbook is hidden; unhide the one that counts.';
  }
  const found =
    typeof wanted === 'number'
      ? sheets.filter((sheet) => sheet.index === wanted)
      : [
          ...sheets.filter((sheet) => sheet.name === wanted),
          ...sheets.filter((sheet) => labelKey(sheet.name ?? '', 'loose') === labelKey(wanted, 'loose')),
          ...sheets.filter((sheet) => /^\d+$/.test(wanted) && sheet.index === Number(wanted)),
        ];
  if (found[0]) return [found[0]];
  const which = typeof wanted === 'number' ? `number ${wanted}` : `'${wanted}'`;
  const meant = typeof wanted === 'number' ? null : didYouMean(wanted, names);
  const list = names.map((name) => `'${shownText(name)}'`).join(', ');
  return `The workbook has no sheet ${which}. Its sheets are: ${list}.${meant === null ? '' : ` Is it '${shownText(meant)}'?`}`;
}

function noHeaderMessage(dataset: Dataset, sheets: readonly SheetInfo[], best: HeaderMatch | null): string {
  const wanted = dataset.fields
    .slice(0, 8)
    .map((field) => `'${field.title ?? field.name}'`)
    .join(', ');
  const more = dataset.fields.length > 8 ? ', …' : '';
  if (fileSource(dataset).headerRow !== 'auto') {
    return `Row ${fileSource(dataset).headerRow} should hold the headers, and it is empty. Expected: ${wanted}${more}.`;
  }
  if (best === null) return `The file has no rows; the headers are missing: ${wanted}${more}.`;
  const found = best.labels.flatMap(({ label }) => (label.trim() === '' ? [] : [`'${shownText(label)}'`]));
  const where = sheets.length > 1 ? `any of its ${sheets.length} visible sheets` : 'it';
  return (
    `None of the expected headers is in the first ${HEADER_ROWS} rows of ${where}. Missing: ${wanted}${more}. ` +
    `The first row with text has: ${found.slice(0, 8).join(', ')}${found.length > 8 ? ', …' : ''}.`
  );
}

function nothingFound(
  dataset: Dataset,
  file: string,
  about: readonly Pick<Finding, 'code' | 'field' | 'message' | 'fix'>[],
  message: string,
  sheet: SheetInfo | null = null,
): Located {
  const place = {
    dataset: dataset.name,
    file,
    sheet: sheet?.name ?? null,
    cell: null,
    row: null,
    value: null,
  };
  return {
    sheet,
    headerRow: null,
    headerTexts: [],
    width: 0,
    mapping: [],
    headersFound: [],
    findings: about.map((one) => ({ ...place, severity: 'error', ...one })),
    message,
    hasDataRows: false,
  };
}

function allMissing(dataset: Dataset): Pick<Finding, 'code' | 'field' | 'message' | 'fix'>[] {
  return columnsOf(dataset)
    .filter((column) => !column.optional)
    .map((column) => ({
      code: 'missing-label',
      field: column.name,
      message: `The column '${column.shown}' is missing.`,
      fix: `Add a column with the header '${column.shown}'.`,
    }));
}

function describe(
  source: Source,
  dataset: Dataset,
  file: string,
  found: { sheet: SheetInfo; match: HeaderMatch; rows: readonly RawRow[] },
): Located {
  const { sheet, match } = found;
  const sample = found.rows.filter((row) => row.row > match.block.row);
  const place: HeaderPlace = {
    dataset,
    file,
    sheet: sheet.name,
    format: source.format,
    sample: aboveFooter(sample, fileSource(dataset).footer),
  };
  const findings = headerFindings(place, match);
  const named = match.labels.findLastIndex(({ label }) => label.trim() !== '') + 1;
  const width = source.format === 'xlsx' ? named : match.labels.length;
  return {
    sheet,
    headerRow: match.block.row,
    headerTexts: source.format === 'jsonl' ? [] : match.block.texts,
    width,
    mapping: match.labels
      .slice(0, width)
      .map(({ label, column }, i) => ({ column: i, label, field: column?.name ?? null })),
    headersFound: match.labels.slice(0, width).map(({ label }) => label),
    findings,
    message: findings.some((one) => one.severity === 'error') ? headerMessage(place, match, findings) : null,
    hasDataRows: sample.length > 0,
  };
}

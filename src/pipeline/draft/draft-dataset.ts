import type { FieldAsWritten } from '../../config/schema.ts';
import { counted } from '../../domain/count.ts';
import type { PeriodKind } from '../../domain/period.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { SheetInfo, Source } from '../../readers/reader.ts';
import type { ColumnSample } from './column-sample.ts';
import { findKey } from './find-key.ts';
import { findTable, type TablePlace } from './find-table.ts';
import { namesIdentifier } from './identifier-name.ts';
import { type FieldDraft, inferField } from './infer-field.ts';
import { decimalCharOf } from './infer-number.ts';
import { type LeftOut, unnamedWithin, withoutErrors } from './left-out.ts';
import { type NamePattern, readNamePattern } from './name-pattern.ts';
import { readTable, type TableSample } from './read-table.ts';
import { fieldNames } from './snake-case.ts';

/** A dataset as one delivery suggests it. */
export interface DatasetDraft {
  readonly name: string;
  readonly file: string;
  readonly periodKind: PeriodKind;
  /** The period of the file itself, as its name writes it; null without one. */
  readonly periodText: string | null;
  readonly source: {
    readonly filename: string;
    readonly sheet: string | null;
    /** Row of the header, where it is not found without being told. */
    readonly headerRow: number | null;
    /** How many rows it has, where these are several. */
    readonly headerRows: number | null;
    readonly footer: string | null;
    readonly skip: string | null;
    readonly delimiter: string | null;
  };
  /** Doubts about one of these, by its name in the configuration. */
  readonly sourceNotes: ReadonlyMap<string, string>;
  readonly fields: readonly FieldDraft[];
  /** Columns of the file that are no fields, in its order. */
  readonly leftOut: readonly LeftOut[];
  readonly primaryKey: readonly string[];
  readonly missingValues: readonly string[] | null;
  readonly rows: number;
  /** Columns with few different values, by which people would want figures. */
  readonly dimension: string | null;
  readonly measures: readonly FieldAsWritten[];
  /** What the engineer should look at, in sentences. */
  readonly notes: readonly string[];
}

/** A header below this row has to be told. */
const HEADER_ROWS = 20;
/** Rows from which 'never blank' says something of the next delivery too. */
const ENOUGH_ROWS = 20;
const MOST_GROUPS = 60;

/**
 * Drafts a dataset from one delivery: nothing is guessed that the file does not show, and every doubt becomes a note.
 * Throws `file-unreadable` where no table can be found, `usage` where the name does not hold what was asked for.
 */
export async function draftDataset(
  source: Source,
  file: string,
  asked: {
    readonly dataset: string | null;
    readonly period: PeriodKind | null;
    readonly sheet: SheetInfo | null;
    readonly headerRow: number | null;
  },
): Promise<DatasetDraft> {
  const name = readNamePattern(file, asked.period);
  if (name === null) {
    throw new TidemarkError('usage', {
      message: `The name '${file}' holds no ${asked.period} that can be read.`,
      hint: `Name the file like ${example(asked.period)}, or leave --period out.`,
    });
  }
  const place = await findTable(source, asked);
  if (place === null) {
    throw new TidemarkError('file-unreadable', {
      message:
        asked.headerRow === null
          ? `No table was found in '${file}': a row of headers with rows of data under it.`
          : `Row ${asked.headerRow} of '${file}' is blank, or no row follows it.`,
      hint: `Look at what the reader sees: tidemark peek ${file}`,
      where: { file },
    });
  }
  const table = await readTable(source, place);
  const month = name.periodKind === 'month' ? monthOf(name.periodText) : null;
  return assemble(source, file, name, asked, place, table, month);
}

function assemble(
  source: Source,
  file: string,
  name: NamePattern,
  asked: Parameters<typeof draftDataset>[2],
  place: TablePlace,
  whole: TableSample,
  month: string | null,
): DatasetDraft {
  const { table, leftOut } = withoutErrors(whole);
  const unnamed = unnamedWithin(table, headerWidth(source, place));
  const names = fieldNames(table.columns.map((column) => column.header));
  const asTexts = table.columns.map(({ values }) =>
    [...values.keys()].filter((text) => values.get(text) === 's'),
  );
  const hints = { month, decimalChar: decimalCharOf(asTexts) };
  const drafts = table.columns.map((column, i) => inferField(names[i] as string, column, hints));
  const key = findKey(
    table.columns,
    drafts.map((draft) => draft.written),
    table.kept,
  );
  const missing = missingValues(table.columns, drafts);
  const fields = drafts.map((draft, i) =>
    required(draft, table.columns[i] as ColumnSample, key, table.rows, missing),
  );
  const { delimiter = null, rival = null } = source.dialect ?? {};
  return {
    name: asked.dataset ?? name.dataset,
    file,
    periodKind: name.periodKind,
    periodText: name.periodText,
    source: {
      filename: name.pattern,
      sheet: isSheetSaid(place, asked.sheet) ? place.sheet.name : null,
      headerRow:
        asked.headerRow !== null || place.header.firstRow > HEADER_ROWS ? place.header.firstRow : null,
      headerRows: place.header.texts.length > 1 ? place.header.texts.length : null,
      footer: table.notData.footer,
      skip: table.notData.skip,
      // A file of one column shows no delimiter, and a pattern that takes workbooks too leaves it to each file.
      delimiter: delimiter === null || (delimiter === ',' && rival === null) ? null : delimiter,
    },
    sourceNotes: sourceNotes(place, rival),
    fields,
    leftOut: [...leftOut, ...unnamed].sort((a, b) => a.column - b.column),
    primaryKey: key,
    missingValues: missing.everywhere,
    rows: table.rows,
    dimension: dimensionOf(table, fields, key),
    measures: fields.map((field) => field.written).filter((field) => isMeasure(field, key)),
    notes: notesOf(name, place, table, { passing: unnamed.length, sheet: asked.sheet }),
  };
}

/** A name with a year is another one next time, unless somebody asked for it. */
function isSheetSaid({ sheet, otherSheets }: TablePlace, asked: SheetInfo | null): boolean {
  return asked !== null || (otherSheets.length > 0 && !/\d{4}/.test(sheet.name ?? ''));
}

function sourceNotes(place: TablePlace, rival: string | null): ReadonlyMap<string, string> {
  const notes = new Map([
    ['footer', 'check: rows from here on are not data'],
    ['skip', 'check: such rows are left out wherever they are'],
  ]);
  if (rival !== null) {
    const other = rival === '\t' ? 'the tab' : `"${rival}"`;
    notes.set('delimiter', `check: ${other} divides the rows as evenly`);
  }
  if (place.sheetsLikeIt.length > 0) {
    const others = place.sheetsLikeIt.map((name) => `'${name}'`).join(', ');
    notes.set('sheet', `check: ${others} will not be read`);
  }
  return notes;
}

interface MissingValues {
  /** For the whole dataset; null where each field says its own. */
  readonly everywhere: readonly string[] | null;
}

/** `N/A` in a column of numbers is no value; in a column of texts it may be one (NA is Namibia), so it is left alone. */
function missingValues(columns: readonly ColumnSample[], drafts: readonly FieldDraft[]): MissingValues {
  const inTyped = new Set<string>();
  const inTexts = new Set<string>();
  for (const [i, column] of columns.entries()) {
    const target = drafts[i]?.written.type === 'string' && column.filled > 0 ? inTexts : inTyped;
    // No text is ever #N/A by itself: it is what a look-up that found nothing leaves.
    for (const text of column.noValues.keys()) (text === '#N/A' ? inTyped : target).add(text);
  }
  if (inTyped.size === 0) return { everywhere: [] };
  return { everywhere: [...inTyped].some((text) => inTexts.has(text)) ? null : ['', ...[...inTyped].sort()] };
}

function required(
  draft: FieldDraft,
  column: ColumnSample,
  key: readonly string[],
  rows: number,
  missing: MissingValues,
): FieldDraft {
  const { written } = draft;
  const own =
    missing.everywhere === null
      ? [...column.noValues.keys()].filter((text) => written.type !== 'string' || text === '#N/A').sort()
      : [];
  const values = own.length > 0 ? { missingValues: ['', ...own] } : {};
  // What is never blank this month may be blank the next; what identifies something should not be.
  const full = column.blanks === 0 && column.noValues.size === 0 && rows > 0;
  const sure = key.includes(written.name) || rows >= ENOUGH_ROWS;
  const constraints =
    full && sure && namesIdentifier(column.header) ? { constraints: { required: true } } : {};
  return { ...draft, written: { ...written, ...values, ...constraints } };
}

function dimensionOf(
  table: TableSample,
  fields: readonly FieldDraft[],
  key: readonly string[],
): string | null {
  const found = table.columns.findIndex((column, i) => {
    const field = fields[i]?.written;
    const groups = column.values.size;
    const alone = key.length === 1 && key[0] === field?.name;
    return (
      field?.type === 'string' &&
      !alone &&
      column.blanks === 0 &&
      column.noValues.size === 0 &&
      groups >= 2 &&
      groups <= MOST_GROUPS &&
      groups <= table.rows / 2
    );
  });
  return fields[found]?.written.name ?? null;
}

function isMeasure(field: FieldAsWritten, key: readonly string[]): boolean {
  const names = namesIdentifier(field.title ?? field.name) || /(^|_)(phone|fax|mobile)(_|$)/.test(field.name);
  return (field.type === 'integer' || field.type === 'number') && !key.includes(field.name) && !names;
}

/** Columns that the gate reads: of a workbook up to the last header, of a text file all cells of the header's row. */
function headerWidth(source: Source, { header }: TablePlace): number {
  if (source.format !== 'xlsx') return header.cells.length;
  return header.cells.findLastIndex(({ label }) => label.trim() !== '') + 1;
}

function notesOf(
  name: NamePattern,
  place: TablePlace,
  table: TableSample,
  { passing, sheet }: { readonly passing: number; readonly sheet: SheetInfo | null },
): string[] {
  const notes = name.note === null ? [] : [name.note];
  if (sheet === null && place.otherSheets.length > 0) notes.push(chosenSheet(place));
  if (table.rows === 0) notes.push('The file has headers and no rows, so every type is a guess.');
  const refused = table.unnamed.length - passing;
  if (refused > 0) {
    const columns = counted(refused, 'column past the last header has', 'columns past the last header have');
    notes.push(`${columns} a value; the gate refuses such a file.`);
  }
  if (table.kept.length < table.rows)
    notes.push(`The key was looked for in the first ${counted(table.kept.length, 'row')}.`);
  const labels = table.columns.map((column) => column.header.toLowerCase());
  const doubled = labels.filter((label, i) => labels.indexOf(label) !== i);
  if (doubled.length > 0)
    notes.push(`A header is there twice (${doubled.join(', ')}); the gate refuses such a file.`);
  if (place.sheetsLikeIt.length > 0)
    notes.push(
      `The same headers are on ${counted(place.sheetsLikeIt.length, 'more sheet')}, which will not be read.`,
    );
  notes.push(...table.notData.doubts);
  if (table.repeatedHeaders > 0)
    notes.push(`The header is repeated in ${counted(table.repeatedHeaders, 'row')}, not counted as data.`);
  return notes;
}

function chosenSheet({ sheet, otherSheets }: TablePlace): string {
  const shown = otherSheets.slice(0, 3).map((name) => `'${name}'`);
  const more = otherSheets.length > 3 ? ` and ${otherSheets.length - 3} more` : '';
  return `The sheet '${sheet.name}' was chosen for its largest table, not ${shown.join(', ')}${more}; --sheet NAME takes another.`;
}

function monthOf(text: string | null): string | null {
  const digits = text?.replace(/\D/g, '') ?? '';
  return digits.length === 6 ? `${digits.slice(0, 4)}-${digits.slice(4)}` : null;
}

function example(kind: PeriodKind | null): string {
  return kind === 'quarter'
    ? 'sales_2025-Q2.xlsx'
    : kind === 'year'
      ? 'sales_2025.xlsx'
      : 'sales_2025-06.xlsx';
}

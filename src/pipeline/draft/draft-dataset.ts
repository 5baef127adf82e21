import type { FieldAsWritten } from '../../config/schema.ts';
import { type PeriodKind, parseFilePeriod } from '../../domain/period.ts';
import { command, option, type WriteWords, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { SheetInfo, Source } from '../../readers/reader.ts';
import { decimalCharOf } from '../../types/number/infer-number.ts';
import { typeOf } from '../../types/registry.ts';
import type { ColumnSample } from './column-sample.ts';
import { type CheckDraft, draftChecks } from './draft-checks.ts';
import { notesOf } from './draft-notes.ts';
import { missingValues, withRules } from './field-rules.ts';
import { findKey } from './find-key.ts';
import { findTable, type TablePlace } from './find-table.ts';
import { namesIdentifier } from './identifier-name.ts';
import { type FieldDraft, inferField } from './infer-field.ts';
import { type LeftOut, unnamedWithin, withoutErrors } from './left-out.ts';
import { type NamePattern, readNamePattern } from './name-pattern.ts';
import { readTable, type TableSample } from './read-table.ts';
import { fieldNames } from './snake-case.ts';

/** A dataset as drafted from one delivery. */
export interface DatasetDraft {
  readonly name: string;
  readonly file: string;
  readonly periodKind: PeriodKind;
  /** The period of the file itself, as its name writes it; null without one. */
  readonly periodText: string | null;
  readonly source: {
    readonly filename: string;
    readonly sheet: string | null;
    /** Row of the header, where the gate would not find it without help. */
    readonly headerRow: number | null;
    /** The number of header rows, where there are several. */
    readonly headerRows: number | null;
    readonly footer: string | null;
    readonly skip: string | null;
    /** Null where the delivery is not a workbook. */
    readonly merged: 'fill' | 'keep' | 'refuse' | null;
    readonly delimiter: string | null;
  };
  /** Doubts about one of these, by its name in the configuration. */
  readonly sourceNotes: ReadonlyMap<string, string>;
  readonly fields: readonly FieldDraft[];
  /** Columns of the file that are not fields, in its order. */
  readonly leftOut: readonly LeftOut[];
  readonly primaryKey: readonly string[];
  readonly missingValues: readonly string[] | null;
  readonly checks: readonly CheckDraft[];
  readonly rows: number;
  /** Columns with few different values, by which people would want figures. */
  readonly dimension: string | null;
  readonly measures: readonly FieldAsWritten[];
  /** Notes for the engineer, as sentences. */
  readonly notes: readonly string[];
}

/** A header below this row must be given in the configuration. */
const HEADER_ROWS = 20;
const MOST_GROUPS = 60;

/**
 * Drafts a dataset from one delivery. It guesses only what the file shows, and every doubt becomes a note. Throws
 * `file-unreadable` where no table can be found, `usage` where the name does not contain what was asked for.
 */
export async function draftDataset(
  source: Source,
  file: string,
  asked: {
    readonly dataset: string | null;
    readonly period: PeriodKind | null;
    readonly sheet: SheetInfo | null;
    readonly headerRow: number | null;
    /** How commands are written in notes, which become comments of the draft. */
    readonly write: WriteWords;
  },
): Promise<DatasetDraft> {
  const name = readNamePattern(file, asked.period);
  if (name === null) {
    throw new TidemarkError('usage', {
      message: `The name '${file}' holds no ${asked.period} that can be read.`,
      hint: words`Name the file like ${example(asked.period)}, or leave ${option('period')} out.`,
    });
  }
  const place = await findTable(source, asked);
  if (place === null) {
    throw new TidemarkError('file-unreadable', {
      message:
        asked.headerRow === null
          ? `No table was found in '${file}': a row of headers with rows of data under it.`
          : `Row ${asked.headerRow} of '${file}' is blank, or no row follows it.`,
      hint: words`Look at what the reader sees: ${command('peek', {}, file)}`,
      where: { file },
    });
  }
  const table = await readTable(source, place);
  return assemble(source, file, name, asked, place, table);
}

function assemble(
  source: Source,
  file: string,
  name: NamePattern,
  asked: Parameters<typeof draftDataset>[2],
  place: TablePlace,
  whole: TableSample,
): DatasetDraft {
  const { table, leftOut } = withoutErrors(whole);
  const unnamed = unnamedWithin(table, headerWidth(source, place));
  const names = fieldNames(table.columns.map((column) => column.header));
  const asTexts = table.columns.map(({ values }) =>
    [...values.keys()].filter((text) => values.get(text) === 's'),
  );
  const period = name.periodText === null ? null : parseFilePeriod(name.periodKind, name.periodText);
  const hints = { month: period?.kind === 'month' ? period.text : null, decimalChar: decimalCharOf(asTexts) };
  const drafts = table.columns.map((column, i) => inferField(names[i] as string, column, hints));
  const key = findKey(
    table.columns,
    drafts.map((draft) => draft.written),
    table.kept,
  );
  const missing = missingValues(table.columns, drafts);
  const fields = drafts.map((draft, i) =>
    withRules(draft, table.columns[i] as ColumnSample, key, table.rows, missing),
  );
  const guards = draftChecks(
    table.columns,
    fields.map((field) => field.written),
    table.rows,
    { file, period },
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
      merged: name.pattern.includes('xlsx') ? table.merged.rule : null,
      // A file of one column does not show a delimiter, and where the pattern allows workbooks too, the delimiter is
      // detected in each file.
      delimiter: delimiter === null || (delimiter === ',' && rival === null) ? null : delimiter,
    },
    sourceNotes: sourceNotes(place, rival, table),
    fields,
    leftOut: [...leftOut, ...unnamed].sort((a, b) => a.column - b.column),
    primaryKey: key,
    missingValues: missing.everywhere,
    checks: guards.checks,
    rows: table.rows,
    dimension: dimensionOf(table, fields, key),
    measures: fields.map((field) => field.written).filter((field) => isMeasure(field, key)),
    notes: [
      ...notesOf(name, place, table, { passing: unnamed.length, sheet: asked.sheet, write: asked.write }),
      ...(name.note !== null && period === null ? [] : guards.doubts),
    ],
  };
}

/** A name with a year would change with the next file, unless somebody asked for this name. */
function isSheetSaid({ sheet, otherSheets }: TablePlace, asked: SheetInfo | null): boolean {
  return asked !== null || (otherSheets.length > 0 && !/\d{4}/.test(sheet.name ?? ''));
}

function sourceNotes(
  place: TablePlace,
  rival: string | null,
  { merged }: TableSample,
): ReadonlyMap<string, string> {
  const notes = new Map([
    ['footer', 'check: rows from here on are not data'],
    ['skip', 'check: such rows are left out wherever they are'],
    ['merged', merged.note],
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
      field !== undefined &&
      typeOf(field.type ?? 'string').cells.anyText &&
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
  const { measures } = typeOf(field.type ?? 'string').compare;
  return measures.includes('sum') && !key.includes(field.name) && !names;
}

/** Columns that the gate reads: in a workbook up to the last header, in a text file all cells of the header's row. */
function headerWidth(source: Source, { header }: TablePlace): number {
  if (source.format !== 'xlsx') return header.cells.length;
  return header.cells.findLastIndex(({ label }) => label.trim() !== '') + 1;
}

function example(kind: PeriodKind | null): string {
  return kind === 'quarter'
    ? 'sales_2025-Q2.xlsx'
    : kind === 'year'
      ? 'sales_2025.xlsx'
      : 'sales_2025-06.xlsx';
}

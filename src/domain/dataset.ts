import type { Check } from './check.ts';
import type { FilenamePattern } from './filename-pattern.ts';
import type { Severity } from './finding.ts';
import type { LocaleName } from './locale.ts';
import type { PeriodKind } from './period.ts';
import type { RecordPath } from './record-path.ts';
import type { Threshold } from './threshold.ts';

/** One cleaning operation, in the order they are applied. */
export type CleanStep =
  | 'trim'
  | 'collapse'
  | 'upper'
  | 'lower'
  | 'title'
  | 'unaccent'
  | 'digits'
  | { readonly map: ReadonlyMap<string, string> };

export interface Constraints {
  readonly required: boolean;
  readonly unique: boolean;
  /** A regular expression the whole text must match (RE2, run in the engine: it cannot hang). */
  readonly pattern: string | null;
  readonly enum: readonly string[] | null;
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
}

export type ConstraintName = keyof Constraints;

/** What happens to rows that break a constraint. */
export interface Strictness {
  readonly severity: Severity;
  /** The number of broken rows up to which they are kept, with warnings; null: no such number. */
  readonly maxFailures: Threshold | null;
}

export interface Field {
  readonly name: string;
  readonly title: string | null;
  readonly aliases: readonly string[];
  /** A name of the registry of types. */
  readonly type: string;
  /** Language of the names in formats; null: English. */
  readonly locale: LocaleName | null;
  /** strptime-like formats for date, datetime, time and yearmonth, tried in order; empty: ISO 8601. */
  readonly formats: readonly string[];
  readonly precision: number | null;
  readonly scale: number | null;
  readonly groupChar: string | null;
  readonly decimalChar: string;
  /** Numbers may carry other text such as a currency or percent sign (Frictionless bareNumber: false). */
  readonly bareNumber: boolean;
  /** (1,234.50) and 1,234.50- are negative. */
  readonly accounting: boolean;
  /** What 5% in text is: the number shown, or the fraction 0.05. Only with bareNumber: false. */
  readonly percent: 'number' | 'fraction';
  /** For a datetime whose text has an offset: utc converts it, null keeps the time as written. */
  readonly offset: 'utc' | null;
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
  readonly constraints: Constraints;
  /** By constraint; a broken constraint that is not listed rejects the row. */
  readonly rules: Partial<Readonly<Record<ConstraintName, Strictness>>>;
  readonly clean: readonly CleanStep[];
  readonly pii: boolean;
  /** Field's own missing values, else the dataset's. */
  readonly missingValues: readonly string[];
  readonly description: string | null;
  /** Where a record has the value; null: in the member of the field's name. */
  readonly path: RecordPath | null;
  /** The text that every record has here; null: it is read from the record. */
  readonly value: string | null;
  /** The text for a member that is absent or null; null: there is none. */
  readonly defaultText: string | null;
}

export interface ForeignKey {
  readonly fields: readonly string[];
  readonly dataset: string;
  readonly referenceFields: readonly string[];
}

/** Files that analysts deliver. */
export interface FileSource {
  readonly kind: 'file';
  readonly filename: FilenamePattern;
  /** Sheet by name or 1-based number; null: the first visible sheet with a matching header. */
  readonly sheet: string | number | null;
  /** The first row of the header. */
  readonly headerRow: 'auto' | number;
  /** Number of rows that form the header; auto: one, or as many as name all columns. */
  readonly headerRows: 'auto' | number;
  readonly footer: string | null;
  /** Single rows whose first filled cell matches this are not data. */
  readonly skip: string | null;
  /** What happens to merged cells among the data of a workbook. */
  readonly merged: 'fill' | 'keep' | 'refuse';
  readonly delimiter: 'auto' | string;
  /** Empty: nothing is quoted. */
  readonly quote: string;
  /** The character before a quote inside a quoted cell; null: the quote itself. */
  readonly escape: string | null;
  readonly encoding: 'auto' | 'utf-8' | 'utf-16' | 'windows-1252';
  /** Due on this day of the month after the period. */
  readonly dueByDay: number | null;
}

/** JSON records that scripts hand over. */
export interface RecordsSource {
  readonly kind: 'records';
  /** What happens where a record has members that no field reads. */
  readonly unknown: 'ignore' | 'warn' | 'refuse';
}

export type Strategy = 'upsert' | 'replace_period' | 'history';

export interface Guards {
  readonly max_removed: Threshold | null;
  readonly max_modified: Threshold | null;
  readonly max_added: Threshold | null;
  /** How many rows fewer than core a delivery may have. */
  readonly max_drop: Threshold | null;
  /** By column, how many rows may change in it; `*` stands for every column that is not listed. */
  readonly max_changed: ReadonlyMap<string, Threshold>;
  readonly min_rows: number | null;
}

/** A column of core that holds the surrogate key of another row. `fields` hold the natural key of that row. */
export interface CoreReference {
  readonly column: string;
  readonly fields: readonly string[];
  readonly dataset: string;
  readonly parentTable: string;
  /** The whole key of the row referred to, in the order of `fields`. */
  readonly parentFields: readonly string[];
  readonly parentIdentity: string;
}

export interface CoreRules {
  /** Name of the core table; the dataset's name by default. */
  readonly table: string;
  readonly key: readonly string[];
  readonly strategy: Strategy;
  readonly covers: 'all' | 'period' | null;
  readonly missing: 'keep' | 'close' | 'delete';
  /** Records only: what happens with one whose key core has. */
  readonly onDuplicate: 'skip' | 'update';
  readonly guards: Guards;
  /** Column of surrogate keys that never change; null: the rows get none. */
  readonly identity: string | null;
  readonly references: readonly CoreReference[];
  /** `staged`: new rows are not live until `go-live` makes them so. */
  readonly rollout: 'immediate' | 'staged';
  readonly review: 'optional' | 'required';
}

export interface Dataset {
  readonly name: string;
  readonly title: string;
  readonly owner: string | null;
  readonly description: string | null;
  readonly periodKind: PeriodKind;
  readonly source: FileSource | RecordsSource;
  readonly headers: {
    readonly match: 'loose' | 'exact';
    readonly extra: 'error' | 'warning' | 'ignore';
    readonly order: 'any' | 'same';
  };
  readonly fields: readonly Field[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly accept: {
    readonly maxRejected: Threshold;
    readonly empty: boolean;
    readonly sameBytes: boolean;
  };
  readonly core: CoreRules;
  /** Names captured from the file name, in pattern order; they become VARCHAR columns. */
  readonly sliceNames: readonly string[];
  readonly distributeBy: string | null;
}

/** Slice columns that are not also fields. */
export function sliceColumns(dataset: Dataset): readonly string[] {
  const fields = new Set(dataset.fields.map((field) => field.name));
  return dataset.sliceNames.filter((name) => !fields.has(name));
}

/** The columns of a cleaned row without those that Tidemark adds: the fields, then the slice columns. */
export function businessColumns(
  dataset: Dataset,
): readonly { readonly name: string; readonly field: Field | null }[] {
  return [
    ...dataset.fields.map((field) => ({ name: field.name, field })),
    ...sliceColumns(dataset).map((name) => ({ name, field: null })),
  ];
}

/** The rules for the files of a dataset that has files; throws a TypeError for one that takes records. */
export function fileSource({ name, source }: Pick<Dataset, 'name' | 'source'>): FileSource {
  if (source.kind !== 'file') throw new TypeError(`dataset '${name}' takes records, not files`);
  return source;
}

/** A dataset whose rows come from scripts, as JSON records. */
export type RecordsDataset = Dataset & { readonly source: RecordsSource };

export function isRecordsDataset(dataset: Dataset): dataset is RecordsDataset {
  return dataset.source.kind === 'records';
}

export function isFileDataset(dataset: Dataset): boolean {
  return dataset.source.kind === 'file';
}

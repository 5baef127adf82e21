import type { Field, RecordsDataset } from '../domain/dataset.ts';
import { showPath } from '../domain/record-path.ts';
import { MASK, shownValue } from '../domain/shown-value.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import { ABSENT, type JsonValue } from '../readers/records/json-value.ts';
import { compileMembers, type ReadRecord, readRecord } from '../readers/records/read-record.ts';
import type { StoredRecord } from './find-record.ts';
import { PersonalMembers } from './personal-members.ts';
import { pathOf } from './record-plan.ts';

/** One field of a record: what it reads, and where. */
export interface ShownField {
  readonly field: string;
  /** Where it reads; null: it is a constant. */
  readonly path: string | null;
  readonly from: 'record' | 'default' | 'constant';
  /** What the member is in the record. */
  readonly kind: JsonValue['kind'] | null;
  /** The text that the rules of the field get; null: none. */
  readonly text: string | null;
}

export interface ShownError {
  readonly attempt: number;
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
  readonly value: string | null;
}

export interface ShownRecord extends Omit<StoredRecord, 'raw_data' | 'validation_errors' | 'promoted_to'> {
  readonly dataset: string;
  /** Earlier attempts first. */
  readonly errors: readonly ShownError[];
  /** The row of core: its key, and its surrogate key where it has one; null: there is none. */
  readonly core: {
    readonly key: Readonly<Record<string, string | null>>;
    readonly identity: string | null;
  } | null;
  /** Why the record cannot be read; null: it can. */
  readonly unreadable: string | null;
  readonly fields: readonly ShownField[];
  /** Members that no field reads. */
  readonly unread: readonly string[];
  /** Members that occur twice. */
  readonly doubled: readonly string[];
  /** Null: it cannot be read, so that nobody knows what in it is personal. */
  readonly raw_data: string | null;
}

/** A record as people and programs see it; what is personal is masked, unless it may be seen. */
export function shownRecord(
  dataset: RecordsDataset,
  stored: StoredRecord,
  showPersonal: boolean,
): ShownRecord {
  const { raw_data, validation_errors, promoted_to, ...rest } = stored;
  const personal = new PersonalMembers(dataset);
  const hides = (field: Field) => !showPersonal && personal.has(field);
  const read = readOrWhy(dataset, raw_data);
  const isRead = typeof read !== 'string';
  return {
    ...{ dataset: dataset.name, ...rest },
    errors: JSON.parse(validation_errors ?? '[]').map((error: ShownError) =>
      showPersonal || !personal.hasNamed(error.field) ? error : maskedError(error),
    ),
    core: promoted_to === null ? null : coreRow(dataset, promoted_to, showPersonal),
    unreadable: isRead ? null : read,
    fields: isRead
      ? dataset.fields.map((field, i) => shownField(field, read.of[i] ?? ABSENT, hides(field)))
      : [],
    unread: isRead ? read.record.unread : [],
    doubled: isRead ? read.record.doubled : [],
    raw_data: showPersonal ? raw_data : personal.masked(raw_data),
  };
}

/** The record with a value for each field; or why it cannot be read. */
function readOrWhy(
  { fields }: RecordsDataset,
  text: string,
): { record: ReadRecord; of: JsonValue[] } | string {
  const paths = fields.map(pathOf);
  const known = paths.filter((path) => path !== null);
  try {
    const record = readRecord(text, compileMembers(known));
    let next = 0;
    const of = paths.map((path) => (path === null ? ABSENT : (record.values[next++] as JsonValue)));
    return { record, of };
  } catch (error) {
    if (error instanceof JsonFault) return error.message;
    throw error;
  }
}

function shownField(field: Field, { kind, text }: JsonValue, isHidden: boolean): ShownField {
  const path = pathOf(field);
  const isMissing = kind === 'absent' || kind === 'null';
  const given = field.value ?? (isMissing ? field.defaultText : text);
  return {
    field: field.name,
    path: path === null ? null : showPath(path),
    from: path === null ? 'constant' : isMissing && field.defaultText !== null ? 'default' : 'record',
    kind: path === null ? null : kind,
    text: given !== null && given !== '' && isHidden ? MASK : given,
  };
}

/** A message quotes the value, where there is one. It has one where the field was not personal when the record was judged. */
function maskedError(error: ShownError): ShownError {
  return error.value === null ? error : { ...error, message: MASK, value: MASK };
}

/** Read as it is written, so that no digit of a number is lost. */
function coreRow(dataset: RecordsDataset, text: string, showPersonal: boolean): ShownRecord['core'] {
  const { key, identity } = dataset.core;
  const paths = [...key, ...(identity === null ? [] : [identity])].map((name) => [name]);
  const { values } = readRecord(text, compileMembers(paths));
  const textAt = (i: number): string | null => {
    const value = values[i];
    return value === undefined || value.kind === 'absent' || value.kind === 'null' ? null : value.text;
  };
  const shown = (name: string, value: string | null) =>
    value === null || showPersonal ? value : shownValue(dataset, name, value);
  return {
    key: Object.fromEntries(key.map((name, i) => [name, shown(name, textAt(i))])),
    identity: textAt(key.length),
  };
}

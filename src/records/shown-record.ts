import type { Field, RecordsDataset } from '../domain/dataset.ts';
import { showPath } from '../domain/record-path.ts';
import { MASK, shownValue } from '../domain/shown-value.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import { ABSENT, type JsonValue } from '../readers/records/json-value.ts';
import { compileMembers, readRecord } from '../readers/records/read-record.ts';
import type { StoredRecord } from './find-record.ts';
import { PersonalMembers } from './personal-members.ts';
import { fieldReader, textOfField } from './read-fields.ts';
import { pathOf } from './record-plan.ts';
import { type ShownError, shownErrors } from './shown-errors.ts';

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
  /** Null: it is pruned, or it cannot be read, so that nobody knows what in it is personal. */
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
  const read = fieldReader(dataset)(raw_data);
  const isRead = !(read instanceof JsonFault);
  const { pruned_at } = stored;
  return {
    ...{ dataset: dataset.name, ...rest },
    errors: shownErrors(validation_errors, showPersonal ? null : personal),
    core: promoted_to === null ? null : coreRow(dataset, promoted_to, showPersonal),
    unreadable: pruned_at !== null ? prunedOn(pruned_at) : isRead ? null : read.message,
    fields: isRead
      ? dataset.fields.map((field, i) => shownField(field, read.values[i] ?? ABSENT, hides(field)))
      : [],
    unread: isRead ? read.record.unread : [],
    doubled: isRead ? read.record.doubled : [],
    raw_data: pruned_at !== null ? null : showPersonal ? raw_data : personal.masked(raw_data),
  };
}

function prunedOn(moment: string): string {
  return `its text was pruned on ${moment.slice(0, 10)}`;
}

function shownField(field: Field, value: JsonValue, isHidden: boolean): ShownField {
  const { kind } = value;
  const path = pathOf(field);
  const isMissing = kind === 'absent' || kind === 'null';
  const given = textOfField(field, value);
  return {
    field: field.name,
    path: path === null ? null : showPath(path),
    from: path === null ? 'constant' : isMissing && field.defaultText !== null ? 'default' : 'record',
    kind: path === null ? null : kind,
    text: given !== null && given !== '' && isHidden ? MASK : given,
  };
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

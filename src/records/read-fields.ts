import type { RecordsDataset } from '../domain/dataset.ts';
import { JsonFault } from '../readers/records/json-fault.ts';
import { ABSENT, type JsonValue } from '../readers/records/json-value.ts';
import { compileMembers, type ReadRecord, readRecord } from '../readers/records/read-record.ts';
import { pathOf } from './record-plan.ts';

/** What the fields of a dataset read in one record. */
export interface FieldsOfRecord {
  readonly record: ReadRecord;
  /** One value per field; absent for a constant. */
  readonly values: readonly JsonValue[];
}

/** Prepares a function that reads what each field finds in a record; it answers why, where a record cannot be read. */
export function fieldReader({ fields }: RecordsDataset): (text: string) => FieldsOfRecord | JsonFault {
  const paths = fields.map(pathOf);
  const members = compileMembers(paths.filter((path) => path !== null));
  return (text) => {
    try {
      const record = readRecord(text, members);
      let next = 0;
      const values = paths.map((path) => (path === null ? ABSENT : (record.values[next++] as JsonValue)));
      return { record, values };
    } catch (error) {
      if (error instanceof JsonFault) return error;
      throw error;
    }
  };
}

/** The text that the rules of a field get; null: none, and neither a constant nor a default. */
export function textOfField(
  { value, defaultText }: Pick<RecordsDataset['fields'][number], 'value' | 'defaultText'>,
  { kind, text }: JsonValue,
): string | null {
  return value ?? (kind === 'absent' || kind === 'null' ? defaultText : text);
}

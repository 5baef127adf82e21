import type { PlannedColumn } from '../checks/planned-column.ts';
import type { Field, RecordsDataset } from '../domain/dataset.ts';
import { plainField } from '../domain/plain-field.ts';
import type { RecordPath } from '../domain/record-path.ts';
import { columnType } from '../types/column-type.ts';

/** How a dataset's records become rows. */
export interface RecordPlan {
  /** A column for each field, in the order of the fields, and one of marks: for each field 1, or 0 where it is absent. */
  readonly columns: readonly PlannedColumn[];
  readonly marks: PlannedColumn;
  /** What is read from a record, and for which field. */
  readonly reads: readonly { readonly path: RecordPath; readonly index: number }[];
}

/** Where a record has a field's value; null: the field is a constant. */
export function pathOf(field: Field): RecordPath | null {
  return field.value === null ? (field.path ?? [field.name]) : null;
}

/**
 * With `laterRequired` a blank cell is no fault by itself: whether a value is missing is seen when it is known how the row
 * will be.
 */
export function recordPlan(dataset: RecordsDataset, laterRequired: boolean): RecordPlan {
  const fields = dataset.fields.map((field, index) => ({
    ...{ index, name: field.name, sqlType: columnType(field), source: index, slice: null },
    field: laterRequired ? { ...field, constraints: { ...field.constraints, required: false } } : field,
  }));
  const marks = {
    ...{ index: fields.length, name: '_marks', field: plainField('_marks') },
    ...{ sqlType: 'VARCHAR', source: fields.length, slice: null },
  };
  const reads = dataset.fields.flatMap((field, index) => {
    const path = pathOf(field);
    return path === null ? [] : [{ path, index }];
  });
  return { columns: [...fields, marks], marks, reads };
}

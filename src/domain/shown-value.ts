import type { Dataset } from './dataset.ts';

/** What messages and logs show in place of a personal value. */
export const MASK = '***';

/**
 * A value as messages may show it. A column of a model may be made from personal ones, so it is masked where there are
 * any.
 */
export function shownValue(dataset: Dataset, column: string, value: unknown): string {
  const field = dataset.fields.find((each) => each.name === column);
  const { identity, references } = dataset.core;
  const isKey = column === identity || references.some((reference) => reference.column === column);
  const known = field !== undefined || isKey || dataset.sliceNames.includes(column);
  const personal = known ? field?.pii === true : dataset.fields.some((each) => each.pii);
  return personal ? MASK : String(value);
}

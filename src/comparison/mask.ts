import type { Dataset } from '../domain/dataset.ts';
import { MASK, shownValue } from '../domain/shown-value.ts';
import type { Cell } from '../warehouse/warehouse.ts';

/** A value of a column as it may be shown: personal data is masked, an empty value stays empty. */
export type Mask = (column: string, value: Cell) => Cell;

export function isPersonal(dataset: Dataset, column: string): boolean {
  return shownValue(dataset, column, '') === MASK;
}

export function maskFor(dataset: Dataset, showPersonal: boolean): Mask {
  return (column, value) => (value === null || showPersonal || !isPersonal(dataset, column) ? value : MASK);
}

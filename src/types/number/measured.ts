import type { Comparisons } from '../comparisons.ts';

/** How values of numbers compare, whole or not. */
export const MEASURED: Comparisons = {
  scale: 'measured',
  axis: (value) => `${value}::DOUBLE`,
  measures: ['sum', 'avg', 'min', 'max'],
  sameValue: (stored, written) => Number(stored) === Number(written),
  calendar: null,
  within: null,
};

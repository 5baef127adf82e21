/** What can be measured of a column, besides the number of rows. */
const MEASURE_NAMES = ['sum', 'avg', 'min', 'max', 'distinct', 'nulls'] as const;
export type MeasureName = (typeof MEASURE_NAMES)[number];

export interface ColumnMeasure {
  readonly of: MeasureName;
  readonly field: string;
}
export type Measure = 'rows' | ColumnMeasure;

/** Measures of columns of numbers only. */
export const NUMERIC_MEASURES: readonly MeasureName[] = ['sum', 'avg', 'min', 'max'];

/** `rows` or `sum(field)`; null where it is neither. */
export function parseMeasure(text: string): Measure | null {
  if (text.trim() === 'rows') return 'rows';
  const found = /^\s*([a-z]+)\(\s*(.+?)\s*\)\s*$/.exec(text);
  const of = MEASURE_NAMES.find((name) => name === found?.[1]);
  return found === null || of === undefined ? null : { of, field: found[2] as string };
}

/** As the configuration writes it; identifies a measure in what is kept of another period. */
export function measureText(measure: Measure): string {
  return measure === 'rows' ? 'rows' : `${measure.of}(${measure.field})`;
}

const WORDS: Readonly<Record<MeasureName, string>> = {
  sum: 'Sum of',
  avg: 'Average of',
  min: 'Smallest value of',
  max: 'Largest value of',
  distinct: 'Number of different values of',
  nulls: 'Number of blank cells of',
};

/** The measure in words, for messages. */
export function measureWords(measure: Measure, label: string): string {
  return measure === 'rows' ? 'Number of rows' : `${WORDS[measure.of]} ${label}`;
}

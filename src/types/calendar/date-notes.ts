import type { CellNote, TypedCell } from '../cell-rules.ts';

/** A date that a workbook holds as text, with day and month first. */
export function dateTextNote({ text, value, kind }: TypedCell): readonly CellNote[] {
  if (kind === null) return [];
  const inDigits = `${value} IS NOT NULL AND regexp_matches(${text}, '^[0-9]{1,2}[^0-9A-Za-z]+[0-9]')`;
  return [{ note: 'dateText', when: `${kind} = 's' AND ${inDigits}` }];
}

/** A workbook's own number of a day, where the column is not formatted as a date. */
export function dateCure(text: string): string | null {
  return /^\d{4,6}(\.\d+)?$/.test(text)
    ? 'The cell holds a number: format the column as a date, or type the date again.'
    : null;
}

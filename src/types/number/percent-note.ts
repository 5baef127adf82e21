import type { Field } from '../../domain/dataset.ts';
import type { CellNote, TypedCell } from '../cell-rules.ts';

/** A number cell of the workbook that shows 5% holds 0.05, so it and the text 5% are not the same. */
export function percentNote(field: Field, { text, value, kind }: TypedCell): readonly CellNote[] {
  if (kind === null || field.bareNumber || field.percent !== 'number') return [];
  return [{ note: 'percentInText', when: `${kind} = 's' AND ${value} IS NOT NULL AND suffix(${text}, '%')` }];
}

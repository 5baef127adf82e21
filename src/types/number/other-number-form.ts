import type { Field } from '../../domain/dataset.ts';
import { decimalMarks } from '../../domain/decimal-marks.ts';
import type { OtherForm } from '../words.ts';

/** The decimal and thousands sign that these texts have, where they are not those of the field. */
export function otherNumberForm(field: Field, texts: readonly string[]): OtherForm | null {
  const marks = decimalMarks(texts);
  if (marks === null) return null;
  if (marks.decimal === field.decimalChar && (marks.group === null || marks.group === field.groupChar))
    return null;
  const group = marks.group === null ? '' : ` and thousands with '${marks.group}'`;
  return { as: 'number', says: { marks: `'${marks.decimal}'${group}` } };
}

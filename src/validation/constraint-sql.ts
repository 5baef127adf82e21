import type { Field } from '../domain/dataset.ts';
import { literal } from '../sql/sql.ts';
import { fieldType } from '../types/registry.ts';
import type { CellFault } from './bits.ts';

export interface ConstraintSql {
  readonly fault: CellFault;
  /** True where the value breaks the constraint; only used for values that are not null. */
  readonly broken: string;
}

/** The constraints of a field on its typed value; `pattern` on its cleaned text. */
export function constraintsOf(field: Field, value: string, text: string): ConstraintSql[] {
  const { pattern, minimum, maximum, minLength, maxLength } = field.constraints;
  const allowed = field.constraints.enum;
  const out: ConstraintSql[] = [];
  const add = (fault: CellFault, broken: string) => out.push({ fault, broken });
  if (pattern !== null) add('pattern', `NOT regexp_full_match(${text}, ${literal(pattern)})`);
  if (allowed !== null)
    add('enum', `${value} NOT IN (${allowed.map((one) => constant(field, one)).join(', ') || 'NULL'})`);
  if (minimum !== null) add('minimum', `${value} < ${constant(field, minimum)}`);
  if (maximum !== null) add('maximum', `${value} > ${constant(field, maximum)}`);
  const length = fieldType(field).cells.length(value);
  if (minLength !== null) add('minLength', `${length} < ${minLength}`);
  if (maxLength !== null) add('maxLength', `${length} > ${maxLength}`);
  return out;
}

/** A configured value in the field's own type. */
export function constant(field: Field, text: string): string {
  return fieldType(field).config.constant(field, text);
}

import type { Field } from '../domain/dataset.ts';
import { literal } from '../sql/sql.ts';
import { columnType } from '../types/column-type.ts';
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
  const length = isJson(field) ? `json_array_length(${value})` : `length(${value}::VARCHAR)`;
  if (minLength !== null) add('minLength', `${length} < ${minLength}`);
  if (maxLength !== null) add('maxLength', `${length} > ${maxLength}`);
  return out;
}

const isJson = (field: Field) => field.type === 'array';

/**
 * A configured value in the field's own type; decimals keep all their digits, so that a limit of 0.005 does not become
 * 0.01.
 */
export function constant(field: Field, text: string): string {
  if (field.type === 'number' && /^[+-]?\d*\.?\d+$/.test(text)) return text;
  if (field.type === 'integer' && /^[+-]?\d+$/.test(text)) return text;
  if (field.type === 'boolean') {
    if (field.trueValues.includes(text)) return 'true';
    if (field.falseValues.includes(text)) return 'false';
  }
  // A plain cast to a moment without zone ignores an offset.
  if (field.type === 'datetime') return `timezone('UTC', CAST(${literal(text)} AS TIMESTAMPTZ))`;
  const type = columnType(field);
  return type.startsWith('VARCHAR') ? literal(text) : `CAST(${literal(text)} AS ${type})`;
}

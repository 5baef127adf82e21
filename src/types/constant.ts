import { literal } from '../sql/sql.ts';

/** A text as a value of a column type. */
export function castConstant(text: string, column: string): string {
  return `CAST(${literal(text)} AS ${column})`;
}

import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { type CoreShape, derivedColumns, valueColumns } from './core-shape.ts';

/**
 * Whether the business columns of two rows, or the surrogate keys that belong to them, differ; null and a value do, two
 * nulls do not.
 */
export function valuesDiffer(shape: CoreShape, a = 'c', b = 'n'): Sql {
  const names = [...valueColumns(shape), ...derivedColumns(shape).map((column) => column.name)];
  const parts = names.map((name) => sql`${ident(a, name)} IS DISTINCT FROM ${ident(b, name)}`);
  return parts.length === 0 ? raw('false') : sql`(${join(parts, ' OR ')})`;
}

/** How many business columns of two rows differ. */
export function cellsThatDiffer(shape: CoreShape, a = 'c', b = 'n'): Sql {
  const parts = valueColumns(shape).map(
    (name) => sql`CASE WHEN ${ident(a, name)} IS DISTINCT FROM ${ident(b, name)} THEN 1 ELSE 0 END`,
  );
  return parts.length === 0 ? raw('0') : sql`(${join(parts, ' + ')})`;
}

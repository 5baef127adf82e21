import type { Target } from '../domain/target.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** The condition that a row of a log table (`alias`, where it has one) is about a target, as part of a statement. */
export function aboutTarget(target: Target, alias?: string): Sql {
  const of = raw(alias === undefined ? '' : `${alias}.`);
  return sql`${of}dataset = ${target.dataset} AND ${of}period = ${target.period} AND ${of}slice = ${target.slice}`;
}

/** The first row of a statement; null where it has none. */
export async function firstRow<T extends object>(session: Session, statement: Sql): Promise<T | null> {
  return (await session.query<T>(statement))[0] ?? null;
}

import { ident, join, literal, raw, type Sql, sql } from '../sql/sql.ts';
import type { Capabilities } from './capabilities.ts';

/**
 * Rows of a SELECT, as `alias`, with the members of a JSON object that one of its columns holds as text.
 * `member('name')` is the text of that member, null where the object has no such member or is null itself. Each object
 * is read once, however many members are asked for.
 */
export function withJsonMembers(
  capabilities: Capabilities,
  from: { readonly rows: Sql; readonly column: string; readonly alias: string },
  names: readonly string[],
): { readonly relation: Sql; member(name: string): Sql } {
  const { rows, column, alias } = from;
  const relation =
    capabilities.jsonRecords === 'from_json'
      ? sql`(SELECT q.*, from_json(${ident('q', column)}, ${raw(literal(structureOf(names)))}) AS "_members"
          FROM (${rows}) AS q) AS ${ident(alias)}`
      : sql`(${rows}) AS ${ident(alias)} LEFT JOIN LATERAL json_to_record(CAST(${ident(alias, column)} AS JSON))
          AS "_members" (${join(names.map((name) => sql`${ident(name)} VARCHAR`))}) ON true`;
  return { relation, member: (name) => ident('_members', name) };
}

/** fromEntries defines members, so that a column called `__proto__` becomes an ordinary member. */
function structureOf(names: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, 'VARCHAR'])));
}

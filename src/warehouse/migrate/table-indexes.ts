import { createHash } from 'node:crypto';
import { columnList, ident, raw, type Sql, sql } from '../../sql/sql.ts';
import type { Session, TableRef } from '../warehouse.ts';

export interface TableIndexes {
  readonly unique?: readonly string[];
  readonly index?: readonly string[];
  /** Columns of `unique` whose values are personal, so that no message shows them. */
  readonly masked?: readonly string[];
}

/** The name shows which columns the index holds, so that a change of the key is noticed. */
function indexName(table: TableRef, kind: 'key' | 'by', columns: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([table, columns]))
    .digest('hex')
    .slice(0, 8);
  // PostgreSQL silently cuts names after 63 bytes.
  return `${Buffer.from(table.name)
    .subarray(0, 44)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}_${kind}_${hash}`;
}

export function indexStatements(table: TableRef, indexes: TableIndexes, present: ReadonlySet<string>): Sql[] {
  const wanted: [kind: 'key' | 'by', columns: readonly string[] | undefined][] = [
    ['key', indexes.unique],
    ['by', indexes.index],
  ];
  return wanted.flatMap(([kind, columns]) => {
    if (!columns || columns.length === 0) return [];
    const name = indexName(table, kind, columns);
    if (present.has(name)) return [];
    const unique = raw(kind === 'key' ? 'UNIQUE ' : '');
    return [
      sql`CREATE ${unique}INDEX ${ident(name)} ON ${ident(table.schema, table.name)} (${columnList(columns)})`,
    ];
  });
}

export async function indexNames(session: Session, table: TableRef): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    sql`SELECT indexname AS name FROM pg_catalog.pg_indexes
        WHERE schemaname = ${table.schema} AND tablename = ${table.name}`,
  );
  return new Set(rows.map((row) => row.name));
}

/** Whether the table has the configured key. */
export function lacksKey(table: TableRef, indexes: TableIndexes, present: ReadonlySet<string>): boolean {
  return indexes.unique !== undefined && !present.has(indexName(table, 'key', indexes.unique));
}

/** Indexes with another key than the configured one; none where it has the right one. */
export function otherKeys(
  table: TableRef,
  indexes: TableIndexes,
  present: ReadonlySet<string>,
): readonly string[] {
  if (!lacksKey(table, indexes, present)) return [];
  const prefix = indexName(table, 'key', []).slice(0, -8);
  return [...present].filter((name) => name.startsWith(prefix));
}

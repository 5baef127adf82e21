import { createHash } from 'node:crypto';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { columnList, ident, join, raw, type Sql, sql } from '../sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse.ts';
import { columnTypeSql, sameType } from './column-types.ts';
import { liveView } from './live-view.ts';
import { migrationText } from './migration-text.ts';

export interface TableIndexes {
  readonly unique?: readonly string[];
  readonly index?: readonly string[];
}

/** A column as it shall be. */
export interface WantedColumn extends ColumnInfo {
  /** SQL of what rows have in it that say nothing of it, those that were there before it among them. */
  readonly default?: 'true';
}

/** What it takes to bring a table into shape; nothing, where both lists are empty. */
export interface TablePlan {
  readonly statements: readonly Sql[];
  readonly creates: boolean;
  readonly added: readonly string[];
  /** Columns of the table that nobody asks for any more; they stay, and new rows hold null in them. */
  readonly left: readonly string[];
}

/**
 * Makes the table, or adds the nullable columns it lacks. What could lose or refuse data is `migration-needed`, with
 * the migration to write. In the caller's transaction.
 */
export async function ensureTable(
  session: Session,
  table: TableRef,
  columns: readonly WantedColumn[],
  indexes: TableIndexes = {},
): Promise<TablePlan> {
  const plan = await planTable(session, table, columns, indexes);
  for (const statement of plan.statements) await session.execute(statement);
  return plan;
}

export async function planTable(
  session: Session,
  table: TableRef,
  columns: readonly WantedColumn[],
  indexes: TableIndexes = {},
): Promise<TablePlan> {
  const there = await session.columns(table);
  const name = ident(table.schema, table.name);
  if (there === null) {
    const list = join(columns.map((column) => definition(session, column)));
    const statements = [sql`CREATE TABLE ${name} (${list})`, ...indexStatements(table, indexes, new Set())];
    return { statements, creates: true, added: [], left: [] };
  }
  const byName = new Map(there.map((column) => [column.name, column]));
  const added = columns.filter((column) => !byName.has(column.name));
  refuseChanges(session, table, columns, byName);
  const wanted = new Set(columns.map((column) => column.name));
  const present = await indexNames(session, table);
  refuseOtherKey(table, indexes, present);
  return {
    statements: [
      ...added.map((column) => sql`ALTER TABLE ${name} ADD COLUMN ${definition(session, column)}`),
      ...indexStatements(table, indexes, present),
    ],
    creates: false,
    added: added.map((column) => column.name),
    left: there.map((column) => column.name).filter((column) => !wanted.has(column)),
  };
}

function definition(session: Session, column: WantedColumn): Sql {
  const type = raw(columnTypeSql(column.type, session.capabilities));
  const rest = `${column.default === undefined ? '' : ` DEFAULT ${column.default}`}${column.nullable ? '' : ' NOT NULL'}`;
  return sql`${ident(column.name)} ${type}${raw(rest)}`;
}

function refuseChanges(
  session: Session,
  table: TableRef,
  columns: readonly ColumnInfo[],
  there: ReadonlyMap<string, ColumnInfo>,
): void {
  const problems: string[] = [];
  const alterations: string[] = [];
  const alter = ident(table.schema, table.name).text;
  for (const column of columns) {
    const now = there.get(column.name);
    const quoted = ident(column.name).text;
    const type = columnTypeSql(column.type, session.capabilities);
    if (now && !sameType(now.type, column.type, session.capabilities)) {
      problems.push(`column ${column.name} is ${now.type} and would become ${column.type}`);
      alterations.push(`ALTER TABLE ${alter} ALTER COLUMN ${quoted} TYPE ${type}`);
    }
    if (column.nullable || (now && !now.nullable)) continue;
    problems.push(`column ${column.name} ${now ? 'allows' : 'would be new and allow no'} null values`);
    if (!now) alterations.push(`ALTER TABLE ${alter} ADD COLUMN ${quoted} ${type}`);
    alterations.push(`ALTER TABLE ${alter} ALTER COLUMN ${quoted} SET NOT NULL`);
  }
  if (problems.length === 0) return;
  // A view would hold the column's type; `migrate` makes it anew.
  if (table.schema === 'core') alterations.unshift(`DROP VIEW IF EXISTS ${liveView(table.name).text}`);
  throw new TidemarkError('migration-needed', {
    message: `Table ${table.schema}.${table.name} does not fit: ${problems.join('; ')}.`,
    hint: migrationText(table, alterations),
  });
}

/** The name tells which columns it holds, so that another key is seen. */
function indexName(table: TableRef, kind: 'key' | 'by', columns: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([table, columns]))
    .digest('hex')
    .slice(0, 8);
  // PostgreSQL cuts names after 63 bytes without a word.
  return `${Buffer.from(table.name)
    .subarray(0, 44)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}_${kind}_${hash}`;
}

function indexStatements(table: TableRef, indexes: TableIndexes, present: ReadonlySet<string>): Sql[] {
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

async function indexNames(session: Session, table: TableRef): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    sql`SELECT indexname AS name FROM pg_catalog.pg_indexes
        WHERE schemaname = ${table.schema} AND tablename = ${table.name}`,
  );
  return new Set(rows.map((row) => row.name));
}

function refuseOtherKey(table: TableRef, indexes: TableIndexes, present: ReadonlySet<string>): void {
  const wanted = indexes.unique ? indexName(table, 'key', indexes.unique) : null;
  const prefix = indexName(table, 'key', []).slice(0, -8);
  const others = [...present].filter((name) => name.startsWith(prefix) && name !== wanted);
  if (wanted === null || present.has(wanted) || others.length === 0) return;
  throw new TidemarkError('migration-needed', {
    message: `Table ${table.schema}.${table.name} has another key than the configuration says.`,
    hint: migrationText(
      table,
      others.map((name) => `DROP INDEX ${ident(table.schema, name).text}`),
    ),
  });
}

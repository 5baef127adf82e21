import { ident, join, raw, type Sql, sql, withRealNames } from '../../sql/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse.ts';
import { columnTypeSql } from './column-types.ts';
import { type RemadeViews, remadeViews } from './remade-views.ts';

/**
 * Statements that give columns of a table other types, and NOT NULL where `changed` says so, and the views that stop them.
 * Other views that read the table are dropped before and made again after. `there` are the table's columns; `dropped` names
 * indexes that are not made again. To be run in one transaction.
 */
export async function retypeTable(
  session: Session,
  table: TableRef,
  there: readonly ColumnInfo[],
  changed: readonly ColumnInfo[],
  dropped: readonly string[] = [],
): Promise<Retyped> {
  const views = await remadeViews(session, table, changed);
  const change = session.capabilities.altersIndexedTables
    ? alterations(session, table, there, changed)
    : await rebuild(session, table, there, changed, dropped);
  const { inTheWay, others } = views;
  return { statements: [...views.drop, ...change, ...views.make], inTheWay, others };
}

/** What changes the columns, and what has to be out of the way before. */
export interface Retyped extends Pick<RemadeViews, 'inTheWay' | 'others'> {
  readonly statements: readonly Sql[];
}

function alterations(
  session: Session,
  table: TableRef,
  there: readonly ColumnInfo[],
  changed: readonly ColumnInfo[],
): Sql[] {
  const name = ident(table.schema, table.name);
  return changed.flatMap((column) => {
    const now = there.find((each) => each.name === column.name);
    const own = ident(column.name);
    const type = raw(columnTypeSql(column.type, session.capabilities));
    return [
      ...(now?.type === column.type
        ? []
        : [sql`ALTER TABLE ${name} ALTER COLUMN ${own} TYPE ${type} USING CAST(${own} AS ${type})`]),
      ...(now?.nullable === column.nullable
        ? []
        : [sql`ALTER TABLE ${name} ALTER COLUMN ${own} SET NOT NULL`]),
    ];
  });
}

/**
 * DuckDB alters no table with an index or a view that depends on it, and cannot make an index again that it dropped in
 * the same transaction; once the table is dropped, the index may have its name again.
 */
async function rebuild(
  session: Session,
  table: TableRef,
  there: readonly ColumnInfo[],
  changed: readonly ColumnInfo[],
  dropped: readonly string[],
): Promise<Sql[]> {
  const name = ident(table.schema, table.name);
  const fresh = ident(table.schema, `_tidemark_new_${table.name}`);
  const columns = there.map((column) => changed.find((each) => each.name === column.name) ?? column);
  const defaults = await defaultsOf(session, table);
  const typeOf = (column: ColumnInfo) => raw(columnTypeSql(column.type, session.capabilities));
  const definitions = columns.map((column) => {
    const written = defaults.get(column.name);
    const rest = `${written === undefined ? '' : ` DEFAULT ${written}`}${column.nullable ? '' : ' NOT NULL'}`;
    return sql`${ident(column.name)} ${typeOf(column)}${raw(rest)}`;
  });
  const values = columns.map((column) =>
    changed.includes(column) ? sql`CAST(${ident(column.name)} AS ${typeOf(column)})` : ident(column.name),
  );
  const constraints = await constraintsOf(session, table);
  const indexes = await indexesOf(session, table, dropped);
  return [
    sql`CREATE TABLE ${fresh} (${join([...definitions, ...constraints])})`,
    sql`INSERT INTO ${fresh} SELECT ${join(values)} FROM ${name}`,
    sql`DROP TABLE ${name}`,
    sql`ALTER TABLE ${fresh} RENAME TO ${ident(table.name)}`,
    ...indexes,
  ];
}

async function defaultsOf(session: Session, table: TableRef): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query<{ name: string; written: string }>(
    sql`SELECT column_name AS name, column_default AS written FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = ${table.schema} AND table_name = ${table.name}
          AND column_default IS NOT NULL`,
  );
  return new Map(rows.map((row) => [row.name, row.written]));
}

/** Columns that a migration of the pipeline added to the table; NOT NULL is kept with the column. */
async function constraintsOf(session: Session, table: TableRef): Promise<Sql[]> {
  const rows = await session.query<{ written: string }>(
    sql`SELECT constraint_text AS written FROM duckdb_constraints()
        WHERE database_name = current_database() AND schema_name = ${table.schema} AND table_name = ${table.name}
          AND constraint_type <> 'NOT NULL' ORDER BY constraint_index`,
  );
  return rows.map((row) => raw(row.written));
}

async function indexesOf(session: Session, table: TableRef, dropped: readonly string[]): Promise<Sql[]> {
  const rows = await session.query<{ name: string; written: string }>(
    sql`SELECT index_name AS name, sql AS written FROM duckdb_indexes()
        WHERE database_name = current_database() AND schema_name = ${table.schema} AND table_name = ${table.name}
          AND sql IS NOT NULL ORDER BY index_oid`,
  );
  return rows
    .filter((row) => !dropped.includes(row.name))
    .map((row) => withRealNames(raw(row.written.replace(/;\s*$/, ''))));
}

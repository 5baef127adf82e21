import type { PlannedColumn } from '../checks/planned-column.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { columnTypeSql } from '../warehouse/migrate/column-types.ts';
import type { Session, TableRef } from '../warehouse/warehouse.ts';

export interface LandedColumn {
  readonly name: string;
  /** In the shared words. */
  readonly type: string;
}

/** The columns of rows, by the names of their fields. */
export function landedColumns(columns: readonly PlannedColumn[]): LandedColumn[] {
  return columns.map(({ name, sqlType }) => ({ name, type: sqlType }));
}

/** The rows of a Parquet file as a temporary table; no row passes through JavaScript. */
export async function land(
  session: Session,
  scratch: SessionTables,
  purpose: string,
  file: { readonly path: string; readonly columns: readonly LandedColumn[] },
): Promise<Sql> {
  const ref: TableRef = { schema: 'history', name: `${scratch.name(purpose)}_file` };
  const table = ident(ref.schema, ref.name);
  const definitions = file.columns.map(
    ({ name, type }) => sql`${ident(name)} ${raw(columnTypeSql(type, session.capabilities))}`,
  );
  await session.execute(sql`CREATE TABLE ${table} (${join(definitions)})`);
  await session.appendParquet(
    ref,
    file.path,
    file.columns.map(({ name }) => ({ name, from: 'parquet' })),
  );
  const landed = await scratch.create(purpose, sql`SELECT * FROM ${table}`);
  await session.execute(sql`DROP TABLE ${table}`);
  return landed;
}

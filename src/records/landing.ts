import type { PlannedColumn } from '../checks/planned-column.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { ident, raw, type Sql, sql } from '../sql/sql.ts';
import { columnTypeSql } from '../warehouse/migrate/column-types.ts';
import type { Session } from '../warehouse/warehouse.ts';

export interface LandedColumn {
  readonly name: string;
  /** In the shared words. */
  readonly type: string;
}

/** The columns of rows, by the names of their fields. */
export function landedColumns(columns: readonly PlannedColumn[]): LandedColumn[] {
  return columns.map(({ name, sqlType }) => ({ name, type: sqlType }));
}

/** The rows of a Parquet file as a table of this transaction; no row passes through JavaScript. */
export async function land(
  session: Session,
  scratch: SessionTables,
  purpose: string,
  file: {
    readonly path: string;
    readonly columns: readonly LandedColumn[];
    /** The columns by which rows are looked up. */
    readonly joined: readonly string[];
  },
): Promise<Sql> {
  const definitions = file.columns.map(
    ({ name, type }) => sql`${ident(name)} ${raw(columnTypeSql(type, session.capabilities))}`,
  );
  const columns = file.columns.map(({ name }) => ({ name, from: 'parquet' as const }));
  return scratch.receive(purpose, definitions, file.joined, (table) =>
    session.appendParquet(table, file.path, columns),
  );
}

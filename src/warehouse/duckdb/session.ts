import type { DuckDBConnection } from '@duckdb/node-api';
import type { Sql } from '../../sql/sql.ts';
import { renamedSession } from '../schemas/renamed-session.ts';
import type { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { StatementQueue } from '../statement-queue.ts';
import type { ColumnInfo, Row, Session, TableRef } from '../warehouse.ts';
import { appendParquet } from './append.ts';
import { runBound } from './bind.ts';
import { DUCKDB } from './capabilities.ts';
import { readRows } from './cells.ts';
import { tableColumns } from './columns.ts';
import { statementError } from './errors.ts';
import { exportParquet } from './export.ts';
import { type Beside, takeLocks } from './locks.ts';
import { boundMemory, freeMemory } from './memory.ts';

export interface DuckdbSession extends Session {
  readonly statements: StatementQueue;
  /** Called when its transaction has ended: what it bounded is free again. */
  release(): Promise<void>;
}

export function duckdbSession(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  beside: Beside | null,
  schemas: SchemaRenaming,
): DuckdbSession {
  let isBounded = false;
  const statements = new StatementQueue(signal, (error) => statementError(error, signal));
  return renamedSession({
    capabilities: DUCKDB,
    schemas,
    statements,
    query<R extends object = Row>(statement: Sql): Promise<R[]> {
      return statements.run(async () => readRows<R>(await runBound(connection, statement)));
    },
    execute(statement) {
      return statements.run(async () => (await runBound(connection, statement)).rowsChanged);
    },
    lock(names) {
      if (beside === null) throw new TypeError('locks are taken inside a transaction only');
      return statements.run(() => takeLocks(connection, names, beside, schemas));
    },
    attempt() {
      throw new TypeError('the engine has no savepoints');
    },
    boundMemory(mb) {
      isBounded = true;
      return statements.run(() => boundMemory(connection, mb));
    },
    async release() {
      if (isBounded) await freeMemory(connection);
    },
    appendParquet(table, parquetPath, columns) {
      return statements.run(() => appendParquet(connection, table, parquetPath, columns));
    },
    exportParquet(query, parquetPath) {
      return statements.run(() => exportParquet(connection, query, parquetPath));
    },
    columns(table: TableRef): Promise<readonly ColumnInfo[] | null> {
      return statements.run(() => tableColumns(connection, table));
    },
  });
}

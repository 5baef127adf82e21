import type { Client } from 'pg';
import type { Sql } from '../../sql/sql.ts';
import { renamedSession } from '../schemas/renamed-session.ts';
import type { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { StatementQueue } from '../statement-queue.ts';
import type { AppendColumn, ColumnInfo, Row, Session, TableRef } from '../warehouse.ts';
import { appendParquet } from './append.ts';
import { attempt } from './attempt.ts';
import { runBound } from './bind.ts';
import { POSTGRES } from './capabilities.ts';
import { readRows } from './cells.ts';
import { tableColumns } from './columns.ts';
import { exportParquet } from './export.ts';
import type { LockMode } from './locks.ts';

export interface SessionParts {
  readonly client: Client;
  readonly signal: AbortSignal | undefined;
  readonly schemas: SchemaRenaming;
  readonly translate: (error: unknown) => Error;
  /** Makes sure that the transaction has begun. */
  begin(): Promise<void>;
  takeLocks(names: readonly string[], mode: LockMode): Promise<void>;
}

export interface PostgresSession extends Session {
  readonly statements: StatementQueue;
}

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']);

export function postgresSession(parts: SessionParts): PostgresSession {
  const { client, signal, schemas } = parts;
  const statements = new StatementQueue(signal, parts.translate);
  const inTransaction = <T>(work: () => Promise<T>): Promise<T> =>
    statements.run(async () => {
      await parts.begin();
      return work();
    });
  return renamedSession({
    capabilities: POSTGRES,
    schemas,
    statements,
    query<R extends object = Row>(statement: Sql): Promise<R[]> {
      return inTransaction(async () => readRows<R>(await runBound(client, statement)));
    },
    execute(statement) {
      return inTransaction(async () => {
        const result = await runBound(client, statement);
        return CHANGES.has(result.command) ? (result.rowCount ?? 0) : 0;
      });
    },
    lock(names, mode = 'exclusive') {
      return statements.run(() => parts.takeLocks(names, mode));
    },
    attempt<T>(work: () => Promise<T>): Promise<T> {
      return attempt(client, statements, parts.begin, work);
    },
    async boundMemory() {},
    appendParquet(table: TableRef, parquetPath: string, columns: readonly AppendColumn[]) {
      return inTransaction(() => appendParquet(client, table, parquetPath, columns, signal));
    },
    exportParquet(query, parquetPath) {
      return inTransaction(() => exportParquet(client, query, parquetPath, signal));
    },
    columns(table: TableRef): Promise<readonly ColumnInfo[] | null> {
      return inTransaction(() => tableColumns(client, table));
    },
  });
}

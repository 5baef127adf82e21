import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { withOwnMemory } from '../parquet/in-memory.ts';
import type { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { Conflict, type Patience, untilNoConflict } from '../until-no-conflict.ts';
import type { SchemaChange, Session } from '../warehouse.ts';
import { alterDuckdb } from './alter.ts';
import { runBound } from './bind.ts';
import { withConnection } from './connect.ts';
import { statementError } from './errors.ts';
import type { Beside } from './locks.ts';
import { duckdbSession } from './session.ts';

export interface UnitOptions extends Patience {
  readonly schemas: SchemaRenaming;
}

/** Schema changes of this process wait for each other here; other processes wait for the file. */
const changing = new Map<string, Promise<unknown>>();

export function readUnit<T>(
  file: string,
  patience: UnitOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { signal } = patience;
  const reading = (connection: DuckDBConnection) =>
    inTransaction(connection, 'BEGIN TRANSACTION READ ONLY', null, work, patience);
  // A read must not make the file: where there is none, it runs on an empty database.
  return existsSync(file) ? withConnection(file, patience, reading) : withOwnMemory(signal, reading);
}

export function transactionUnit<T>(
  file: string,
  patience: UnitOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const beside: Beside = (statement) =>
    withConnection(file, patience, async (connection) => void (await runBound(connection, statement)));
  return withConnection(file, patience, (connection) =>
    untilNoConflict(patience, () => inTransaction(connection, 'BEGIN TRANSACTION', beside, work, patience)),
  );
}

export function alterUnit<T>(
  file: string,
  patience: UnitOptions,
  keep: boolean,
  work: (schema: SchemaChange) => Promise<T>,
): Promise<T> {
  const { signal } = patience;
  const altering = (connection: DuckDBConnection) =>
    untilNoConflict(patience, () => alterDuckdb(connection, keep, signal, patience.schemas, work));
  const run = () =>
    keep || existsSync(file) ? withConnection(file, patience, altering) : withOwnMemory(signal, altering);
  const turn = (changing.get(file) ?? Promise.resolve()).then(run, run);
  changing.set(file, turn);
  return turn;
}

async function inTransaction<T>(
  connection: DuckDBConnection,
  begin: string,
  beside: Beside | null,
  work: (session: Session) => Promise<T>,
  { signal, schemas }: UnitOptions,
): Promise<T> {
  const session = duckdbSession(connection, signal, beside, schemas);
  const { statements } = session;
  await connection.run(begin);
  try {
    const answer = await work(session);
    await statements.end();
    if (statements.failure) throw statements.failure;
    signal?.throwIfAborted();
    await commit(connection, signal);
    return answer;
  } catch (error) {
    await statements.end();
    await connection.run('ROLLBACK').catch(() => {});
    // Whatever the caller threw: a transaction that lost is run again.
    throw statements.failure instanceof Conflict ? statements.failure : error;
  } finally {
    await session.release();
  }
}

async function commit(connection: DuckDBConnection, signal: AbortSignal | undefined): Promise<void> {
  try {
    await connection.run('COMMIT');
  } catch (error) {
    throw statementError(error, signal);
  }
}

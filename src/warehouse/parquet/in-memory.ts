import { tmpdir } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { LingeringDatabases } from './lingering.ts';

/** The engine never downloads extensions or searches for them elsewhere: those that are linked in are enough. */
export const NO_EXTENSIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/** Making a database in memory takes 10 ms, as long as reading a small file with it. */
const LINGER_MS = 500;

/** It keeps nothing, so the process may end before it is closed. */
const shared = new LingeringDatabases(LINGER_MS, false);

/**
 * Runs `work` on a connection to the process's database in memory, which reads and writes Parquet files for both engines.
 * The work makes no tables there: other work shares the database.
 */
export function withMemory<T>(
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return shared.use(
    ':memory:',
    () => makeDatabase({ enable_external_file_cache: 'false' }),
    (instance) => connected(instance, signal, work),
  );
}

/** Runs `work` on a database in memory of its own, with settings of its own; it is closed afterwards. */
export async function withOwnMemory<T>(
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const instance = await makeDatabase(settings);
  try {
    return await connected(instance, signal, work);
  } finally {
    instance.closeSync();
  }
}

async function makeDatabase(settings: Readonly<Record<string, string>>): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('./duckdb-engine.ts');
  const instance = await DuckDBInstance.create(':memory:', {
    ...NO_EXTENSIONS,
    temp_directory: tmpdir(),
    ...settings,
  });
  await inUtc(instance);
  return instance;
}

/** Every later connection to the instance has UTC as its time zone. */
export async function inUtc(instance: DuckDBInstance): Promise<void> {
  try {
    const connection = await instance.connect();
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    connection.disconnectSync();
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** A connection of its own; it is interrupted when the signal is aborted. */
export async function connected<T>(
  instance: DuckDBInstance,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await work(connection);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    connection.disconnectSync();
  }
}

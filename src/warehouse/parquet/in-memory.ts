import { tmpdir } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Nothing is ever downloaded or looked for outside: what is linked in suffices. */
export const NO_EXTENSIONS = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/** A database in memory: it reads and writes Parquet files for both engines. */
export async function withMemory<T>(
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const { DuckDBInstance } = await import('./duckdb-engine.ts');
  const instance = await DuckDBInstance.create(':memory:', {
    ...NO_EXTENSIONS,
    temp_directory: tmpdir(),
    ...settings,
  });
  try {
    return await connected(instance, signal, work);
  } finally {
    instance.closeSync();
  }
}

/** A connection of its own, with UTC as its time zone; interrupted when the signal fires. */
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
    await connection.run("SET TimeZone = 'UTC'");
    return await work(connection);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    connection.disconnectSync();
  }
}

import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { lockBusy, type Patience, pause } from '../attempts.ts';
import { connected, NO_EXTENSIONS } from '../parquet/in-memory.ts';
import { openingError } from './errors.ts';

interface OpenFile {
  users: number;
  instance: Promise<DuckDBInstance>;
}

/**
 * Open files of this process, by path. The same file opened twice in one process would slip past DuckDB's own lock,
 * so that every unit of work on it shares one instance, closed when the last one ends.
 */
const open = new Map<string, OpenFile>();

/** Runs `work` on a connection of its own; the file is let go when no unit of work is left on it. */
export async function withConnection<T>(
  path: string,
  patience: Patience,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const file = open.get(path) ?? { users: 0, instance: openFile(path, patience) };
  open.set(path, file);
  file.users++;
  try {
    return await connected(await file.instance, patience.signal, work);
  } finally {
    file.users--;
    if (file.users === 0) {
      open.delete(path);
      await file.instance.then(
        (instance) => instance.closeSync(),
        () => {},
      );
    }
  }
}

/** Opens the file, waiting while another process holds it. */
async function openFile(path: string, patience: Patience): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('../parquet/duckdb-engine.ts');
  const deadline = Date.now() + patience.lockTimeoutMs;
  for (let delay = 10; ; delay = Math.min(delay * 1.5, 200)) {
    patience.signal?.throwIfAborted();
    try {
      if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
      return await DuckDBInstance.create(path, NO_EXTENSIONS);
    } catch (error) {
      const holder = lockHolder(error);
      if (holder === null) throw openingError(path, error);
      if (Date.now() >= deadline) throw lockBusy(patience.lockTimeoutMs, error, holder);
    }
    await pause(delay, patience.signal);
  }
}

/** Who holds the file, where that is why it did not open; null: it is something else. */
function lockHolder(error: unknown): string | null {
  const text = String((error as Error).message);
  if (!/could not set lock on file|conflicting lock|being used by another process/i.test(text)) return null;
  const process = /\(PID (\d+)\)/.exec(text)?.[1];
  return process ? `process ${process} has the warehouse file open` : 'the warehouse file is open elsewhere';
}

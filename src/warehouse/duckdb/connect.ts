import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { connected, inUtc, NO_EXTENSIONS } from '../parquet/in-memory.ts';
import { LingeringDatabases } from '../parquet/lingering.ts';
import { lockBusy, type Patience, pause } from '../until-no-conflict.ts';
import { openingError } from './errors.ts';
import { isReplayFailure, logUnreadable, replayAttached } from './replay.ts';
import { threadsFor } from './threads.ts';

/**
 * How long a file stays open after its last unit of work. Opening and closing costs 30 ms, and a step has several units
 * in a row. Other processes try again every 10 to 200 ms, so they hardly notice it.
 */
const LINGER_MS = 25;

/**
 * Open files of this process, by path. DuckDB's lock does not prevent one process from opening the same file twice, so
 * all units of work on a file share one instance.
 */
const files = new LingeringDatabases(LINGER_MS, true);

/** Runs `work` on a connection of its own; the file is closed `LINGER_MS` after the last unit of work on it. */
export function withConnection<T>(
  path: string,
  patience: Patience,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return files.use(
    path,
    () => openFile(path, patience),
    (instance) => connected(instance, patience.signal, work),
  );
}

/** Closes the file now, if no unit of work is on it. */
export function letGo(path: string): Promise<void> {
  return files.letGo(path);
}

/** Opens the file, waiting while another process holds it. */
async function openFile(path: string, patience: Patience): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('../parquet/duckdb-engine.ts');
  const deadline = performance.now() + patience.lockTimeoutMs;
  let replayed = false;
  for (let delay = 10; ; delay = Math.min(delay * 1.5, 200)) {
    patience.signal?.throwIfAborted();
    try {
      if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
      const leftBehind = existsSync(`${path}.wal`);
      const instance = await DuckDBInstance.create(path, { ...NO_EXTENSIONS, ...threadsFor(path) });
      await inUtc(instance);
      if (leftBehind) await settle(instance);
      return instance;
    } catch (thrown) {
      let error = thrown;
      if (isReplayFailure(error) && !replayed) {
        replayed = true;
        const failed = await replayAttached(path).then(
          () => null,
          (failure: unknown) => failure,
        );
        if (failed === null) continue;
        error = failed;
      }
      if (isReplayFailure(error)) throw logUnreadable(path, error);
      const holder = lockHolder(error);
      if (holder === null) throw openingError(path, error);
      if (performance.now() >= deadline) throw lockBusy(patience.lockTimeoutMs, error, holder);
    }
    await pause(delay, patience.signal);
  }
}

/**
 * What a killed process left in the log is written into the file at once. If the file were closed without that, the
 * indexes of every table that was not touched in between would keep the keys of rows that the log deleted, and DuckDB
 * (1.5) would refuse such a key for ever.
 */
async function settle(instance: DuckDBInstance): Promise<void> {
  try {
    const connection = await instance.connect();
    try {
      await connection.run('CHECKPOINT');
    } finally {
      connection.closeSync();
    }
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Which process holds the file, if that is why it did not open; null: there is another reason. */
function lockHolder(error: unknown): string | null {
  const text = String((error as Error).message);
  if (!/could not set lock on file|conflicting lock|being used by another process/i.test(text)) return null;
  const process = /\(PID (\d+)\)/.exec(text)?.[1];
  return process ? `process ${process} has the warehouse file open` : 'the warehouse file is open elsewhere';
}

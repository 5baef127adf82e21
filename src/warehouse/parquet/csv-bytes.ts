import { execFile } from 'node:child_process';
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../../sql/sql.ts';
import { withOwnMemory } from './in-memory.ts';

/**
 * One thread formats about 140 MB a second, three times as much as COPY accepts. More threads would use up the
 * processor that the server needs while the FIFO is full.
 */
const ONE_THREAD = { threads: '1' };

/**
 * Lets DuckDB write a query's rows as CSV, and passes the bytes on while they are made: through a FIFO or, where the
 * system has none, through a temporary file. A failure on either side ends both. Nothing is left behind.
 */
export async function streamCsv<T>(
  select: string,
  options: string,
  signal: AbortSignal | undefined,
  consume: (source: Readable) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-'));
  try {
    const format = async (connection: DuckDBConnection) => {
      const path = join(folder, 'rows');
      const write = () =>
        connection.run(`COPY (${select}) TO ${literal(path)} (${options}, USE_TMP_FILE false)`);
      if (await makeFifo(path)) return await throughFifo(path, write, () => connection.interrupt(), consume);
      await write();
      return await consume(createReadStream(path, { highWaterMark: 1 << 20 }));
    };
    return await withOwnMemory(signal, format, ONE_THREAD);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeFifo(path: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  return promisify(execFile)('mkfifo', ['-m', '600', path]).then(
    () => true,
    () => false,
  );
}

async function throughFifo<T>(
  path: string,
  write: () => Promise<unknown>,
  interrupt: () => void,
  consume: (source: Readable) => Promise<T>,
): Promise<T> {
  // Opened for both directions, the FIFO blocks nobody, and readers see no end before it is closed.
  let keeper: number | null = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const source = new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    writable: false,
  });
  const letGo = () => {
    if (keeper !== null) closeSync(keeper);
    keeper = null;
  };
  const writing = write().then(letGo, (error) => {
    letGo();
    source.destroy(error);
    throw error;
  });
  const reading = consume(source).catch((error) => {
    source.destroy();
    // With no reader left the writer's next write fails at once.
    letGo();
    interrupt();
    throw error;
  });
  let firstFailure: unknown = null;
  const remember = (error: unknown) => {
    firstFailure ??= error;
  };
  const [read] = await Promise.allSettled(
    [reading, writing].map((side) =>
      side.catch((error) => {
        remember(error);
        throw error;
      }),
    ),
  );
  if (firstFailure !== null) throw firstFailure;
  return (read as PromiseFulfilledResult<T>).value;
}

import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenOptions, Warehouse } from '../warehouse.ts';
import { letGo, withConnection } from './connect.ts';

/** A copy of the file in a temporary folder (an empty one where there is no file), deleted when it is closed. */
export async function rehearseOn(
  file: string,
  options: OpenOptions,
  openCopy: (path: string) => Warehouse,
): Promise<Warehouse> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-rehearsal-'));
  const path = join(folder, basename(file));
  if (existsSync(file)) {
    // Writes the content of a log beside the file into the file.
    await withConnection(file, options, async (connection) => void (await connection.run('CHECKPOINT')));
    await letGo(file);
    await copyQuiet(file, path);
  }
  const copy = openCopy(path);
  return {
    ...copy,
    async close() {
      await copy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const COPIES_AT_MOST = 10;

/**
 * Copies a file that no process changes meanwhile. Not while it is open here: when a process closes its first
 * descriptor of a file, it loses all its locks on that file (POSIX fcntl), DuckDB's included.
 */
async function copyQuiet(file: string, path: string): Promise<void> {
  for (let left = COPIES_AT_MOST; ; left--) {
    const before = await stat(file);
    await copyFile(file, path);
    const after = await stat(file);
    if (
      left === 0 ||
      (before.mtimeMs === after.mtimeMs && before.size === after.size && !existsSync(`${file}.wal`))
    )
      return;
    await sleep(100);
  }
}

import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenOptions } from '../open-warehouse.ts';
import type { Warehouse } from '../warehouse.ts';
import { withConnection } from './connect.ts';

/** A copy of the file in a temporary folder (an empty one where there is no file), removed when it is closed. */
export async function rehearseOn(
  file: string,
  options: OpenOptions,
  openCopy: (path: string) => Warehouse,
): Promise<Warehouse> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-rehearsal-'));
  const path = join(folder, 'warehouse.duckdb');
  if (existsSync(file)) {
    // The log is written into the file first, so that one file is all there is to copy while nobody else can write.
    await withConnection(file, options, async (connection) => {
      await connection.run('CHECKPOINT');
      await copyFile(file, path);
    });
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

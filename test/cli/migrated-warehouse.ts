import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { packageRoot } from '../../src/lake/package-root.ts';
import { migrate } from '../../src/warehouse/migrate/migrate.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';

let migrated: Promise<Buffer> | undefined;

/**
 * Puts an embedded warehouse with Tidemark's own migrations, and no tables of data yet, into a project that has none: making
 * it takes longer than the steps on a few rows that follow.
 */
export async function giveWarehouse(root: string): Promise<void> {
  const file = join(root, 'data/warehouse.duckdb');
  if (existsSync(file)) return;
  migrated ??= makeOnce();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await migrated);
}

/** The file of such a warehouse, once for all tests of this process. */
async function makeOnce(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-migrated-'));
  const warehouse = openWarehouse('duckdb:warehouse.duckdb', {
    projectRoot: folder,
    lockTimeoutMs: 20_000,
    environment: {},
  });
  await migrate(warehouse, {
    packageMigrations: join(packageRoot(), 'migrations'),
    pipelineMigrations: join(folder, 'migrations'),
    config: { datasets: new Map() } as unknown as Config,
    hasCoreModel: () => false,
    pipeline: null,
  });
  await warehouse.close();
  const bytes = readFileSync(join(folder, 'warehouse.duckdb'));
  rmSync(folder, { recursive: true });
  return bytes;
}

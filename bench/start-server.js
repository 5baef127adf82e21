import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SERVER = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'fixtures', 'postgres', 'server.ts');

/** The PostgreSQL of the tests, but one that syncs to disk like a real one, and does not checkpoint within a load. */
export async function startServer(work) {
  const { build } = await import('esbuild');
  const outfile = join(work, 'server.js');
  await build({
    entryPoints: [SERVER],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const { startPostgres } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return startPostgres({ settings: { fsync: 'on', max_wal_size: '8GB', autovacuum: 'off' } });
}

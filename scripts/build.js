// Bundles src/ into dist/ (ES modules, dependencies left outside, one chunk a command so that each starts fast).
// Built beside and renamed, so that a command that starts meanwhile finds the old build or the new one.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Packages that stay outside: native ones, and those that look for files or modules of theirs at run time. The others are
 * bundled: loading their hundreds of small files took 0.3 s of every command.
 */
const OUTSIDE = ['@duckdb/node-bindings*', 'apache-arrow', 'exceljs', 'knex', 'pg-native', 'cloudflare:sockets'];

export async function build() {
  const { build: bundle } = await import('esbuild');
  const fresh = join(root, `dist.${process.pid}.tmp`);
  const old = join(root, `dist.${process.pid}.old.tmp`);
  mkdirSync(fresh, { recursive: true });
  try {
    await bundle({
      absWorkingDir: root,
      entryPoints: { main: 'src/cli/main.ts' },
      outdir: fresh,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      external: OUTSIDE,
      // Some of the bundled packages are CommonJS and ask for Node's own modules.
      banner: { js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);" },
      sourcemap: 'linked',
      logLevel: 'warning',
    });
    try {
      renameSync(join(root, 'dist'), old);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    try {
      renameSync(fresh, join(root, 'dist'));
    } catch (error) {
      // Another build won the race; its result is of the same sources.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build();

// Writes the pages that are made from the code: docs/config.md, docs/errors.md, docs/checks.md, docs/commands.md and
// schema/datasets_config.schema.json. A test compares them with what stands in the repository.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Beside the packages it imports, so that they are found from it.
const bundle = join(root, 'node_modules', `.tidemark-docs-${process.pid}.mjs`);

try {
  await build({
    absWorkingDir: root,
    entryPoints: ['scripts/docs/pages.ts'],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  });
  const { renderPages } = await import(pathToFileURL(bundle).href);
  for (const [path, text] of renderPages()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(path);
  }
} finally {
  rmSync(bundle, { force: true });
}

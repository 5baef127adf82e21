#!/usr/bin/env node
// Starts the built program. In a source checkout a missing or outdated build is made first, so that what runs is what
// stands in src/.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'main.js');

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

if (
  existsSync(join(root, 'src', 'cli')) &&
  (!existsSync(built) || newest(join(root, 'src')) > statSync(built).mtimeMs)
) {
  const { build } = await import('../scripts/build.js');
  await build();
}
const { main } = await import('../dist/main.js');
await main();

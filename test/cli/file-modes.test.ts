import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CITIZENS_ONLY, citizens } from './registers.ts';
import { filesIn, makeWorld } from './world.ts';

it('nothing that is written can be read by others, the warehouse least of all', async () => {
  const world = makeWorld({
    noWarehouse: true,
    // The mask of file modes is the process's own.
    spawn: true,
    config: CITIZENS_ONLY,
    landed: { 'citizens_2025-06.csv': citizens([1, 'Ada', 10]) },
  });
  await world.json('run --period 2025-06', 0);
  const written = filesIn(world.root, 'data').filter((path) => !path.includes('landed'));
  expect(written.some((path) => path.endsWith('warehouse.duckdb'))).toBe(true);
  const open = written.filter((path) => (statSync(join(world.root, path)).mode & 0o027) !== 0);
  expect(open).toEqual([]);
});

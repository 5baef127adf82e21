import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { register, THREE } from './registers.ts';
import { makeWorld } from './world.ts';

/** What a command could leave behind in the process of its caller. */
function stateOfProcess() {
  const umask = process.umask(0o077);
  process.umask(umask);
  return {
    umask,
    folder: process.cwd(),
    environment: { ...process.env },
    exitCode: process.exitCode,
    listeners: Object.fromEntries(process.eventNames().map((name) => [name, process.listenerCount(name)])),
  };
}

it('commands leave nothing behind in the process they run in, and let go of the warehouse', async () => {
  const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
  const file = join(world.root, 'data/warehouse.duckdb');
  await world.json('ingest --period 2025-06', 0);
  const before = stateOfProcess();
  await world.json('validate --period 2025-06', 0);
  await world.json('load-stage --period 2025-06 --dataset nowhere', 2);
  expect(stateOfProcess()).toEqual(before);
  // A log is there while the file is open; and a file that is put in its place is the one that is read.
  expect(existsSync(`${file}.wal`)).toBe(false);
  copyFileSync(file, `${file}.aside`);
  await world.json('load-stage --period 2025-06 --dataset citizens', 0);
  expect(await world.query('SELECT count(*) AS n FROM stage.citizens')).toEqual([{ n: '3' }]);
  renameSync(`${file}.aside`, file);
  expect(await world.query('SELECT count(*) AS n FROM stage.citizens')).toEqual([{ n: '0' }]);
  expect(await world.json('load-stage --period 2025-06 --dataset citizens', 0)).toMatchObject({
    status: 'done',
    rows: { inserted: 3 },
  });
});

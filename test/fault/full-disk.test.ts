import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { entries } from './entries.ts';
import { FAULT_ENGINES } from './fault-engines.ts';
import { type ReplacedPeriod, replacedPeriod } from './replaced-period.ts';

/** What the stage table needs for these is many times what is left free on the disk. */
const ROWS = 100_000;
const LEFT_BYTES = 300_000;

describe('a disk that fills up', () => {
  let world: ReplacedPeriod;
  let disk: Disk | null;
  beforeAll(async () => {
    const [, duckdb] = FAULT_ENGINES[0] as (typeof FAULT_ENGINES)[number];
    world = await replacedPeriod(duckdb, ROWS);
    disk = moveToSmallDisk(join(world.pipeline.root, 'data'), '64m');
  }, 120_000);
  afterAll(async () => {
    disk?.unmount();
    await world.remove();
  });

  it('under the warehouse: load-stage answers 1, the old rows stay, and with room again it converges', async () => {
    if (disk === null) return;
    const old = await world.standing();
    disk.fill(LEFT_BYTES);
    const failed = await world.load(world.otherOf(old));
    expect(failed.code, failed.stderr).toBe(1);
    expect(failed.json.message).toMatch(/disk .*is full/i);
    disk.empty();
    expect(await world.standing()).toBe(old);
    expect((await world.load(world.otherOf(old))).code).toBe(0);
    expect(await world.standing()).toBe(world.otherOf(old));
  });

  // What failed to be written here must not stand in the way of the next one.
  afterEach(() => disk?.empty());

  it('under the cleaned files: validate answers 1 and leaves none, and with room again it passes', async () => {
    if (disk === null) return;
    world.pipeline.land('entries_2025-07.csv', entries(5, ROWS).csv);
    expect((await world.pipeline.run('ingest --period 2025-07 --json --quiet')).code).toBe(0);
    disk.fill(LEFT_BYTES);
    const failed = await world.pipeline.run('validate --period 2025-07 --json --quiet');
    expect(failed.code, failed.stderr).toBe(1);
    expect(failed.json.message).toMatch(/disk .*is full/i);
    const cleaned = join(world.pipeline.root, 'data/stage/cleaned/entries/2025-07');
    expect(existsSync(cleaned) ? readdirSync(cleaned) : []).toEqual([]);
    disk.empty();
    const passed = await world.pipeline.run(`validate --period 2025-07 --json --quiet`);
    expect(passed.code, passed.stderr).toBe(0);
  });
});

interface Disk {
  /** Leaves about so many bytes free. */
  fill(left: number): void;
  empty(): void;
  unmount(): void;
}

/** Puts a folder on a small disk of its own; null, with the reason printed, where this process may not mount one. */
function moveToSmallDisk(folder: string, size: string): Disk | null {
  const aside = `${folder}.aside`;
  try {
    execFileSync('cp', ['-a', folder, aside]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    process.stdout.write(`A full disk is not tried here: ${String((error as Error).message).trim()}\n`);
    return null;
  }
  execFileSync('cp', ['-a', `${aside}/.`, folder]);
  const filler = join(folder, 'filler');
  return {
    fill(left) {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    },
    empty: () => rmSync(filler, { force: true }),
    unmount: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTimed } from './run-timed.js';
import { startServer } from './start-server.js';

const here = dirname(fileURLToPath(import.meta.url));
export const PROGRAM = process.env.TIDEMARK_BIN ?? join(here, '..', 'bin', 'tidemark.js');

/** What every measure works with: a folder, the number of rounds, and one PostgreSQL that starts when first asked for. */
export async function openBench({ rounds, quick }) {
  const work = join(here, '.work');
  rmSync(join(work, 'pipelines'), { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  // An outdated build is made now, not inside of the first measure.
  await runTimed(process.execPath, [PROGRAM, '--version']);
  let server = null;
  return {
    work,
    rounds,
    /** Rows of a data set: the full number, or a tenth. */
    rows: (full) => (quick ? full / 10 : full),
    postgres() {
      server ??= startServer(work);
      return server;
    },
    async close() {
      await (await server)?.stop();
      rmSync(join(work, 'pipelines'), { recursive: true, force: true });
    },
  };
}

/** Runs sides in turn for every round, so that a slow minute of the machine falls on all; answers times in ms by side. */
export async function interleaved(rounds, sides) {
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(sides);
    if (round % 2 === 1) names.reverse();
    for (const name of names) times[name].push(await sides[name](round));
  }
  return times;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../bench.js';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';

const LIMIT_MS = 3000;
const DIFF = `diff --dataset payments --period ${PERIOD}`;

/** `diff` of staged against core rows, as many of each, in the embedded warehouse: one row in a hundred changed, and every one. */
export const diff = {
  name: 'diff',
  async run(bench) {
    const rows = bench.rows(1_000_000);
    const pipeline = makePipeline(bench, { file: await paymentsCsv(bench, rows) });
    await pipeline.run(`run --period ${PERIOD} --quiet`);
    const measures = [];
    for (const [every, which] of [
      [100, '1 % of them changed'],
      [1, 'each changed'],
    ]) {
      await stage(pipeline, await paymentsCsv(bench, rows, { every }));
      const times = [];
      for (let round = 0; round < bench.rounds; round++) times.push(await diffed(pipeline, rows / every));
      measures.push(measure(`diff, ${shown(rows)} staged rows against ${shown(rows)} core rows, ${which}`, median(times)));
    }
    rmSync(pipeline.root, { recursive: true });
    return measures;
  },
};

const shown = (rows) => rows.toLocaleString('en');

/** Stages the file as a new delivery of the period. */
async function stage(pipeline, file) {
  const landed = join(pipeline.root, 'data', 'landed', `payments_${PERIOD}.csv`);
  // What lies there is the bench's own file under a second name: it is replaced, not written to.
  rmSync(landed);
  copyFileSync(file, landed);
  for (const step of ['ingest', 'validate', 'load-stage']) await pipeline.run(`${step} --period ${PERIOD} --quiet`);
}

/** The time of a diff that tells so many modified rows. */
async function diffed(pipeline, modified) {
  const { ms, stdout } = await pipeline.run(DIFF);
  if (!stdout.includes(`${shown(modified)} modified`)) throw new Error(`another diff was meant:\n${stdout}`);
  return ms;
}

function measure(what, ms) {
  return { what, product: seconds(ms), peer: seconds(LIMIT_MS), ratio: ms / LIMIT_MS, limit: 1 };
}

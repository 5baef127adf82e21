import { rmSync } from 'node:fs';
import { median } from '../bench.js';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';

const LIMIT_MS = 500;

/** `status` of a pipeline with a promoted period, on a machine that has just run it. */
export const status = {
  name: 'status',
  async run(bench) {
    const pipeline = makePipeline(bench, { file: await paymentsCsv(bench, 10_000) });
    await pipeline.run(`run --period ${PERIOD} --quiet`);
    await pipeline.run('status');
    const times = [];
    for (let round = 0; round < bench.rounds * 2; round++) times.push((await pipeline.run('status')).ms);
    rmSync(pipeline.root, { recursive: true });
    const ms = median(times);
    return [{ what: 'status', product: seconds(ms), peer: seconds(LIMIT_MS), ratio: ms / LIMIT_MS, limit: 1 }];
  },
};

import { rmSync } from 'node:fs';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { megabytes, seconds } from '../results.js';

const LIMIT_BYTES = 700e6;

/** The most memory the whole validating process holds, DuckDB included, with 1 and with 10 million rows. */
export const memory = {
  name: 'memory',
  async run(bench) {
    const found = [];
    for (const full of [1_000_000, 10_000_000]) {
      const rows = bench.rows(full);
      const pipeline = makePipeline(bench, { file: await paymentsCsv(bench, rows) });
      await pipeline.run(`ingest --period ${PERIOD} --quiet`);
      const { ms, peakBytes } = await pipeline.runWithPeak(`validate --period ${PERIOD} --quiet`);
      rmSync(pipeline.root, { recursive: true });
      found.push({
        what: `validate, peak memory with ${rows.toLocaleString('en')} rows`,
        product: `${megabytes(peakBytes)} (${seconds(ms)})`,
        peer: megabytes(LIMIT_BYTES),
        ratio: peakBytes / LIMIT_BYTES,
        limit: 1,
      });
    }
    return found;
  },
};

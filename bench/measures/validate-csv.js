import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved, median } from '../bench.js';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';
import { runTimed } from '../run-timed.js';

const PEER = join(dirname(fileURLToPath(import.meta.url)), '..', 'peers', 'duckdb-validate.js');

/** validate of a CSV against DuckDB's own read, cast and write of the same file. */
export const validateCsv = {
  name: 'validate-csv',
  async run(bench) {
    const rows = bench.rows(1_000_000);
    const file = await paymentsCsv(bench, rows);
    const output = join(bench.work, 'peer.parquet');
    const times = await interleaved(bench.rounds, {
      async product() {
        const pipeline = makePipeline(bench, { file });
        await pipeline.run(`ingest --period ${PERIOD} --quiet`);
        const { ms } = await pipeline.run(`validate --period ${PERIOD} --quiet`);
        rmSync(pipeline.root, { recursive: true });
        return ms;
      },
      async peer() {
        const { ms } = await runTimed(process.execPath, [PEER, file, output]);
        rmSync(output);
        return ms;
      },
    });
    const [product, peer] = [median(times.product), median(times.peer)];
    return [
      {
        what: `validate, CSV of ${rows.toLocaleString('en')} × 10`,
        product: seconds(product),
        peer: `${seconds(peer)}: DuckDB read_csv, cast, write Parquet`,
        ratio: product / peer,
        limit: 2,
      },
    ];
  },
};

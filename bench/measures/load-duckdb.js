import { copyFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved, median } from '../bench.js';
import { cleanedFile } from '../cleaned-file.js';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';
import { runTimed } from '../run-timed.js';

const PEER = join(dirname(fileURLToPath(import.meta.url)), '..', 'peers', 'duckdb-insert.js');

/** First load of a period into the embedded warehouse against DuckDB's own INSERT … SELECT of the same Parquet. */
export const loadDuckdb = {
  name: 'load-duckdb',
  async run(bench) {
    const rows = bench.rows(1_000_000);
    const pipeline = makePipeline(bench, { file: await paymentsCsv(bench, rows) });
    for (const step of ['ingest', 'validate']) await pipeline.run(`${step} --period ${PERIOD} --quiet`);
    const warehouse = join(pipeline.root, 'data', 'warehouse.duckdb');
    const before = join(pipeline.root, 'before.duckdb');
    const own = join(pipeline.root, 'peer.duckdb');
    copyFileSync(warehouse, before);
    const parquet = cleanedFile(pipeline.root);
    const times = await interleaved(bench.rounds, {
      async product() {
        copyFileSync(before, warehouse);
        return (await pipeline.run(`load-stage --period ${PERIOD} --dataset payments --quiet`)).ms;
      },
      async peer() {
        copyFileSync(before, own);
        return (await runTimed(process.execPath, [PEER, own, parquet])).ms;
      },
    });
    rmSync(pipeline.root, { recursive: true });
    const [product, peer] = [median(times.product), median(times.peer)];
    return [
      {
        what: `load-stage, ${rows.toLocaleString('en')} rows, first load into DuckDB`,
        product: seconds(product),
        peer: `${seconds(peer)}: INSERT … SELECT from the same Parquet`,
        ratio: product / peer,
        limit: 1.15,
      },
    ];
  },
};

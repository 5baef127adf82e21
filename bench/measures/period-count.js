import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { interleaved, median } from '../bench.js';
import { withDatabase } from '../database.js';
import { PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';

const COMMAND = `load-stage --period ${PERIOD} --dataset payments --force --quiet`;
/** Ten years back from the period that is replaced; the newest of them stand in the smaller table too. */
const OTHERS = Array.from({ length: 119 }, (_, i) =>
  new Date(Date.UTC(2025, 4 - i, 1)).toISOString().slice(0, 7),
);
const FEW = 12;
const MANY = 120;
const NOISE = 1.15;

/** Replacing one period of a table with twelve against the same with ten years in it. */
export const periodCountDuckdb = {
  name: 'period-count-duckdb',
  async run(bench) {
    const sides = {};
    for (const periods of [FEW, MANY]) {
      const pipeline = await loadedPipeline(bench, null);
      const instance = await DuckDBInstance.create(join(pipeline.root, 'data', 'warehouse.duckdb'));
      const connection = await instance.connect();
      await fill((text) => connection.run(text), periods);
      connection.closeSync();
      instance.closeSync();
      sides[periods] = async () => (await pipeline.run(COMMAND)).ms;
    }
    return [await compare(bench, 'DuckDB', sides)];
  },
};

export const periodCountPostgres = {
  name: 'period-count-postgres',
  run: (bench) =>
    withDatabase(bench, (few) =>
      withDatabase(bench, async (many) => {
        const sides = {};
        for (const [periods, { url, query }] of [
          [FEW, few],
          [MANY, many],
        ]) {
          const pipeline = await loadedPipeline(bench, url);
          await fill(query, periods);
          await query('VACUUM ANALYZE stage.payments');
          sides[periods] = async () => {
            await query('CHECKPOINT');
            const { ms } = await pipeline.run(COMMAND);
            await query('VACUUM stage.payments');
            return ms;
          };
        }
        return [await compare(bench, 'PostgreSQL', sides)];
      }),
    ),
};

async function loadedPipeline(bench, databaseUrl) {
  const pipeline = makePipeline(bench, { file: await paymentsCsv(bench, bench.rows(50_000)), databaseUrl });
  for (const step of ['migrate', ...['ingest', 'validate', 'load-stage'].map((name) => `${name} --period ${PERIOD}`)]) {
    await pipeline.run(`${step} --quiet`);
  }
  return pipeline;
}

/** The other periods hold the same rows; copied in the database, since a hundred loads would take longer than the measure. */
async function fill(query, periods) {
  for (const period of OTHERS.slice(0, periods - 1)) {
    await query(
      `INSERT INTO stage.payments (payment_id, account, holder, region_code, birth_date, amount, share, is_active, updated_at,
         kind, _source_row, _data_period, _file_id, _load_id)
       SELECT payment_id, account, holder, region_code, birth_date, amount, share, is_active, updated_at, kind, _source_row,
         '${period}', _file_id, _load_id FROM stage.payments WHERE _data_period = '${PERIOD}'`,
    );
  }
}

async function compare(bench, engine, sides) {
  const times = await interleaved(bench.rounds, sides);
  rmSync(join(bench.work, 'pipelines'), { recursive: true, force: true });
  const [few, many] = [median(times[FEW]), median(times[MANY])];
  return {
    what: `load-stage, replacing ${bench.rows(50_000).toLocaleString('en')} rows, ${MANY} periods in the table, ${engine}`,
    product: seconds(many),
    peer: `${seconds(few)}: the same with ${FEW} periods`,
    ratio: many / few,
    limit: NOISE,
    note: `the same time is meant; ${NOISE} is what two runs of one and the same thing differ by here.`,
  };
}

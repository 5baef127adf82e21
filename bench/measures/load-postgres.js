import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { interleaved, median } from '../bench.js';
import { cleanedFile } from '../cleaned-file.js';
import { withDatabase } from '../database.js';
import { COLUMNS, PERIOD, paymentsCsv } from '../payments.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';
import { runTimed } from '../run-timed.js';

const LOADED = [...COLUMNS, '_source_row', '_data_period', '_file_id', '_load_id'];

/** First load of a period into PostgreSQL against psql's \copy of the same rows into the same indexed table. */
export const loadPostgres = {
  name: 'load-postgres',
  async run(bench) {
    const rows = bench.rows(1_000_000);
    return withDatabase(bench, async ({ url, query }) => {
      const pipeline = makePipeline(bench, { file: await paymentsCsv(bench, rows), databaseUrl: url });
      await pipeline.run('migrate --quiet');
      for (const step of ['ingest', 'validate']) await pipeline.run(`${step} --period ${PERIOD} --quiet`);
      const csv = join(pipeline.root, 'rows.csv');
      await writeRows(cleanedFile(pipeline.root), csv);
      await query('CREATE SCHEMA peer');
      await query('CREATE TABLE peer.payments (LIKE stage.payments INCLUDING ALL)');
      const psql = hasPsql();
      const sides = {
        async product() {
          await query('TRUNCATE stage.payments; DELETE FROM meta.load_log; CHECKPOINT');
          return (await pipeline.run(`load-stage --period ${PERIOD} --dataset payments --quiet`)).ms;
        },
        async peer() {
          await query('TRUNCATE peer.payments; CHECKPOINT');
          const copy = `\\copy peer.payments (${LOADED.join(', ')}) FROM '${csv}' (FORMAT csv)`;
          return (await runTimed('psql', [url, '--no-psqlrc', '--quiet', '--command', copy])).ms;
        },
      };
      if (!psql) delete sides.peer;
      const times = await interleaved(bench.rounds, sides);
      rmSync(pipeline.root, { recursive: true });
      const product = median(times.product);
      const peer = psql ? median(times.peer) : null;
      return [
        {
          what: `load-stage, ${rows.toLocaleString('en')} rows, first load into PostgreSQL`,
          product: seconds(product),
          peer: psql ? `${seconds(peer)}: psql \\copy of the same rows from CSV` : 'psql is not installed here',
          ratio: psql ? product / peer : null,
          limit: 1.15,
        },
      ];
    });
  },
};

function hasPsql() {
  return spawnSync('psql', ['--version']).status === 0;
}

async function writeRows(parquet, csv) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT ${COLUMNS.join(', ')}, _source_row, '${PERIOD}', 1, 1 FROM read_parquet('${parquet}')) TO '${csv}'
     (FORMAT csv, HEADER false)`,
  );
  connection.closeSync();
  instance.closeSync();
}

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { median } from '../bench.js';
import { withDatabase } from '../database.js';
import { makePipeline } from '../pipeline.js';
import { seconds } from '../results.js';

const RECORDS = 100_000;
/** The loop takes a part of the same records; its time is that of one record times their number. */
const LOOPED = 50;
const LIMIT = 1 / 50;

const CONFIG = `version: 1
datasets:
  postings:
    period: none
    source: {records: {}}
    schema:
      fields:
        - {name: website, value: example_bank}
        - {name: job_id, constraints: {required: true}}
        - {name: title, path: "$.job.title", constraints: {required: true, maxLength: 100}}
        - {name: pay, path: "$.job.pay", type: number, precision: 12, scale: 2}
        - {name: city, path: "$.places[0].city", default: unknown}
      primaryKey: [website, job_id]
    core: {strategy: upsert, identity: posting_id}
`;

const record = (n) => ({
  job_id: `J-${n}`,
  job: { title: `Clerk number ${n}`, pay: (n % 5000) + 0.25, text: 'lorem ipsum '.repeat(12) },
  places: n % 9 === 0 ? [] : [{ city: 'Oslo' }],
});

/** Records promoted against the loop that a script without Tidemark would have: record by record, on one open connection. */
function measureOf(engine, opened) {
  return {
    name: `records-${engine.toLowerCase()}`,
    async run(bench) {
      const count = bench.rows(RECORDS);
      const file = join(bench.work, 'postings.ndjson');
      const texts = Array.from({ length: count }, (_, n) => JSON.stringify(record(n)));
      writeFileSync(file, `${texts.join('\n')}\n`);
      return opened(bench, async ({ databaseUrl, loop }) => {
        const product = [];
        const peer = [];
        for (let round = 0; round < bench.rounds; round++) {
          const pipeline = makePipeline(bench, { file, name: `any-${round}.txt`, databaseUrl: await databaseUrl(round), config: CONFIG });
          await pipeline.run('migrate --quiet');
          await pipeline.run(`records submit --dataset postings --run bench --actor bench --quiet ${file}`);
          product.push((await pipeline.run('records promote --dataset postings --all --quiet')).ms);
          rmSync(pipeline.root, { recursive: true });
          const looped = texts.slice(0, Math.ceil(count / LOOPED));
          peer.push((await loop(looped, round)) * (count / looped.length));
        }
        const [ms, loopMs] = [median(product), median(peer)];
        return [
          {
            what: `records promote, ${count.toLocaleString('en')} records, ${engine}`,
            product: seconds(ms),
            peer: `${seconds(loopMs)}: select, check, look for the duplicate, insert, update and commit, one by one`,
            ratio: ms / loopMs,
            limit: LIMIT,
          },
        ];
      });
    },
  };
}

const TABLES = `
CREATE SCHEMA peer;
CREATE TABLE peer.records (id BIGINT PRIMARY KEY, raw VARCHAR, errors VARCHAR, promoted BOOLEAN);
CREATE TABLE peer.postings (website VARCHAR, job_id VARCHAR, title VARCHAR, pay DECIMAL(12,2), city VARCHAR, PRIMARY KEY (website, job_id))`;

const STATEMENTS = {
  insertRaw: 'INSERT INTO peer.records VALUES ($1, $2, NULL, false)',
  select: 'SELECT raw FROM peer.records WHERE id = $1',
  same: 'SELECT 1 FROM peer.postings WHERE website = $1 AND job_id = $2',
  insert: 'INSERT INTO peer.postings VALUES ($1, $2, $3, $4, $5)',
  update: 'UPDATE peer.records SET promoted = true WHERE id = $1',
};

/** `statement(name, values)` runs a prepared one and answers rows; the time in ms of all records. */
async function oneByOne(texts, { statement, begin, commit }) {
  await begin();
  for (const [id, text] of texts.entries()) await statement('insertRaw', [id, text]);
  await commit();
  const started = performance.now();
  for (let id = 0; id < texts.length; id++) {
    await begin();
    const [{ raw }] = await statement('select', [id]);
    const { job_id: jobId, job, places } = JSON.parse(raw);
    const sound = typeof jobId === 'string' && job.title.length <= 100 && Number.isFinite(job.pay);
    const twice = await statement('same', ['example_bank', jobId]);
    if (sound && twice.length === 0)
      await statement('insert', ['example_bank', jobId, job.title, job.pay, places[0]?.city ?? 'unknown']);
    await statement('update', [id]);
    await commit();
  }
  return performance.now() - started;
}

export const recordsPostgres = measureOf('PostgreSQL', (bench, work) =>
  withDatabase(bench, async ({ url, query }) =>
    work({
      async databaseUrl() {
        await query('DROP SCHEMA IF EXISTS meta, stage, core, history, mart, peer CASCADE; CHECKPOINT');
        return url;
      },
      async loop(texts) {
        await query(TABLES);
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        try {
          return await oneByOne(texts, {
            statement: async (name, values) => (await client.query({ name, text: STATEMENTS[name], values })).rows,
            begin: () => client.query('BEGIN'),
            commit: () => client.query('COMMIT'),
          });
        } finally {
          await client.end();
        }
      },
    }),
  ),
);

export const recordsDuckdb = measureOf('DuckDB', (bench, work) =>
  work({
    databaseUrl: async () => null,
    async loop(texts, round) {
      const file = join(bench.work, 'pipelines', `loop-${round}.duckdb`);
      const instance = await DuckDBInstance.create(file);
      const connection = await instance.connect();
      try {
        for (const statement of TABLES.split(';')) await connection.run(statement);
        const prepared = {};
        for (const [name, text] of Object.entries(STATEMENTS)) prepared[name] = await connection.prepare(text);
        const one = await oneByOne(texts, {
          async statement(name, values) {
            prepared[name].bind(values.map((value) => (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value)));
            return (await prepared[name].runAndReadAll()).getRowObjectsJson();
          },
          begin: () => connection.run('BEGIN'),
          commit: () => connection.run('COMMIT'),
        });
        return one;
      } finally {
        connection.closeSync();
        instance.closeSync();
        rmSync(file, { force: true });
      }
    },
  }),
);

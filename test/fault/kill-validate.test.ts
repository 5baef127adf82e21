import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { ENTRIES_CONFIG, entries, MOMENTS, PERIOD, ROWS } from './entries.ts';
import { FAULT_ENGINES } from './fault-engines.ts';
import { succeed } from './replaced-period.ts';

const [, duckdb] = FAULT_ENGINES[0] as (typeof FAULT_ENGINES)[number];

describe('validate killed', () => {
  const { csv, content } = entries(1, ROWS);
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = makePipeline({
      spawn: true,
      config: ENTRIES_CONFIG,
      landed: { [`entries_${PERIOD}.csv`]: csv },
    });
    await succeed(pipeline, `ingest --period ${PERIOD}`);
  });
  afterAll(() => pipeline.remove());

  it(`leaves no broken file under its final name at each of ${MOMENTS} random moments, and the next run passes`, async () => {
    const command = `validate --period ${PERIOD} --json --quiet`;
    const wholeMs = await timeOfAnother(csv);
    let killed = 0;
    for (let moment = 0; moment < MOMENTS; moment++) {
      const running = pipeline.start(command);
      await wait(((moment + Math.random()) / MOMENTS) * wholeMs);
      running.process.kill('SIGKILL');
      killed += (await running.answer).signal === null ? 0 : 1;
      for (const file of finalFiles(pipeline)) expect(await rowsIn(file), file).toBe(content.rows);
    }
    expect(killed).toBeGreaterThan(0);

    const next = await pipeline.run(command);
    expect(next.code, next.stderr).toBe(0);
    const [logged] = await duckdb
      .make()
      .then((database) =>
        database.query(
          pipeline.root,
          'SELECT parquet_path, parquet_sha256, rows_accepted FROM meta.validation_log ORDER BY validation_id DESC LIMIT 1',
        ),
      );
    const bytes = readFileSync(join(pipeline.root, String(logged?.parquet_path)));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(logged?.parquet_sha256);
    expect(Number(logged?.rows_accepted)).toBe(content.rows);
    await succeed(pipeline, `load-stage --period ${PERIOD} --dataset entries`);
  }, 600_000);
});

/** How long a validate of the same file takes that nobody kills. */
async function timeOfAnother(csv: string): Promise<number> {
  const pipeline = makePipeline({
    spawn: true,
    config: ENTRIES_CONFIG,
    landed: { [`entries_${PERIOD}.csv`]: csv },
  });
  try {
    await succeed(pipeline, `ingest --period ${PERIOD}`);
    const started = performance.now();
    await succeed(pipeline, `validate --period ${PERIOD}`);
    return performance.now() - started;
  } finally {
    pipeline.remove();
  }
}

/** Cleaned files under names that readers take for finished. */
function finalFiles(pipeline: Pipeline): string[] {
  const folder = join(pipeline.root, 'data', 'stage', 'cleaned');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.parquet'))
    .map((path) => join(folder, path));
}

async function rowsIn(parquet: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT count(COLUMNS(*)) FROM read_parquet('${parquet}')`);
    return Number(reader.getRowsJson()[0]?.[0]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

import { expect } from 'vitest';
import { type Answer, makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { RECORDS_CONFIG } from '../fixtures/records.ts';
import type { Database, FaultEngine } from './fault-engines.ts';

export const submitOf = (batch: string, more = '') =>
  `records submit --dataset postings --run night --actor fetcher --batch-id ${batch} --json --quiet ${more}`;

/** Records that no other batch has. */
export function recordsOf(batch: string, count: number): string {
  const title = 'an analyst of risks '.repeat(10);
  return Array.from({ length: count }, (_, i) => `{"job_id":"${batch}-${i}","title":"${title}"}\n`).join('');
}

/** What the warehouse holds of one batch. */
export interface Held {
  readonly batch: string;
  readonly records: number;
  readonly different: number;
  /** As the log of batches says; null: it knows no such batch. */
  readonly logged: number | null;
}

/** A staging table of records, looked at from outside. */
export interface StagedRecords {
  readonly pipeline: Pipeline;
  readonly database: Database;
  held(): Promise<readonly Held[]>;
  /** Repeats a call until it is answered, and expects that it stores the batch or finds it. */
  submit(batch: string, count: number): Promise<Answer>;
  remove(): Promise<void>;
}

export async function stagedRecords(engine: FaultEngine): Promise<StagedRecords> {
  const database = await engine.make();
  const pipeline = makePipeline({
    config: RECORDS_CONFIG,
    spawn: true,
    ...(database.url === undefined ? {} : { databaseUrl: database.url }),
  });
  const migrated = await pipeline.run('migrate --json');
  expect(migrated.code, migrated.stderr).toBe(0);
  return {
    ...{ pipeline, database },
    async held() {
      await settled(database, pipeline.root);
      const rows = await database.query(
        pipeline.root,
        `SELECT coalesce(r.batch_id, b.batch_id) AS batch, coalesce(r.n, 0) AS records,
           coalesce(r.different, 0) AS different, b.records AS logged
         FROM (SELECT batch_id, count(*) AS n, count(DISTINCT CAST(raw_data AS VARCHAR)) AS different
               FROM stage.postings_records GROUP BY batch_id) r
         FULL JOIN meta.record_batch b ON b.batch_id = r.batch_id ORDER BY 1`,
      );
      return rows.map((row) => ({
        batch: String(row.batch),
        records: Number(row.records),
        different: Number(row.different),
        logged: row.logged === null ? null : Number(row.logged),
      }));
    },
    async submit(batch, count) {
      const answer = await pipeline.run(submitOf(batch), recordsOf(batch, count));
      expect(answer.code, answer.stderr).toBe(0);
      expect(answer.json).toMatchObject({ status: 'done', records: { submitted: count }, batch_id: batch });
      return answer;
    },
    async remove() {
      pipeline.remove();
      await database.drop();
    },
  };
}

export const whole = (batch: string, records: number): Held => ({
  ...{ batch, records, different: records, logged: records },
});

/** A server may still be ending what a killed client began: its commit, or its way back. */
export async function settled(database: Database, root: string): Promise<void> {
  if (database.url === undefined) return;
  for (;;) {
    const others = await database.query(
      root,
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND backend_type = 'client backend'`,
    );
    if (others.length === 0) return;
  }
}

import { describe, expect, it } from 'vitest';
import { FAULT_ENGINES } from './fault-engines.ts';
import { recordsOf, stagedRecords, submitOf, whole } from './staged-records.ts';

const RECORDS = 1000;

const PROMOTE = 'records promote --dataset postings --all --json --quiet';

/** Records of the same keys, whoever hands them over. */
const SAME_KEYS = Array.from({ length: RECORDS }, (_, i) => `{"job_id":"j-${i}","title":"Clerk"}\n`).join('');

describe.each(FAULT_ENGINES)('several submitters at once on %s', (name, engine) => {
  const SUBMITTERS = name === 'DuckDB' ? 4 : 8;

  it('each store all of their records once, and are told their own numbers', async () => {
    const world = await stagedRecords(engine);
    try {
      const batches = Array.from({ length: SUBMITTERS }, (_, i) => `b${i}`);
      const answers = await Promise.all(
        batches.map(
          (batch) => world.pipeline.start(submitOf(batch, '--print-ids'), recordsOf(batch, RECORDS)).answer,
        ),
      );
      expect(
        answers.map(({ code }) => code),
        answers.map(({ stderr }) => stderr).join(''),
      ).toEqual(batches.map(() => 0));
      expect(await world.held()).toEqual(batches.map((batch) => whole(batch, RECORDS)));
      for (const [i, batch] of batches.entries()) {
        const rows = await world.database.query(
          world.pipeline.root,
          `SELECT staging_id AS id, CAST(raw_data AS VARCHAR) AS text FROM stage.postings_records
           WHERE batch_id = '${batch}' ORDER BY staging_id`,
        );
        expect(answers[i]?.json.details.staging_ids).toEqual(rows.map(({ id }) => Number(id)));
        expect(`${rows.map(({ text }) => text).join('\n')}\n`).toBe(recordsOf(batch, RECORDS));
      }
    } finally {
      await world.remove();
    }
  });

  it('of the same batch store it once, and get the same answer', async () => {
    const world = await stagedRecords(engine);
    try {
      const answers = await Promise.all(
        Array.from(
          { length: SUBMITTERS },
          () => world.pipeline.start(submitOf('page', '--print-ids'), recordsOf('page', RECORDS)).answer,
        ),
      );
      const told = answers.map(({ json, stderr }) => ({ ...json, run_id: stderr }));
      expect(told).toEqual(answers.map(() => ({ ...told[0], exit_code: 0, run_id: '' })));
      expect(told[0]?.details.staging_ids).toHaveLength(RECORDS);
      expect(await world.held()).toEqual([whole('page', RECORDS)]);
    } finally {
      await world.remove();
    }
  });

  it('beside promoters: every record is promoted or linked, exactly once', async () => {
    const world = await stagedRecords(engine);
    try {
      const promoters = name === 'DuckDB' ? 1 : 2;
      let isSubmitting = true;
      const promote = async () => {
        const last = !isSubmitting;
        const { code, stderr } = await world.pipeline.start(PROMOTE).answer;
        expect(code, stderr).toBe(0);
        if (!last) await promote();
      };
      const promoting = Array.from({ length: promoters }, promote);
      const calls = Array.from({ length: SUBMITTERS }, async (_, i) => {
        for (const page of ['x', 'y']) {
          const { code, stderr } = await world.pipeline.start(submitOf(`b${i}${page}`), SAME_KEYS).answer;
          expect(code, stderr).toBe(0);
        }
      });
      await Promise.all(calls).finally(() => {
        isSubmitting = false;
      });
      await Promise.all(promoting);
      const [counts] = await world.database.query(
        world.pipeline.root,
        `SELECT count(*) AS records, count(CASE WHEN promoted AND NOT duplicate THEN 1 END) AS promoted,
           count(CASE WHEN duplicate AND NOT promoted THEN 1 END) AS linked,
           (SELECT count(*) FROM core.postings) AS core FROM stage.postings_records`,
      );
      const all = SUBMITTERS * 2 * RECORDS;
      expect(Object.values(counts ?? {}).map(Number)).toEqual([all, RECORDS, all - RECORDS, RECORDS]);
    } finally {
      await world.remove();
    }
  });
});

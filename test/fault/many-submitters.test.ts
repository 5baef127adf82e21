import { describe, expect, it } from 'vitest';
import { FAULT_ENGINES } from './fault-engines.ts';
import { recordsOf, stagedRecords, submitOf, whole } from './staged-records.ts';

const RECORDS = 1000;

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
});

import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePipeline, type Pipeline } from '../fixtures/pipelines/make-pipeline.ts';
import { ENTRIES_CONFIG, entries, PERIOD } from './entries.ts';
import { succeed } from './replaced-period.ts';

describe('a file that changes between ingest and validate', () => {
  let pipeline: Pipeline;
  beforeAll(() => {
    pipeline = makePipeline({
      config: ENTRIES_CONFIG,
      landed: { [`entries_${PERIOD}.csv`]: entries(1, 100).csv },
    });
  });
  afterAll(() => pipeline.remove());

  it('is refused with 3 and nothing cleaned; gated again it is a delivery of its own', async () => {
    const gated = await succeed(pipeline, `ingest --period ${PERIOD}`);
    appendFileSync(join(pipeline.root, `data/landed/entries_${PERIOD}.csv`), '102,5.00,late,2025-06-30\n');

    const refused = await pipeline.run(`validate --period ${PERIOD} --json --quiet`);
    expect(refused.code, refused.stderr).toBe(3);
    expect(refused.json).toMatchObject({ status: 'refused', dataset: 'entries', period: PERIOD });
    expect(refused.json.message).toContain(`entries_${PERIOD}.csv`);
    expect(refused.json.hint).toMatch(/ingest/);
    expect(existsSync(join(pipeline.root, 'data/stage/cleaned/entries', PERIOD))).toBe(false);

    const again = await succeed(pipeline, `ingest --period ${PERIOD}`);
    expect(again.json.file_id).toBeGreaterThan(gated.json.file_id);
    const passed = await succeed(pipeline, `validate --period ${PERIOD}`);
    expect(passed.json.rows.accepted).toBe(102);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { RecordsDataset } from '../../src/domain/dataset.ts';
import { writeFileAtomic } from '../../src/lake/atomic-write.ts';
import { openProject, type Project } from '../../src/lake/project.ts';
import { logBatch } from '../../src/ledger/record-batches.ts';
import { eachNumber } from '../../src/records/numbers-of-batch.ts';
import { takeRecords } from '../../src/records/take-records.ts';
import { raw } from '../../src/sql/sql.ts';
import { type SubmitInput, submitRecords } from '../../src/steps/records-submit.ts';
import { migrate, migrationSources } from '../../src/warehouse/migrate/migrate.ts';
import { RECORDS_CONFIG } from '../fixtures/records.ts';
import { ENGINES, type OpenedWarehouse } from './empty-warehouses.ts';
import { stepContext } from './world/step-context.ts';

const recordsOf = (name: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `{"job_id":"${name}-${i}"}\n`).join('');

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe.each(ENGINES)('records handed over in one process to %s', (name, engine) => {
  const root = mkdtempSync(join(tmpdir(), 'tidemark-submit-'));
  const project: Project = openProject(root);
  let opened: OpenedWarehouse;
  let config: Config;
  let calls = 0;
  beforeAll(async () => {
    await engine.start();
    writeFileAtomic(project.configPath, RECORDS_CONFIG);
    config = loadConfig(project.configPath, {});
    opened = await engine.open(root);
    await migrate(opened.warehouse, migrationSources(project, config, opened.warehouse));
  }, 120_000);
  afterAll(async () => {
    await opened.release();
    await engine.stop();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() =>
    opened.warehouse.transaction(async (tx) => {
      await tx.execute(raw('DELETE FROM stage.postings_records'));
      await tx.execute(raw('DELETE FROM meta.record_batch'));
    }),
  );

  const inputOf = (text: string, batchId: string | null): SubmitInput => ({
    ...{ dataset: config.datasets.get('postings') as RecordsDataset, run: 'night', actor: 'fetcher' },
    ...{ interaction: null, batchId, bytes: bytesOf(text), name: 'stdin', wantsNumbers: true },
  });
  const submit = (text: string, batchId: string | null = null) => {
    const own = { project, config, warehouse: opened.warehouse, runId: `call-${++calls}` };
    return submitRecords(stepContext(own), inputOf(text, batchId));
  };
  const stored = () =>
    opened.warehouse.read((session) =>
      session.query<{ id: number; text: string }>(
        raw('SELECT staging_id AS id, raw_data AS text FROM stage.postings_records ORDER BY staging_id'),
      ),
    );

  it('by several calls at once are stored once, each call with its own numbers in its own order', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(names.map((name) => submit(recordsOf(name, 300))));
    const rows = await stored();
    expect(rows).toHaveLength(1500);
    const texts = new Map(rows.map(({ id, text }) => [id, text]));
    for (const [i, name] of names.entries()) {
      const ids = eachNumber(answers[i]?.numbers ?? []);
      expect(ids.map((id) => `${texts.get(id)}\n`).join('')).toBe(recordsOf(name, 300));
    }
  });

  it('as one batch by several calls at once are stored once, and every call gets the same answer', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => submit(recordsOf('a', 300), 'page')));
    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(answers[0]?.result).toMatchObject({ status: 'done', records: { submitted: 300 } });
    expect(await stored()).toHaveLength(300);
  });

  // Where one process holds the warehouse, its calls take turns, and nobody else is there.
  if (name !== 'DuckDB')
    it('as a batch that another caller commits meanwhile are answered as that caller was', async () => {
      const { warehouse } = opened;
      const text = recordsOf('a', 3);
      const from = { ...inputOf(text, 'page'), dataset: 'postings' };
      const { sha256 } = await takeRecords(from, null, new AbortController().signal);
      const [, answer] = await Promise.all([
        warehouse.transaction(async (tx) => {
          await logBatch(tx, {
            ...{ dataset: 'postings', run: 'night', batchId: 'page', records: 3, sha256 },
            ...{ firstStagingId: 1_000_001, lastStagingId: 1_000_003, at: new Date() },
          });
          await wait(700);
        }),
        wait(200).then(() => submit(text, 'page')),
      ]);
      expect(answer.result).toMatchObject({ status: 'done', records: { submitted: 3 }, batchId: 'page' });
      // Of the other caller: it stored none, and ours were taken back.
      expect([answer.numbers, await stored()]).toEqual([[], []]);
    });
});

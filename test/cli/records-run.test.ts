import { describe, expect, it } from 'vitest';
import { posting, postingsConfig, recordsPipeline } from './handed-over.ts';
import { ENGINES, type World } from './world.ts';

/** Skills refer to postings and come before them in the file; pay is a file that refers to postings. */
const CONFIG = postingsConfig(
  '',
  `  skills:
    period: none
    source: {records: {}}
    schema:
      fields: [{name: posting_id, type: integer}, {name: skill}]
      primaryKey: [posting_id, skill]
      foreignKeys: [{fields: posting_id, reference: {dataset: postings, fields: posting_id}}]
  pay:
    source: {filename: "pay_{period}.csv"}
    schema:
      fields: [{name: id}, {name: amount, type: integer}]
      primaryKey: id
      foreignKeys: [{fields: id, reference: {dataset: postings, fields: id}}]
  others:
    period: none
    source: {records: {}}
    schema: {fields: [{name: name}], primaryKey: name}
`,
).replace(/( {2}postings:[\s\S]*?)( {2}skills:[\s\S]*?)( {2}pay:)/, '$2$1$3');

const MART = `-- grain: id
-- mode: full
-- reads: core.postings
SELECT id, title FROM core.postings`;

const stepsOf = ({ results }: Awaited<ReturnType<World['json']>>) =>
  results
    .filter(({ step }: { step: string }) => step === 'records promote')
    .map(({ dataset, status, records }: Record<string, unknown>) => [dataset, status, records]);

describe.each(ENGINES)('run with records on %s', (engine) => {
  it('promotes what waits, parents first, before files that refer to them, and publishes after it', async () => {
    const world = await recordsPipeline(engine, CONFIG, {
      'data/landed/pay_2025-06.csv': 'id,amount\n1,10\n2,20\n',
      'models/mart/board.sql': MART,
    });
    await world.insert('skills', 'a', { posting_id: 1, skill: 'SQL' }, { posting_id: 9, skill: 'Go' });
    await world.insert('postings', 'a', posting('1', 'Clerk'), posting('2', 'Teller'), posting('3', null));
    const told = await world.json('run --period 2025-06', 0);
    expect(stepsOf(told)).toEqual([
      ['postings', 'done', { promoted: 2, duplicate: 0, failed: 1, waiting: 0 }],
      ['skills', 'done', { promoted: 1, duplicate: 0, failed: 1, waiting: 0 }],
      ['others', 'skipped', { promoted: 0, duplicate: 0, failed: 0, waiting: 0 }],
    ]);
    expect(told.records).toEqual({ promoted: 3, duplicate: 0, failed: 2, waiting: 0 });
    expect(told.rows).toMatchObject({ read: 2, accepted: 2, rejected: 0, added: 5 });
    expect(told.details.reconciliation).toMatchObject([{ dataset: 'pay', read: 2, staged: 2, broken: [] }]);
    const steps = told.results.map(({ step, dataset }: Record<string, string>) => `${step} ${dataset ?? ''}`);
    expect(steps.indexOf('transform pay')).toBeGreaterThan(steps.indexOf('records promote postings'));
    expect(steps.at(-1)).toContain('publish');
    expect(await world.query('SELECT id FROM mart.board ORDER BY id')).toEqual([{ id: '1' }, { id: '2' }]);
  });

  it('promotes the records that a named dataset refers to, and no others; none before the step transform', async () => {
    const world = await recordsPipeline(engine, CONFIG);
    await world.insert('postings', 'a', posting('1', 'Clerk'));
    await world.insert('skills', 'a', { posting_id: 1, skill: 'SQL' });
    await world.insert('others', 'a', { name: 'x' });
    expect(stepsOf(await world.json('run --period 2025-06 --through load-stage', 0))).toEqual([]);
    expect(stepsOf(await world.json('run --period 2025-06 --dataset skills --through transform', 0))).toEqual(
      [
        ['postings', 'done', { promoted: 1, duplicate: 0, failed: 0, waiting: 0 }],
        ['skills', 'done', { promoted: 1, duplicate: 0, failed: 0, waiting: 0 }],
      ],
    );
    expect(await world.marks('others')).toEqual(['waits']);
  });

  it('tells a file that waits for records to which it refers', async () => {
    const world = await recordsPipeline(engine, CONFIG, {
      'data/landed/pay_2025-06.csv': 'id,amount\n1,10\n',
    });
    const told = await world.json('run --period 2025-06', 5);
    expect([told.message, told.hint]).toEqual([
      "pay refers to the list 'postings', of which no record was promoted. No row is to blame.",
      'Promote its records (tidemark records promote --dataset postings --all), then run the same command again.',
    ]);
  });

  it('ends with 3 where more of a run failed than the dataset accepts, and promotes the others', async () => {
    const strict = CONFIG.replace(
      '    period: none\n    source: {records: {}}\n    schema:\n      fields:\n        - {name: id',
      '    period: none\n    accept: {max_rejected: 0}\n    source: {records: {}}\n    schema:\n      fields:\n        - {name: id',
    );
    const world = await recordsPipeline(engine, strict);
    await world.insert('postings', 'a', posting('1', 'Clerk'), posting('2', null));
    await world.insert('others', 'a', { name: 'x' });
    const told = await world.json('run --period 2025-06', 3);
    expect(told.message).toContain("Of run 'a' more failed than accept.max_rejected allows (0)");
    expect(await world.marks('postings')).toEqual(['waits', 'failed']);
    expect(await world.marks('others')).toEqual(['promoted']);
  });

  it('tells what it did before where the same run is called again', async () => {
    const world = await recordsPipeline(engine, CONFIG);
    await world.insert('postings', 'a', posting('1', 'Clerk'));
    const first = stepsOf(await world.json('run --period 2025-06 --run-id night', 0));
    expect(first[0]).toEqual(['postings', 'done', { promoted: 1, duplicate: 0, failed: 0, waiting: 0 }]);
    expect(stepsOf(await world.json('run --period 2025-06 --run-id night', 0))).toEqual(first);
    expect(stepsOf(await world.json('run --period 2025-06', 0))[0]?.[1]).toBe('skipped');
  });

  it('counts records once, however many periods it is for', async () => {
    const world = await recordsPipeline(engine, CONFIG);
    await world.insert('postings', 'a', posting('1', 'Clerk'), posting('2', null));
    const told = await world.json('run --from 2025-05 --to 2025-07 --dataset postings', 0);
    expect(told.records).toEqual({ promoted: 1, duplicate: 0, failed: 1, waiting: 0 });
    expect(stepsOf(told).map(([, status]: unknown[]) => status)).toEqual(['done', 'skipped', 'skipped']);
  });

  it('shows in a dry run what would be promoted, and changes nothing', async () => {
    const world = await recordsPipeline(engine, CONFIG);
    await world.insert('postings', 'a', posting('1', 'Clerk'));
    expect(stepsOf(await world.json('run --period 2025-06 --dry-run', 0))[0]).toEqual([
      ...['postings', 'done', { promoted: 1, duplicate: 0, failed: 0, waiting: 0 }],
    ]);
    expect(await world.marks('postings')).toEqual(['waits']);
  });
});

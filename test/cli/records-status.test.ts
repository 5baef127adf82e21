import { describe, expect, it } from 'vitest';
import { DUPLICATE, FAILED, giveRecords, HELD, LACKS_PARENT, PROMOTED } from './given-records.ts';
import { POSTINGS } from './postings.ts';
import { register } from './registers.ts';
import { ENGINES, makeWorld, migratedWorld } from './world.ts';

const data = { job: { id: '1' } };
const at = (time: string) => ({ created_at: `TIMESTAMP '${time}'` });

describe.each(ENGINES)('records status on %s', (engine) => {
  const world = async () => {
    const made = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(made, engine, [
      { run: 'r2', data, marks: PROMOTED },
      { run: 'r2', data, marks: DUPLICATE },
      { run: 'r2', data, marks: FAILED },
      { run: 'r2', data, marks: LACKS_PARENT },
      { run: 'r2', data, marks: HELD },
      { run: 'r1', data, marks: at('2026-01-03 10:00:00') },
      { run: 'r1', data, marks: at('2026-01-02 10:00:00.5') },
      { run: 'r1', data, marks: { ...PROMOTED, ...at('2026-01-01 10:00:00') } },
    ]);
    await giveRecords(made, engine, [{ data: { skill: 'SQL' }, marks: FAILED }], 'skills');
    return made;
  };

  it('counts each record once, in its state, by dataset and run in the order in which they began', async () => {
    const { details, message } = await (await world()).json('records status', 0);
    expect(details.runs).toEqual([
      {
        ...{ dataset: 'postings', run: 'r2', submitted: 5, promoted: 1, duplicate: 1, failed: 2 },
        ...{ waiting: 0, held: 1, lacking_parent: 1, oldest_waiting: null },
      },
      {
        ...{ dataset: 'postings', run: 'r1', submitted: 3, promoted: 1, duplicate: 0, failed: 0 },
        ...{ waiting: 2, held: 0, lacking_parent: 0, oldest_waiting: '2026-01-02T10:00:00.5' },
      },
      {
        ...{ dataset: 'skills', run: 'r1', submitted: 1, promoted: 0, duplicate: 0, failed: 1 },
        ...{ waiting: 0, held: 0, lacking_parent: 0, oldest_waiting: null },
      },
    ]);
    expect(message).toBe('9 records of 3 runs: 2 promoted, 1 duplicate, 1 held, 3 failed, 2 waiting.');
  });

  it('shows people a table', async () => {
    const { code, stdout } = await (await world()).run('records status --dataset postings');
    expect([code, stdout]).toEqual([
      0,
      `  dataset   run  submitted  promoted  duplicate  failed  waiting  held  oldest waiting (UTC)
  postings  r2           5         1          1       2        0     1
  postings  r1           3         1          0       0        2     0  2026-01-02T10:00:00
1 failed record lacks only the row referred to: the next promotion looks again.
8 records of 2 runs: 2 promoted, 1 duplicate, 1 held, 2 failed, 2 waiting.
`,
    ]);
  });

  it('shows one run of one dataset', async () => {
    const told = await (await world()).json('records status --dataset postings --run r1', 0);
    expect(told).toMatchObject({
      dataset: 'postings',
      message: '3 records of 1 run: 1 promoted, 2 waiting.',
    });
    expect(told.details.runs).toHaveLength(1);
  });

  it('says where nothing was handed over', async () => {
    const made = await migratedWorld(engine, { config: POSTINGS });
    const none = await made.json('records status', 0);
    expect([none.status, none.message]).toEqual(['skipped', 'No records were handed over yet.']);
    const run = await made.json('records status --run r7', 0);
    expect(run.message).toBe('No records were handed over for run r7.');
  });

  it('changes nothing in the warehouse but the row of the call in the log', async () => {
    const made = await world();
    const before = await made.query('SELECT * FROM stage.postings_records ORDER BY staging_id');
    await made.json('records status', 0);
    expect(await made.query('SELECT * FROM stage.postings_records ORDER BY staging_id')).toEqual(before);
  });
});

describe('records status', () => {
  it('refuses a dataset that has files, and one that does not exist', async () => {
    const files = await makeWorld({
      config: POSTINGS.replace(
        / {2}skills:[\s\S]*/,
        '  files:\n    source: {filename: "f_{period}.csv"}\n    schema: {fields: [{name: a}]}\n',
      ),
    });
    expect((await files.json('records status --dataset files', 2)).message).toBe(
      "Dataset 'files' has files, and takes no records.",
    );
    expect((await files.json('records status --dataset posting', 2)).message).toContain(
      "did you mean 'postings'?",
    );
  });

  it('says that no dataset takes records', async () => {
    expect((await makeWorld(register()).json('records status', 0)).message).toBe('No dataset takes records.');
  });
});

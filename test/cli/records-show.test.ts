import { describe, expect, it } from 'vitest';
import { DUPLICATE, FAILED, giveRecords, HELD, LACKS_PARENT, PROMOTED } from './given-records.ts';
import { POSTINGS } from './postings.ts';
import { ENGINES, makeWorld, migratedWorld, type World } from './world.ts';

const TEXT =
  '{"job": {"id": "7", "title": "Clerk"}, "places": [{"city name": "Ulm"}], "salary": 1.10, "contact": {"mail": "ann@b.org", "x": 1}, "seen": 12345678901234567890}';
const error = (attempt: number, field: string | null, message: string, value: string | null) => ({
  ...{ attempt, field, code: 'constraint-error', message, value },
});
const json = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

/** Members that the engine takes for JSON, and a strict reader does not. */
const LOOSE: Record<string, string> = {
  DuckDB: '"a": [1,]',
  PostgreSQL: '"a": "\\ud800"',
};

const shown = async (world: World, id: number) =>
  (await world.json(`records show ${id} --dataset postings`, 0)).details;

describe.each(ENGINES)('records show on %s', (engine) => {
  const given = async (...records: Parameters<typeof giveRecords>[2]) => {
    const world = await migratedWorld(engine, { config: POSTINGS });
    await giveRecords(world, engine, records);
    return world;
  };

  it('tells where a record is from, what each field reads and where, and members that no field reads', async () => {
    const world = await given({ data: TEXT, interaction: 'page 3', batch_id: 'b1' });
    const { details, message, dataset } = await world.json('records show 1 --dataset postings', 0);
    expect([dataset, message]).toEqual(['postings', 'Record 1 of run r1: waits for its first promotion.']);
    expect(details).toMatchObject({
      ...{ dataset: 'postings', staging_id: 1, state: 'waiting', run: 'r1', actor: 'fetcher' },
      ...{ interaction: 'page 3', batch_id: 'b1', attempt: 0, errors: [], core: null, held_by: null },
      ...{ unread: ['contact.x', 'seen'], doubled: [], unreadable: null },
    });
    expect(details.submitted_by).toEqual(expect.any(String));
    expect(details.created_at).toMatch(/^20\d\d-\d\d-\d\dT/);
    const field = (name: string) => details.fields.find((each: { field: string }) => each.field === name);
    expect(details.fields).toHaveLength(6);
    expect(field('job_id')).toEqual({
      ...{ field: 'job_id', path: '$.job.id', from: 'record', kind: 'string', text: '7' },
    });
    expect(field('site')).toEqual({
      ...{ field: 'site', path: null, from: 'constant', kind: null, text: 'example_bank' },
    });
    expect(field('salary')).toMatchObject({ path: '$.salary', kind: 'number', text: '1.10' });
    expect(field('city')).toMatchObject({ path: "$.places[0]['city name']", text: 'Ulm' });
  });

  it('masks personal values, in the field and in the text, and leaves the rest as it was handed over', async () => {
    const world = await given({ data: TEXT });
    const { details } = await world.json('records show 1 --dataset postings', 0);
    expect(details.raw_data).toBe(TEXT.replace('"ann@b.org"', '"***"'));
    expect(details.fields.at(-1)).toMatchObject({ field: 'contact', kind: 'string', text: '***' });
    const told = await world.run('records show 1 --dataset postings');
    expect(told.stdout).toContain('***');
    expect(told.stdout + told.stderr).not.toContain('ann@');
  });

  it('shows them with --show-pii, and logs that it did', async () => {
    const world = await given({ data: TEXT });
    const { details, message } = await world.json('records show 1 --dataset postings --show-pii', 0);
    expect(details.raw_data).toBe(TEXT);
    expect(details.fields.at(-1)).toMatchObject({ text: 'ann@b.org' });
    expect(message).toContain('Personal data was shown (--show-pii).');
    expect(await world.query("SELECT message FROM meta.run_log WHERE step = 'records show'")).toEqual([
      { message: expect.stringContaining('Personal data was shown') },
    ]);
  });

  it('does not show the text of a record in which nobody can know what is personal', async () => {
    const world = await given({ data: `{"contact": {"mail": "ann@b.org"}, ${LOOSE[engine]}}` });
    const { details } = await world.json('records show 1 --dataset postings', 0);
    expect(details).toMatchObject({
      raw_data: null,
      fields: [],
      unreadable: expect.any(String),
    });
    const told = await world.run('records show 1 --dataset postings');
    expect(told.stdout).toContain('Its text is not shown: nobody knows what in it is personal');
    expect(told.stdout).not.toContain('ann@');
  });

  it('says what is given where a member is absent: the default, or nothing', async () => {
    const world = await given({ data: { job: { id: '1', title: null } } });
    const { details } = await world.json('records show 1 --dataset postings', 0);
    const told = details.fields.map(({ field, from, kind, text }: Record<string, unknown>) => [
      field,
      from,
      kind,
      text,
    ]);
    expect(told).toEqual([
      ['job_id', 'record', 'string', '1'],
      ['site', 'constant', null, 'example_bank'],
      ['title', 'record', 'null', null],
      ['city', 'default', 'absent', 'unknown'],
      ['salary', 'record', 'absent', null],
      ['contact', 'record', 'absent', null],
    ]);
  });

  it('tells the errors of every attempt, those of personal fields without their values', async () => {
    const errors = [
      error(1, 'title', "'Very long' is too long.", 'Very long'),
      error(2, 'contact', "'ann@b.org' is no address.", 'ann@b.org'),
      error(2, 'contact', 'The value is too long.', null),
      error(2, null, 'The row breaks a rule.', null),
    ];
    const world = await given({
      data: TEXT,
      marks: {
        ...FAILED,
        attempt: '2',
        validation_errors: json(errors),
      },
    });
    const { details, message } = await world.json('records show 1 --dataset postings', 0);
    expect(message).toBe('Record 1 of run r1: failed at attempt 2.');
    expect(details.errors).toEqual([
      errors[0],
      { ...errors[1], message: '***', value: '***' },
      errors[2],
      errors[3],
    ]);
    const open = await world.json('records show 1 --dataset postings --show-pii', 0);
    expect(open.details.errors).toEqual(errors);
  });

  it('tells the row of core with all digits, and since when', async () => {
    const place = `'{"site": "example_bank", "job_id": "7", "posting_id": 12345678901234567}'`;
    const marks = { ...PROMOTED, promoted_to: place, promoted_at: "TIMESTAMP '2026-01-02 03:04:05'" };
    const world = await given({ data: TEXT, marks });
    const { details, message } = await world.json('records show 1 --dataset postings', 0);
    expect(message).toBe('Record 1 of run r1: promoted by promotion 4.');
    expect(details).toMatchObject({
      core: { key: { site: 'example_bank', job_id: '7' }, identity: '12345678901234567' },
      ...{ promotion_id: 4, promoted_at: '2026-01-02T03:04:05' },
    });
    const { stdout } = await world.run('records show 1 --dataset postings');
    expect(stdout).toContain(
      'core   site example_bank, job_id 7, surrogate key 12345678901234567, since 2026-01-02 03:04:05 UTC\n',
    );
  });

  it('masks a personal key of core too', async () => {
    const config = POSTINGS.replace('path: "$.job.id", ', 'path: "$.job.id", pii: true, ');
    const world = await migratedWorld(engine, { config });
    const place = `'{"site": "example_bank", "job_id": "7", "posting_id": 3}'`;
    await giveRecords(world, engine, [{ data: TEXT, marks: { ...PROMOTED, promoted_to: place } }]);
    const { details } = await world.json('records show 1 --dataset postings', 0);
    expect(details.core).toEqual({ key: { site: 'example_bank', job_id: '***' }, identity: '3' });
  });

  it.each([
    ['a duplicate', DUPLICATE, 'linked to a row that core has from another record'],
    ['a held one', HELD, 'held since promotion 9 rolled its promotion back'],
    [
      'one without its parent',
      LACKS_PARENT,
      'failed, because the row that it refers to is missing; each promotion looks again',
    ],
    [
      'a good one of a bad run',
      { attempt: '1', validated: 'true' },
      'waits: it is good, and too many others of its run failed',
    ],
    ['one that was retried', { attempt: '1' }, 'waits for another attempt'],
  ])('says the state of %s in words', async (_what, marks, said) => {
    const world = await given({ data: TEXT, marks });
    expect((await world.json('records show 1 --dataset postings', 0)).message).toBe(
      `Record 1 of run r1: ${said}.`,
    );
  });

  it('tells what a promotion made of records: promoted, linked and failed with its errors', async () => {
    const long = TEXT.replace('Clerk', 'x'.repeat(41)).replace('"7"', '"8"');
    const world = await given({ data: TEXT }, { data: TEXT }, { data: long });
    await world.json('records promote --dataset postings --run r1', 0);
    const [first, second, third] = [await shown(world, 1), await shown(world, 2), await shown(world, 3)];
    const core = { key: { site: 'example_bank', job_id: '7' }, identity: '1' };
    expect(first).toMatchObject({ state: 'promoted', core, validated: true, attempt: 1, errors: [] });
    expect(second).toMatchObject({ state: 'duplicate', core, promotion_id: null, errors: [] });
    expect(third).toMatchObject({ state: 'failed', core: null, attempt: 1 });
    expect(third.errors).toMatchObject([{ attempt: 1, field: 'title', value: 'x'.repeat(41) }]);
    expect((await world.json('records status', 0)).details.runs).toMatchObject([
      { submitted: 3, promoted: 1, duplicate: 1, failed: 1, waiting: 0, held: 0 },
    ]);
  });

  it('refuses a number that no record has', async () => {
    const world = await given({ data: TEXT });
    const refused = await world.json('records show 2 --dataset postings', 2);
    expect(refused).toMatchObject({
      message: "Dataset 'postings' has no record 2.",
      hint: 'tidemark records status --dataset postings shows what was handed over.',
    });
  });
});

it.each([
  'records show',
  'records show 7',
  'records show x --dataset postings',
  'records show --dataset postings',
])('%s is refused with what is missing', async (command) => {
  const refused = await makeWorld({ config: POSTINGS }).json(command, 2);
  expect(refused.message).toBe('records show needs the number of a record, and --dataset.');
});

import { describe, expect, it } from 'vitest';
import { DUPLICATE, execute, FAILED, giveRecords, HELD, PROMOTED } from './given-records.ts';
import { POSTINGS } from './postings.ts';
import { ENGINES, makeWorld, migratedWorld } from './world.ts';

const CONFIG = POSTINGS.replace(
  `- {name: city, path: "$.places[0]['city name']", default: unknown}`,
  `- {name: city, path: "$.places[0]['city name']", default: unknown, clean: [upper]}
        - {name: since, type: date, format: ["%d.%m.%Y"]}
        - {name: level, type: integer}`,
);
const SUMMARY = 'records summary --dataset postings --by';
const posting = (id: number, more: object = {}) => ({ job: { id: `${id}`, title: 'Clerk' }, ...more });
const city = (name: unknown) => ({ places: [{ 'city name': name }] });

describe.each(ENGINES)('records summary on %s', (engine) => {
  const given = async (records: Parameters<typeof giveRecords>[2], later: typeof records = []) => {
    const world = await migratedWorld(engine, { config: CONFIG });
    await giveRecords(world, engine, records);
    if (later.length > 0) {
      await world.json('records promote --dataset postings --all', 0);
      await giveRecords(world, engine, later);
    }
    return world;
  };
  const row = (value: string | null, core: number, waiting = 0, failed = 0, held = 0) => ({
    ...{ value, core, waiting, failed, held },
  });

  it('counts rows of core, and what waits, failed and is held, by value, as the rules of the field clean it', async () => {
    const world = await given(
      [
        { data: posting(1, city('Ulm')) },
        { data: posting(2, city('ulm ')) },
        { data: posting(3, city('Bonn')) },
        { data: posting(4) },
      ],
      [
        { data: posting(5, city(' ulm')) },
        { data: posting(6, city('ULM')), marks: FAILED },
        { data: posting(7, city('Kiel')), marks: HELD },
        { data: posting(8, city(null)) },
        { data: posting(9, city('Ulm')), marks: PROMOTED },
        { data: posting(9, city('Ulm')), marks: DUPLICATE },
      ],
    );
    const { details, message } = await world.json(`${SUMMARY} city`, 0);
    expect(details).toEqual({
      by: 'city',
      values: [row('ULM', 2, 1, 1), row('UNKNOWN', 1, 1), row('KIEL', 0, 0, 0, 1), row('BONN', 1)],
      unreadable: 0,
    });
    expect(message).toBe('4 values: 4 in core, 2 waiting, 1 failed, 1 held.');
  });

  it('knows a value of core in another notation, and tells what is not of the type as it was handed over', async () => {
    const world = await given(
      [{ data: posting(1, { since: '01.02.2026', level: 3 }) }, { data: posting(2) }],
      [
        { data: posting(3, { since: '01.02.2026', level: '3' }) },
        { data: posting(4, { since: 'soon', level: true }), marks: FAILED },
        { data: posting(5, { since: '', level: [1] }), marks: FAILED },
      ],
    );
    const since = (await world.json(`${SUMMARY} since`, 0)).details.values;
    expect(since).toEqual([row(null, 1, 0, 1), row('2026-02-01', 1, 1), row('soon', 0, 0, 1)]);
    const level = (await world.json(`${SUMMARY} level`, 0)).details.values;
    expect(level).toEqual([row('3', 1, 1), row('[1]', 0, 0, 1), row('true', 0, 0, 1), row(null, 1)]);
  });

  it('shows people a table, and counts by a constant too', async () => {
    const world = await given([{ data: posting(1) }, { data: posting(2), marks: FAILED }]);
    const { stdout } = await world.run(`${SUMMARY} site`);
    expect(stdout).toBe(`  site          in core  waiting  failed  held
  example_bank        0        1       1     0
1 value: 0 in core, 1 waiting, 1 failed, 0 held.
`);
  });

  it('tells records that cannot be read by their number', async () => {
    const loose = { DuckDB: '[1,]', PostgreSQL: '"\\ud800"' }[engine];
    const world = await given([{ data: `{"a": ${loose}}` }, { data: posting(1) }]);
    const { details, message } = await world.json(`${SUMMARY} city`, 0);
    expect(details).toMatchObject({ unreadable: 1, values: [row('UNKNOWN', 0, 1)] });
    expect(message).toBe(
      '1 value: 0 in core, 1 waiting, 0 failed, 0 held. 1 record cannot be read, and is not counted.',
    );
  });

  it('refuses a field with more values than anybody reads', async () => {
    const world = await given([]);
    const series = engine === 'DuckDB' ? 'range(1, 10002) AS s(n)' : 'generate_series(1, 10001) AS s(n)';
    await execute(world, engine, [
      `INSERT INTO stage.postings_records (run_id, actor, raw_data)
       SELECT 'r1', 'a', CAST('{"job": {"id": "' || n || '"}}' AS JSON) FROM ${series}`,
    ]);
    const refused = await world.json(`${SUMMARY} job_id`, 2);
    expect(refused.message).toBe(
      'The field job_id has more than 10,000 values: a summary by it would help nobody.',
    );
    expect((await world.json(`${SUMMARY} city`, 0)).details.values).toEqual([row('UNKNOWN', 0, 10_001)]);
  });
});

it.each([
  [`${SUMMARY} contact`, 'The field contact is personal data, and a summary by it would show its values.'],
  [`${SUMMARY} titel`, "Dataset 'postings' has no field 'titel'; did you mean 'title'?"],
  ['records summary --dataset postings', 'records summary needs --dataset and --by.'],
  ['records summary --by city', 'records summary needs --dataset and --by.'],
])('%s is refused', async (command, said) => {
  expect((await makeWorld({ config: POSTINGS }).json(command, 2)).message).toBe(said);
});

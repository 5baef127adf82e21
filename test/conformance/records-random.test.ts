import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trials } from '../fixtures/trials.ts';
import { ENGINES } from './empty-warehouses.ts';
import { COLUMNS, type Member, type RandomRecord, RecordsModel, type Rules } from './records-model.ts';
import { RecordsWorld } from './records-world.ts';

const config = ({ update, maxRejected, longest }: Rules) => `version: 1
datasets:
  tops:
    period: none
    source: {records: {}}
    schema: {fields: [{name: name, type: string}], primaryKey: name}
  items:
    period: none
    source: {records: {}}
    accept: {max_rejected: ${maxRejected * 100}%}
    schema:
      fields:
        - {name: k, type: string}
        - {name: a, type: integer}
        - {name: b, type: string, constraints: {required: true, maxLength: ${longest}}}
        - {name: c, type: string, default: d}
        - {name: p, type: string}
      primaryKey: [k]
      foreignKeys: [{fields: p, reference: {dataset: tops, fields: name}}]
    core: {key: [k], strategy: upsert, on_duplicate: ${update ? 'update' : 'skip'}}
`;

const FIRST: Rules = { update: false, maxRejected: 1, longest: 5 };

const json = (...texts: readonly string[]) =>
  fc.constantFrom(...texts).map((text): Member => ({ json: text }));
const member = (good: readonly string[], bad: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Member>({ absent: true }) },
    { weight: 1, arbitrary: json('null') },
    { weight: 6, arbitrary: json(...good) },
    { weight: 1, arbitrary: json(...bad) },
  );
const record: fc.Arbitrary<RandomRecord> = fc.record({
  members: fc.record({
    k: fc.oneof(
      { weight: 12, arbitrary: json('"1"', '"2"', '3', '"4"') },
      { weight: 1, arbitrary: member(['"1"'], ['true', '[1]']) },
    ),
    a: member(['1', '2', '"7"', '-30'], ['"x"', '1.5', 'true', '{}']),
    b: member(['"x"', '"y"', '"four"'], ['""', 'false', '"much too long"']),
    c: member(['"u"', '"v"', '1.10'], ['["w"]', 'true']),
    p: member(['"t1"', '"t2"', '"t1"'], ['"t3"', '{"a": 1}']),
  }),
  broken: fc.constantFrom(...Array(14).fill(null), 'bad-record', 'doubled-member'),
});

type Event =
  | { readonly do: 'insert'; readonly run: string; readonly records: readonly RandomRecord[] }
  | { readonly do: 'parent'; readonly name: string }
  | { readonly do: 'rule'; readonly longest: number }
  | { readonly do: 'promote'; readonly run: string | null; readonly most: number };

const insert = fc.record({
  do: fc.constant('insert' as const),
  run: fc.constantFrom('r1', 'r2'),
  records: fc.array(record, { minLength: 1, maxLength: 7 }),
});
const promote = fc.record({
  do: fc.constant('promote' as const),
  run: fc.constantFrom('r1', null, null),
  most: fc.constantFrom(1, 2, 3, 100, 100),
});
const between: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: insert },
  { weight: 2, arbitrary: promote },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('parent' as const), name: fc.constantFrom('t1', 't2') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rule' as const), longest: fc.constantFrom(3, 5) }) },
);
/** Any events, and a promotion of all that waits at the end. */
const events: fc.Arbitrary<Event[]> = fc
  .tuple(insert, fc.array(between, { minLength: 1, maxLength: 5 }))
  .map(([first, rest]) => [first, ...rest, { do: 'promote', run: null, most: 100 }]);

function textOf({ members, broken }: RandomRecord): string {
  if (broken === 'bad-record') return '["no record"]';
  const all = COLUMNS.flatMap((column) => {
    const said = members[column];
    return 'absent' in said ? [] : [`"${column}": ${said.json}`];
  });
  return `{${[...all, ...(broken === null ? [] : ['"odd": 1', '"odd": 1'])].join(', ')}}`;
}

describe.each(ENGINES)('records in any order on %s', (_name, engine) => {
  let world: RecordsWorld;
  beforeAll(async () => {
    await engine.start();
    world = await RecordsWorld.open(engine, config(FIRST));
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);

  async function follow(first: Rules, list: readonly Event[]): Promise<void> {
    let rules = first;
    world.rules(config(rules));
    await world.reset();
    const model = new RecordsModel();
    for (const event of list) {
      if (event.do === 'insert') {
        const ids = await world.insert('items', event.run, ...event.records.map(textOf));
        model.insert(event.run, ids, event.records);
      } else if (event.do === 'parent') {
        await world.insert('tops', 'r', { name: event.name });
        await world.counts('tops');
        model.parents.add(event.name);
      } else if (event.do === 'rule') {
        rules = { ...rules, longest: event.longest };
        world.rules(config(rules));
        await world.execute(
          'UPDATE stage.items_records SET waits = true, failed = false WHERE failed AND NOT waits',
        );
        model.retry();
      } else {
        const { run, most } = event;
        const { result } = await world.promote('items', { run, most });
        if (model.records.some((each) => run === null || each.run === run))
          expect(result.records).toEqual(model.promote(rules, run, most));
        await compare(model);
      }
    }
  }

  async function compare(model: RecordsModel): Promise<void> {
    const marks = await world.marks('items');
    expect(
      marks.map(({ id, mark, attempt, errors }) => ({ id, mark, attempt, errors: [...errors].sort() })),
    ).toEqual(
      model.records.map(({ id, mark, attempt, errors }) => ({
        id,
        mark,
        attempt,
        errors: [...errors].sort(),
      })),
    );
    const rows = await world.core('items', ...COLUMNS, '_created_by_staging_id', '_updated_by_staging_id');
    const wanted = [...model.core].sort(([one], [other]) => (one < other ? -1 : 1));
    expect(
      rows.map((row) => Object.values(row).map((cell) => (cell === null ? null : String(cell)))),
    ).toEqual(
      wanted.map(([, { values, createdBy, updatedBy }]) => [
        ...COLUMNS.map((column) => values[column]),
        ...[String(createdBy), String(updatedBy)],
      ]),
    );
    const placed = marks.filter(({ mark }) => mark === 'promoted' || mark === 'duplicate');
    expect(placed.every(({ place }) => model.core.has(String(place?.k)))).toBe(true);
  }

  test.each([
    { update: false, maxRejected: 1 },
    { update: true, maxRejected: 1 },
    { update: false, maxRejected: 0.5 },
    { update: true, maxRejected: 0.5 },
  ])(
    'core, marks and counts are those of a plain model: %j',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(events, (list) => follow({ ...FIRST, ...mode }, list)),
        trials(2),
      );
    },
    3_600_000,
  );
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import type { StepResult } from '../../src/domain/result.ts';
import { ident, raw, sql } from '../../src/sql/sql.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { publish } from '../../src/steps/publish.ts';
import { type RollbackInput, rollback } from '../../src/steps/rollback.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

function promoted(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, ...core } };
}

const regions = promoted(
  dataset([field('code'), field('name')], { name: 'regions', period: 'none', pattern: 'regions.csv' }),
  { key: ['code'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);
const people = promoted(
  dataset([field('id', { type: 'integer' }), field('name', { pii: true }), field('region')], {
    name: 'people',
    foreignKeys: [{ fields: ['region'], dataset: 'regions', referenceFields: ['code'] }],
  }),
  { key: ['id'], strategy: 'upsert', covers: 'all', missing: 'close' },
);
/** Every type, and names that SQL and JSON have to quote. */
const things = promoted(
  dataset(
    [
      field('no'),
      field('text "quoted" \\ and/or ~ $.x'),
      field('__proto__'),
      field('whole', { type: 'integer' }),
      field('money', { type: 'number', precision: 38, scale: 10 }),
      field('ratio', { type: 'number' }),
      field('day', { type: 'date' }),
      field('moment', { type: 'datetime' }),
      field('clock', { type: 'time' }),
      field('flag', { type: 'boolean' }),
      field('year', { type: 'year' }),
      field('doc', { type: 'object' }),
    ],
    { name: 'things', pattern: 'things_{period}.csv' },
  ),
  { key: ['no'], strategy: 'replace_period' },
);
const topics = promoted(
  dataset([field('topic'), field('hours', { type: 'integer' })], {
    name: 'topics',
    pattern: 'topics_{board}_{period}.csv',
  }),
  { key: ['board', 'topic'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);

const thing = (no: string, over: Record<string, null | string | number | boolean> = {}) => ({
  no,
  'text "quoted" \\ and/or ~ $.x': 'a "b" \\ \t\n ☃ \'c\'',
  ['__proto__']: 'proto',
  whole: '9007199254740993',
  money: '1234567890123456789012345678.0123456789',
  ratio: 0.1,
  day: '1999-12-31',
  moment: '2024-02-29 23:59:59.123456',
  clock: '23:59:59.5',
  flag: true,
  year: 1999,
  doc: '{"b":[1,null,"x \\"y\\""],"a":{"n":1.50}}',
  ...over,
});
const person = (id: number, name: string, region: string | null = 'NO') => ({ id, name, region });

describe.each(ENGINES)('rollback on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [regions, people, things, topics]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(async () => {
    await world.reset();
    await world.load('regions', 'none', [
      { code: 'NO', name: 'North' },
      { code: 'SO', name: 'South' },
    ]);
    await world.transform('2025-01', ['regions']);
  });

  const undo = async (
    subject: number | readonly [name: string, period: string],
    over: Partial<RollbackInput> = {},
    context = {},
  ): Promise<StepResult> => {
    const about =
      typeof subject === 'number'
        ? { promotionId: subject }
        : {
            dataset: world.datasets.get(subject[0]) as Dataset,
            period: parsePeriod(subject[1]) as NonNullable<ReturnType<typeof parsePeriod>>,
            slice: new Map<string, string>(),
          };
    const input = { subject: about, cascade: false, reason: 'why', by: 'Vera', confirm: null, ...over };
    return (await rollback(world.context(context), input)).result;
  };
  const promote = async (name: string, period: string, rows: readonly object[], slice = '') => {
    await world.load(name, period, rows as never, slice);
    const result = await world.transform(period, [name], slice === '' ? {} : { slice: sliceOf(slice) });
    expect(result.message).toMatch(/^Promotion/);
    return Number(/^Promotion (\d+)/.exec(writeWords(result.message ?? ''))?.[1]);
  };
  const sliceOf = (text: string) => new Map([text.split('=') as [string, string]]);
  /** A copy of the core table as it is, to be compared with later by the engine itself. */
  const keep = async (table: string, copy: string) => {
    await world.warehouse.transaction(async (session) => {
      await session.execute(sql`DROP TABLE IF EXISTS ${ident('core', copy)}`);
      await session.execute(
        sql`CREATE TABLE ${ident('core', copy)} AS SELECT * FROM ${ident('core', table)}`,
      );
    });
  };
  const differences = async (table: string, copy: string, columns = '*') => {
    const select = (from: string) => sql`SELECT ${raw(columns)} FROM ${ident('core', from)}`;
    const [row] = await world.rows(
      sql`SELECT (SELECT count(*) FROM (${select(table)} EXCEPT ALL ${select(copy)}) AS a) AS "extra",
            (SELECT count(*) FROM (${select(copy)} EXCEPT ALL ${select(table)}) AS b) AS "lost"`,
    );
    return row;
  };
  const SAME = { extra: 0, lost: 0 };
  const names = async () =>
    (await world.core('people', raw('id'))).map((row) =>
      `${row.id} ${row.name} ${row._closed_period ?? ''}`.trim(),
    );

  it('puts back exactly what stood before, in every type, and then again what it took back', async () => {
    const blank = Object.fromEntries(Object.keys(thing('')).map((name) => [name, null]));
    await promote('things', '2025-01', [
      thing('kept'),
      thing('changed'),
      thing('nulls', { ...blank, no: 'nulls' }),
      thing('empty', { 'text "quoted" \\ and/or ~ $.x': '', whole: 0, flag: false, doc: '[]' }),
      thing('gone', { ratio: 1e-300, money: '-0.0000000001', clock: '00:00:00' }),
    ]);
    await keep('things', 'before');
    const second = await promote('things', '2025-01', [
      thing('kept'),
      thing('changed', { ...blank, no: 'changed' }),
      thing('nulls'),
      thing('empty', { 'text "quoted" \\ and/or ~ $.x': null, whole: null, flag: null, doc: '{}' }),
      thing('new', { ratio: 123456789.123456 }),
    ]);
    await keep('things', 'after');
    const result = await undo(second);
    expect(result).toMatchObject({ step: 'rollback', status: 'done', exitCode: 0, dataset: 'things' });
    expect(result.rows).toMatchObject({ removed: 1, added: 1, modified: 3 });
    expect(await differences('things', 'before')).toEqual(SAME);
    const again = await undo(second + 1);
    expect(again.message).toMatch(/rolled promotion \d+ \(2025-01, rollback\) back/);
    expect(await differences('things', 'after')).toEqual(SAME);
    await undo(second + 2);
    expect(await differences('things', 'before')).toEqual(SAME);
    expect(
      await world.rows(
        sql`SELECT promotion_id AS id, kind, takes_back, rolled_back_by FROM meta.promotion_log WHERE promotion_id >= ${second}
            ORDER BY 1`,
      ),
    ).toEqual([
      { id: second, kind: 'transform', takes_back: null, rolled_back_by: second + 1 },
      { id: second + 1, kind: 'rollback', takes_back: second, rolled_back_by: null },
      { id: second + 2, kind: 'rollback', takes_back: second + 1, rolled_back_by: second + 3 },
      { id: second + 3, kind: 'rollback', takes_back: second + 2, rolled_back_by: null },
    ]);
  });

  it('leaves columns that core got since empty in the rows it brings back', async () => {
    await promote('topics', '2025-01', [{ topic: 'a', hours: 1 }], 'board=AQA');
    const second = await promote('topics', '2025-02', [{ topic: 'b', hours: 2 }], 'board=AQA');
    await world.warehouse.transaction((session) =>
      session.execute(raw('ALTER TABLE core.topics ADD COLUMN level VARCHAR')),
    );
    await undo(second);
    expect(await world.core('topics')).toMatchObject([{ topic: 'a', hours: 1, level: null }]);
  });

  it('takes back the newest promotion of a period, and then the one before it', async () => {
    await promote('people', '2025-01', [person(1, 'Ada')]);
    await promote('people', '2025-01', [person(1, 'Eva')]);
    await undo(['people', '2025-01']);
    expect(await names()).toEqual(['1 Ada']);
    await undo(['people', '2025-01']);
    expect(await names()).toEqual([]);
    expect(await undo(['people', '2025-01'])).toMatchObject({ status: 'skipped', exitCode: 0 });
  });

  it('takes back one slice and leaves the others', async () => {
    await promote('topics', '2025-01', [{ topic: 'a', hours: 1 }], 'board=AQA');
    await promote('topics', '2025-01', [{ topic: 'b', hours: 2 }], 'board=OCR');
    await undo(['topics', '2025-01'], {
      subject: {
        dataset: topics,
        period: parsePeriod('2025-01') as never,
        slice: new Map([['board', 'AQA']]),
      },
    });
    expect(await world.core('topics')).toMatchObject([{ board: 'OCR', topic: 'b' }]);
  });

  it('opens again what was closed, and leaves rows alone that the promotion did not change', async () => {
    await promote('people', '2025-01', [person(1, 'Ada'), person(2, 'Bob'), person(3, 'Cy')]);
    const second = await promote('people', '2025-02', [person(1, 'Ada'), person(3, 'Cyd')]);
    expect(await names()).toEqual(['1 Ada', '2 Bob 2025-02', '3 Cyd']);
    const result = await undo(second);
    expect(result.rows).toMatchObject({ added: 0, modified: 2, removed: 0, cells: 1 });
    expect(await names()).toEqual(['1 Ada', '2 Bob', '3 Cy']);
  });

  it('refuses where a later promotion touched the rows, and takes both back with cascade, newest first', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    const second = await promote('people', '2025-02', [person(1, 'Eva'), person(2, 'Bob')]);
    const blocked = await undo(first);
    expect(blocked).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(blocked.message).toContain(`promotion ${second} (2025-02, transform) touched 1 of its rows.`);
    expect(writeWords(blocked.hint ?? '')).toContain(`--promotion ${first} --cascade`);
    expect(await names()).toEqual(['1 Eva', '2 Bob']);
    const dry = await undo(first, { cascade: true }, { dryRun: true });
    expect(writeWords(dry.message ?? '').split('\n')).toHaveLength(2);
    expect(await names()).toEqual(['1 Eva', '2 Bob']);
    const both = await undo(first, { cascade: true });
    expect(writeWords(both.message ?? '').split('\n')).toHaveLength(2);
    expect(both.message).toMatch(new RegExp(`rolled promotion ${second} .*\\n.*rolled promotion ${first} `));
    expect(await names()).toEqual([]);
  });

  it('takes what only hangs together over a third promotion back as well', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada')]);
    await promote('people', '2025-02', [person(1, 'Eva'), person(2, 'Bob')]);
    await promote('people', '2025-03', [person(1, 'Eva'), person(2, 'Rob')]);
    const result = await undo(first, { cascade: true });
    expect(writeWords(result.message ?? '').split('\n')).toHaveLength(3);
    expect(await names()).toEqual([]);
  });

  it('is blocked by rows that a later promotion of an earlier period found shadowed', async () => {
    const later = await promote('people', '2025-02', [person(1, 'Eva')]);
    const shadowed = await promote('people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    const blocked = await undo(later);
    expect(blocked).toMatchObject({ exitCode: 4 });
    expect(blocked.message).toContain(`promotion ${shadowed} (2025-01, transform)`);
  });

  it('is not blocked by what was taken back in between, nor by its being taken back', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada')]);
    const second = await promote('people', '2025-02', [person(1, 'Eva')]);
    await undo(second);
    expect(await undo(first)).toMatchObject({ status: 'done' });
    expect(await names()).toEqual([]);
  });

  it('blocks the way back of a rollback once its rows were promoted otherwise', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada')]);
    await undo(first);
    await promote('people', '2025-01', [person(1, 'Eva')]);
    expect(await undo(first + 1)).toMatchObject({ exitCode: 4 });
    expect(await names()).toEqual(['1 Eva']);
  });

  it('says which later periods delivered the rows unchanged, and promoting these again brings them back', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await promote('people', '2025-02', [person(1, 'Ada'), person(2, 'Bob'), person(3, 'Cy')]);
    const result = await undo(first);
    expect(writeWords(result.message ?? '')).toMatch(
      /2025-02 delivered 2 of these rows too: tidemark transform --period 2025-02/,
    );
    expect(await names()).toEqual(['3 Cy']);
    expect(await world.transform('2025-02', ['people'])).toMatchObject({ status: 'done' });
    expect(await names()).toEqual(['1 Ada', '2 Bob', '3 Cy']);
  });

  it('holds the same rows until others are loaded, or someone lets them pass by name', async () => {
    await promote('people', '2025-01', [person(1, 'Ada')]);
    const wrong = await promote('people', '2025-02', [person(1, 'Wrong')]);
    await undo(wrong, { reason: 'wrong file', by: 'Vera' });
    const held = await world.transform('2025-02', ['people']);
    expect(held).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(held.message).toMatch(/Guard rolled_back: .*rolled back on 2025-09-01.*by Vera: wrong file/);
    expect(writeWords(held.hint ?? '')).toMatch(/--accept-guard rolled_back/);
    expect(await names()).toEqual(['1 Ada']);
    const accepted = await world.transform('2025-02', ['people'], {
      acceptGuards: [{ name: 'rolled_back', reason: 'it was right', by: 'Ida' }],
    });
    expect(accepted).toMatchObject({ status: 'done' });
    expect(await names()).toEqual(['1 Wrong']);
    expect(await world.transform('2025-02', ['people'])).toMatchObject({ status: 'skipped' });
  });

  it('does not hold other rows, nor the same ones after others were loaded', async () => {
    const wrong = await promote('people', '2025-02', [person(1, 'Wrong')]);
    await undo(wrong);
    await world.load('people', '2025-02', [person(1, 'Right')]);
    expect(await world.transform('2025-02', ['people'])).toMatchObject({ status: 'done' });
    expect(await names()).toEqual(['1 Right']);
  });

  it('refuses to leave rows that refer to nothing, and says which', async () => {
    const before = await promote('regions', 'none', [
      { code: 'NO', name: 'North' },
      { code: 'SO', name: 'South' },
      { code: 'EA', name: 'East' },
    ]);
    await promote('people', '2025-01', [person(1, 'Ada', 'EA')]);
    const refused = await undo(before);
    expect(refused).toMatchObject({ exitCode: 4 });
    expect(refused.message).toMatch(
      /1 row of core.people would refer to rows that core.regions would not have: region=EA .*Nothing was rolled back\./,
    );
    expect(writeWords(refused.hint ?? '')).toContain('tidemark history --dataset people');
    expect(await world.core('regions')).toHaveLength(3);
  });

  it('refuses to bring rows back that would refer to nothing', async () => {
    await promote('people', '2025-01', [person(1, 'Ada', 'SO')]);
    const moved = await promote('people', '2025-01', [person(1, 'Ada', 'NO')]);
    await promote('regions', 'none', [{ code: 'NO', name: 'North' }]);
    const refused = await undo(moved);
    expect(refused).toMatchObject({ exitCode: 4, dataset: 'people' });
    expect(refused.message).toMatch(/region=SO/);
  });

  it('refuses rows that someone changed by hand, and shows no personal data', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await world.warehouse.transaction(async (session) => {
      await session.execute(raw("UPDATE core.people SET name = 'Hand', _updated_by = NULL WHERE id = 2"));
    });
    const refused = await undo(first);
    expect(refused).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(refused.message).toMatch(/1 row of core.people is not as promotion \d+ left it.*: id=2\./);
    await world.warehouse.transaction(async (session) => {
      await session.execute(raw('DELETE FROM core.people WHERE id = 2'));
    });
    expect((await undo(first)).message).toMatch(/id=2/);
    expect(await names()).toEqual(['1 Ada']);
  });

  it('refuses to take back a rollback over rows that someone changed by hand since', async () => {
    await promote('people', '2025-01', [person(1, 'Ada')]);
    const second = await promote('people', '2025-01', [person(1, 'Eva')]);
    await undo(second);
    await world.warehouse.transaction(async (session) => {
      await session.execute(raw("UPDATE core.people SET name = 'Hand', _updated_by = -1"));
    });
    expect(await undo(second + 1)).toMatchObject({ exitCode: 4 });
    expect(await names()).toEqual(['1 Hand']);
  });

  it('changes nothing in a dry run or without a yes, and says what would happen', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada')]);
    const log = () => world.rows(sql`SELECT * FROM meta.promotion_log ORDER BY promotion_id`);
    const before = [await log(), await world.core('people')];
    const dry = await undo(first, {}, { dryRun: true });
    expect(dry).toMatchObject({ status: 'done', exitCode: 0 });
    expect(dry.message).toMatch(/^Would roll promotion \d+ .* back: 1 row deleted\./);
    const unsaid = await undo(first, { confirm: async () => false });
    expect(unsaid).toMatchObject({ status: 'blocked', exitCode: 4, rows: { removed: 1 } });
    expect(writeWords(unsaid.hint ?? '')).toContain(`tidemark rollback --promotion ${first} --yes`);
    expect([await log(), await world.core('people')]).toEqual(before);
    expect(await undo(first, { confirm: async () => true })).toMatchObject({ status: 'done' });
    expect(await names()).toEqual([]);
  });

  it('changes nothing where something came in between the preview and the yes', async () => {
    const second = await promote('people', '2025-03', [person(3, 'Cy')]);
    const between = async () => {
      await promote('people', '2025-04', [person(3, 'Cyd')]);
      return true;
    };
    expect(await undo(second, { confirm: between, cascade: true })).toMatchObject({ exitCode: 5 });
    expect((await world.core('people', raw('id'))).at(-1)).toMatchObject({ name: 'Cyd' });
  });

  it('is refused in a closed period', async () => {
    const first = await promote('people', '2025-01', [person(1, 'Ada')]);
    await decidePeriod(world.context(), {
      action: 'close',
      period: parsePeriod('2025-01') as never,
      dataset: null,
      reason: 'Audited',
      by: 'Vera',
    });
    expect(await undo(first)).toMatchObject({ exitCode: 4 });
    expect(await names()).toEqual(['1 Ada']);
  });

  it('frees marts of the period before, once the newer one of a register is taken back', async () => {
    world.write(
      'models/mart/heads.sql',
      '-- grain: n\n-- mode: period\n-- period: month\n-- reads: core.people\nSELECT count(*) AS n FROM core.people\n',
    );
    await promote('people', '2025-01', [person(1, 'Ada')]);
    const second = await promote('people', '2025-02', [person(1, 'Ada'), person(2, 'Bob')]);
    const period = parsePeriod('2025-01') as never;
    expect((await errorOf(publish(world.context(), { period }))).message).toContain('older_period');
    await undo(second);
    expect(await publish(world.context(), { period })).toMatchObject({ status: 'done' });
    expect(await world.rows(raw('SELECT n FROM mart.heads'))).toEqual([{ n: 1 }]);
  });

  it('knows no promotion that was never made, and takes nothing back twice', async () => {
    expect((await errorOf(undo(999_999))).code).toBe('unknown-promotion');
    const first = await promote('people', '2025-01', [person(1, 'Ada')]);
    await undo(first);
    const twice = await undo(first);
    expect(twice).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(twice.message).toContain(`by promotion ${first + 1}`);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset, Guards } from '../../src/domain/dataset.ts';
import type { Threshold } from '../../src/domain/threshold.ts';
import { sql } from '../../src/sql/sql.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const share = (value: number): Threshold => ({ kind: 'share', value, text: `${value * 100}%` });
const topics = (name: string, guards: Partial<Guards>, core: Partial<Dataset['core']> = {}): Dataset => {
  const plain = dataset(
    [field('id', { type: 'integer' }), field('region'), field('income', { type: 'integer' })],
    {
      name,
    },
  );
  const all = { ...plain.core.guards, ...guards };
  return {
    ...plain,
    core: { ...plain.core, table: name, key: ['id'], strategy: 'upsert', ...core, guards: all },
  };
};
const watched = topics('watched', {
  max_changed: new Map([
    ['region', share(0.1)],
    ['*', share(0.5)],
  ]),
});
const reverting = topics(
  'reverting',
  { max_changed: new Map([['income', { kind: 'count', value: 0, text: '0' } as const]]) },
  { covers: 'period', missing: 'delete' },
);
const intervals = topics('intervals', { max_changed: new Map([['*', share(0.1)]]) }, { strategy: 'history' });
const complete = topics(
  'complete',
  { max_drop: share(0.05), max_removed: share(0.05), max_changed: new Map([['*', share(0.1)]]) },
  { covers: 'all', missing: 'delete' },
);
const misspelt = topics('misspelt', { max_changed: new Map([['regoin', share(0.1)]]) });

const rows = (n: number, over: (id: number) => object = () => ({})) =>
  Array.from({ length: n }, (_, i) => ({ id: i + 1, region: 'NO', income: 10, ...over(i + 1) }));

describe.each(ENGINES)('guards on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [watched, reverting, intervals, complete, misspelt]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(() => world.reset());

  const promote = async (
    name: string,
    period: string,
    given: readonly object[],
    guards: readonly string[] = [],
  ) => {
    await world.load(name, period, given as never);
    const acceptGuards = guards.map((guard) => ({ name: guard, reason: 'right', by: 'Vera' }));
    return world.transform(period, [name], { acceptGuards });
  };

  it('watch how often each column changes, by its own limit or that of all others', async () => {
    expect(await promote('watched', '2025-01', rows(10))).toMatchObject({ exitCode: 0 });
    const some = (id: number) => (id <= 2 ? { region: 'SO', income: 11 } : id <= 5 ? { income: 12 } : {});
    const tripped = await promote('watched', '2025-02', rows(10, some));
    expect(tripped).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(tripped.message).toBe(
      'Guard max_changed: region would change in 2 of 10 rows (20.0%), allowed are 10%. Nothing was promoted.',
    );
    const more = await promote(
      'watched',
      '2025-02',
      rows(10, (id) => (id <= 6 ? { region: 'SO', income: 1 } : {})),
    );
    expect(more.message).toMatch(
      /region would change in 6 of 10 .*; income would change in 6 of 10 rows \(60.0%\)/,
    );
    const one = rows(10, (id) => (id === 1 ? { region: 'SO', income: null } : {}));
    expect(await promote('watched', '2025-02', one)).toMatchObject({ exitCode: 0 });
  });

  it('count what goes back to an earlier period, and the intervals of a history', async () => {
    await promote('reverting', '2025-01', rows(2));
    await promote(
      'reverting',
      '2025-02',
      rows(2, (id) => ({ income: id })),
      ['max_changed'],
    );
    expect((await promote('reverting', '2025-02', [{ id: 1, region: 'NO', income: 1 }])).message).toMatch(
      /income would change in 1 of/,
    );
    await promote('intervals', '2025-01', rows(10));
    expect(
      (
        await promote(
          'intervals',
          '2025-02',
          rows(10, () => ({ region: 'SO' })),
        )
      ).message,
    ).toMatch(/region would change in 10 of 10 rows/);
  });

  it('are told all at once, with the one command that accepts them, and logged', async () => {
    await promote('complete', '2025-01', rows(100));
    const half = rows(50, () => ({ region: 'SO' }));
    const tripped = await promote('complete', '2025-02', half);
    expect(tripped.message).toMatch(
      /Guard max_removed: 50 of 100 core rows \(50.0%\) would be removed.*; Guard max_drop: staging has 50 rows and core 100 \(50.0% fewer\).*; Guard max_changed: region/,
    );
    expect(writeWords(tripped.hint ?? '')).toMatch(
      /--accept-guard max_removed --accept-guard max_drop --accept-guard max_changed --by NAME --reason/,
    );
    const names = ['max_removed', 'max_drop', 'max_changed'];
    expect(await promote('complete', '2025-02', half, names)).toMatchObject({ exitCode: 0 });
    const [log] = await world.rows(
      sql`SELECT accepted_guards AS guards FROM meta.promotion_log ORDER BY promotion_id DESC LIMIT 1`,
    );
    expect(JSON.parse(String(log?.guards)).map((guard: { name: string }) => guard.name)).toEqual(names);
  });

  it('that name a column which is not there are a mistake of the configuration', async () => {
    expect(await promote('misspelt', '2025-01', rows(1))).toMatchObject({ status: 'usage', exitCode: 2 });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { ident, sql } from '../../src/sql/sql.ts';
import { publish } from '../../src/steps/publish.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { World } from './world/world.ts';

function promoted(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, key: ['id'], ...core } };
}
const fields = [field('id', { type: 'integer' }), field('team')];
const staff = promoted(dataset(fields, { name: 'staff', pattern: 'staff_{period}.csv' }), {
  strategy: 'history',
});
const grades = promoted(
  dataset(fields, { name: 'grades', period: 'quarter', pattern: 'grades_{period}.csv' }),
  {
    strategy: 'history',
  },
);
const topics = promoted(dataset(fields, { name: 'topics', pattern: 'topics_{period}.csv' }), {
  strategy: 'upsert',
  rollout: 'staged',
});

const mart = (mode: string, reads: string, select: string, period = 'month') =>
  `-- grain: id${mode === 'full' ? ', since' : ''}\n-- mode: ${mode}\n-- period: ${period}\n-- reads: ${reads}\n${select}\n`;

describe.each(ENGINES)('marts of live rows on %s', (_name, engine) => {
  let world: World;
  const datasets = [staff, grades, topics];
  beforeAll(() => engine.start(), 120_000);
  afterAll(() => engine.stop(), 60_000);
  beforeEach(async () => {
    world = await World.openCopy(engine, datasets);
    return () => world.close();
  }, 60_000);

  const promote = async (name: string, period: string, team: Record<number, string>) => {
    await world.load(
      name,
      period,
      Object.entries(team).map(([id, value]) => ({ id: Number(id), team: value })),
    );
    expect((await world.transform(period, [name])).exitCode).toBe(0);
  };
  const run = async (period: string) => {
    const result = await publish(world.context(), { period: parsePeriod(period) as Period });
    expect(result.exitCode, writeWords(result.message ?? '')).toBe(0);
    return result;
  };
  const rows = async (name: string, period: string) =>
    (
      await world.rows(
        sql`SELECT id, team FROM ${ident('mart', name)} WHERE _data_period = ${period} ORDER BY id`,
      )
    ).map((row) => `${row.id}${row.team}`);

  it('shows a register with history as of the period, in whatever order periods are published', async () => {
    world.write(
      'models/mart/teams.sql',
      mart('period', 'core.staff', 'SELECT staff.id, core.staff.team FROM core.staff'),
    );
    world.write(
      'models/mart/teams_filtered.sql',
      mart(
        'period',
        'core.staff_live',
        `SELECT s.id, s.team FROM core.staff_live s
          WHERE s._valid_from <= :period AND (s._valid_to IS NULL OR s._valid_to > :period)`,
      ),
    );
    world.write(
      'models/mart/spells.sql',
      mart('full', 'core.staff', 'SELECT id, team, _valid_from AS since FROM core.staff'),
    );
    await promote('staff', '2025-01', { 1: 'a', 2: 'b' });
    await promote('staff', '2025-02', { 1: 'c' });
    await promote('staff', '2025-03', { 1: 'c', 3: 'd' });
    for (const period of ['2025-03', '2025-01', '2025-02']) await run(period);
    for (const name of ['teams', 'teams_filtered']) {
      expect(await rows(name, '2025-01')).toEqual(['1a', '2b']);
      expect(await rows(name, '2025-02')).toEqual(['1c']);
      expect(await rows(name, '2025-03')).toEqual(['1c', '3d']);
    }
    expect(await world.rows(sql`SELECT id, since FROM mart.spells ORDER BY id, since`)).toHaveLength(4);
    // What is restated is published again, and no other period.
    await promote('staff', '2025-01', { 1: 'x' });
    expect((await run('2025-01')).status).toBe('done');
    expect(await rows('teams', '2025-01')).toEqual(['1x']);
    expect(await rows('teams', '2025-02')).toEqual(['1c']);
  });

  it('reads a quarterly register as of the quarter of a month, and a monthly one as of the last month of a quarter', async () => {
    world.write(
      'models/mart/monthly.sql',
      mart(
        'period',
        'core.staff, core.grades',
        'SELECT s.id, g.team FROM core.staff s JOIN core.grades g ON g.id = s.id',
      ),
    );
    world.write(
      'models/mart/quarterly.sql',
      mart('period', 'core.staff', 'SELECT id, team FROM core.staff', 'quarter'),
    );
    await promote('grades', '2024-Q4', { 1: 'low' });
    await promote('grades', '2025-Q1', { 1: 'high' });
    await promote('grades', '2025-Q2', { 1: 'top' });
    await promote('staff', '2025-01', { 1: 'a' });
    await promote('staff', '2025-03', { 1: 'b' });
    await promote('staff', '2025-04', { 1: 'c' });
    await run('2025-01');
    await run('2025-03');
    expect(await rows('monthly', '2025-01')).toEqual(['1high']);
    expect(await rows('quarterly', '2025-Q1')).toEqual(['1b']);
  });

  it('keeps rows that are not live from every mart, whether the model names the table or its live view', async () => {
    world.write(
      'models/mart/all_topics.sql',
      mart('period', 'core.topics', 'WITH topics AS (SELECT * FROM core.topics) SELECT id, team FROM topics'),
    );
    world.write(
      'models/mart/live_topics.sql',
      mart('period', 'core.topics_live', 'SELECT id, team FROM core.topics_live'),
    );
    await promote('topics', '2025-01', { 1: 'a' });
    await world.warehouse.transaction((tx) => tx.execute(sql`UPDATE core.topics SET _live = true`));
    await promote('topics', '2025-02', { 1: 'b', 2: 'c' });
    await run('2025-02');
    expect(await rows('all_topics', '2025-02')).toEqual(['1b']);
    expect(await rows('live_topics', '2025-02')).toEqual(['1b']);
  });
});

import { expect } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import type { StepResult } from '../../src/domain/result.ts';
import { parseSlice } from '../../src/domain/slice.ts';
import { raw } from '../../src/sql/sql.ts';
import { type RollbackInput, rollback } from '../../src/steps/rollback.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import type { World } from './world/world.ts';

export function promoted(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, ...core } };
}

export const regions = promoted(
  dataset([field('code'), field('name')], { name: 'regions', period: 'none', pattern: 'regions.csv' }),
  { key: ['code'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);
export const people = promoted(
  dataset([field('id', { type: 'integer' }), field('name', { pii: true }), field('region')], {
    name: 'people',
    foreignKeys: [{ fields: ['region'], dataset: 'regions', referenceFields: ['code'] }],
  }),
  { key: ['id'], strategy: 'upsert', covers: 'all', missing: 'close' },
);
export const topics = promoted(
  dataset([field('topic'), field('hours', { type: 'integer' })], {
    name: 'topics',
    pattern: 'topics_{board}_{period}.csv',
  }),
  { key: ['board', 'topic'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);

export const person = (id: number, name: string, region: string | null = 'NO') => ({ id, name, region });

/** Two regions, which people refer to. */
export async function promoteRegions(world: World): Promise<void> {
  await world.load('regions', 'none', [
    { code: 'NO', name: 'North' },
    { code: 'SO', name: 'South' },
  ]);
  await world.transform('2025-01', ['regions']);
}

/** Takes back a promotion, or the newest of a period. */
export async function undo(
  world: World,
  subject: number | readonly [name: string, period: string],
  over: Partial<RollbackInput> = {},
  context: Partial<StepContext> = {},
): Promise<StepResult> {
  const about =
    typeof subject === 'number'
      ? { promotionId: subject }
      : {
          dataset: world.dataset(subject[0]),
          period: parsePeriod(subject[1]) as NonNullable<ReturnType<typeof parsePeriod>>,
          slice: new Map<string, string>(),
        };
  const input = { subject: about, cascade: false, reason: 'why', by: 'Vera', confirm: null, ...over };
  return (await rollback(world.context(context), input)).result;
}

/** Loads and promotes rows; answers the promotion's number. */
export async function promote(
  world: World,
  name: string,
  period: string,
  rows: Parameters<World['load']>[2],
  slice = '',
): Promise<number> {
  await world.load(name, period, rows, slice);
  const result = await world.transform(
    period,
    [name],
    slice === '' ? {} : { slice: new Map(parseSlice(slice)) },
  );
  expect(result.message).toMatch(/^Promotion/);
  return Number(/^Promotion (\d+)/.exec(writeWords(result.message ?? ''))?.[1]);
}

export const names = async (world: World) =>
  (await world.core('people', raw('id'))).map((row) =>
    `${row.id} ${row.name} ${row._closed_period ?? ''}`.trim(),
  );

import { expect } from 'vitest';
import { parseTolerance } from '../../src/comparison/tolerance.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import type { Tolerance } from '../../src/promotion/change/cell-differs.ts';
import { type DiffAnswer, type DiffInput, type DiffSubject, diff } from '../../src/steps/diff.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import type { World } from './world/world.ts';

function promoted(plain: Dataset, core: Partial<Dataset['core']>): Dataset {
  return { ...plain, core: { ...plain.core, table: plain.name, ...core } };
}

export const people = promoted(
  dataset(
    [
      field('id', { type: 'integer' }),
      field('name', { pii: true }),
      field('region'),
      field('income', { type: 'number', precision: 12, scale: 2 }),
      field('score', { type: 'number' }),
      field('seen', { type: 'datetime' }),
    ],
    { name: 'people', title: 'People', primaryKey: ['id'] },
  ),
  { key: ['id'], strategy: 'upsert', covers: 'all', missing: 'close' },
);
export const monthly = promoted(
  dataset([field('month', { type: 'yearmonth' }), field('item'), field('amount', { type: 'integer' })], {
    name: 'monthly',
    pattern: 'monthly_{period}.csv',
    primaryKey: ['month', 'item'],
  }),
  { key: ['month', 'item'], strategy: 'replace_period' },
);
export const topics = promoted(
  dataset([field('topic'), field('hours', { type: 'integer' })], {
    name: 'topics',
    pattern: 'topics_{board}_{period}.csv',
  }),
  { key: ['board', 'topic'], strategy: 'upsert', covers: 'all', missing: 'delete' },
);
export const back = promoted(
  dataset([field('id', { type: 'integer' }), field('value')], { name: 'back', pattern: 'back_{period}.csv' }),
  { key: ['id'], strategy: 'upsert', covers: 'period', missing: 'delete' },
);
export const lines = promoted(dataset([field('text')], { name: 'lines', pattern: 'lines_{period}.csv' }), {
  key: ['_source_row'],
  strategy: 'replace_period',
});
/** More columns than an engine takes arguments in one call. */
export const VALUES = Array.from({ length: 130 }, (_, i) => `v${i}`);
export const wide = promoted(
  dataset([field('id', { type: 'integer' }), ...VALUES.map((name) => field(name))], {
    ...{ name: 'wide', pattern: 'wide_{period}.csv', primaryKey: ['id'] },
  }),
  { key: ['id'], strategy: 'replace_period' },
);

export const person = (id: number | null, over: Record<string, string | number | null> = {}) => ({
  ...{ id, name: `P${id}`, region: 'NO', income: '10.00', score: 1.5, seen: '2025-01-01 10:00:00' },
  ...over,
});
export const at = (text: string) => parsePeriod(text) as Period;

/** What a call asks for beside its subject. */
export type Over = Partial<Omit<DiffInput, 'tolerance'>> & { readonly tolerance?: readonly string[] };

export async function diffOf(ctx: StepContext, subject: DiffSubject, over: Over = {}): Promise<DiffAnswer> {
  const { tolerance = [], ...rest } = over;
  return diff(ctx, {
    ...{ subject, slice: new Map(), by: [], sample: 20, showPersonal: false, failOnDiff: false },
    ...{ html: null, xlsx: null, ...rest },
    tolerance: tolerance.map((text) => parseTolerance(text) as Tolerance),
  });
}

/** What a promotion would change. */
export function staged(world: World, of: Dataset, period: string, over: Over = {}): Promise<DiffAnswer> {
  return diffOf(world.context(), { kind: 'staged', dataset: of, period: at(period) }, over);
}

export async function only(answer: Promise<DiffAnswer>): Promise<DiffAnswer['comparisons'][0]> {
  const { comparisons } = await answer;
  expect(comparisons).toHaveLength(1);
  return comparisons[0] as DiffAnswer['comparisons'][0];
}

/** Holds what one engine told against what the other one told. */
export function bothEngines(): (name: string, value: unknown) => void {
  const told = new Map<string, unknown>();
  return (name, value) => {
    if (told.has(name)) expect(value).toEqual(told.get(name));
    told.set(name, value);
  };
}

import type { CheckOf } from '../../domain/check.ts';
import type { CheckEnv } from '../check-env.ts';
import { saidOf } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';
import { failed } from './table-check.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'row-count',
    title: 'The file has too few or too many rows',
    meaning: 'Rows that passed the other checks are counted.',
    example: '12 rows where at least 1000 are expected.',
    cure: 'Check that the whole list was exported, once.',
    config: '{name: enough, rows: {min: 1000, max: 5000}}',
  },
];

export function checkRows(env: CheckEnv, check: CheckOf<'rows'>, accepted: number): void {
  const { min, max } = check;
  if (min !== null && accepted < min)
    failed(env, check, saidOf('row-count.few', { count: accepted, limit: min }));
  if (max !== null && accepted > max)
    failed(env, check, saidOf('row-count.many', { count: accepted, limit: max }));
}

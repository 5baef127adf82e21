import type { CheckOf } from '../../domain/check.ts';
import type { CheckEnv } from '../check-env.ts';
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
  if (check.min !== null && accepted < check.min) {
    failed(env, check, {
      code: 'row-count',
      message: `There are ${accepted} good rows; at least ${check.min} are expected.`,
      fix: 'Check that the whole list was exported.',
    });
  }
  if (check.max !== null && accepted > check.max) {
    failed(env, check, {
      code: 'row-count',
      message: `There are ${accepted} good rows; at most ${check.max} are expected.`,
      fix: 'Check that nothing was exported twice, or for more than this period.',
    });
  }
}

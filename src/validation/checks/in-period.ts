import type { CheckOf } from '../../domain/check.ts';
import { periodDays } from '../../domain/period.ts';
import { fieldType } from '../../types/registry.ts';
import { type CheckEnv, columnNamed } from '../check-env.ts';
import { labelOf } from '../layout.ts';
import { softenedBy } from '../strictness.ts';
import { worded } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';
import { notAsked } from './table-check.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'out-of-period',
    title: 'A date is outside of the period of the file',
    meaning: 'Every value of the column has to lie in the period that the file name says.',
    example: '2025-05-31 in a file of 2025-06.',
    cure: 'Check whether the right month was exported; take the rows out that belong elsewhere.',
    config: '{name: right_month, in_period: end_date, max_failures: 1%}',
  },
];

export async function checkInPeriod(env: CheckEnv, check: CheckOf<'in_period'>): Promise<void> {
  const column = columnNamed(env, check.field);
  const days = periodDays(env.period);
  if (days === null) {
    notAsked(env, check, 'the dataset has no periods');
    return;
  }
  const value = `v${column.index}`;
  // The configuration lets no other types pass.
  const within = fieldType(column.field).compare.within?.(value, days) ?? 'true';
  const label = labelOf(column.field);
  const words = worded(check, 'out-of-period', { column: label, period: env.period.text });
  const rows = `SELECT rid FROM s WHERE ${value} IS NOT NULL AND NOT (${within})`;
  await env.faults.add(
    {
      ...words,
      name: check.name,
      severity: check.severity,
      columns: [column],
    },
    rows,
    softenedBy(check, words.summary, env.read),
  );
}

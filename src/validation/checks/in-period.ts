import type { CheckOf } from '../../domain/check.ts';
import { periodDays } from '../../domain/period.ts';
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
  const within = withinPeriod(column.field.type, value, days);
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

function withinPeriod(type: string, value: string, { from, until }: { from: string; until: string }): string {
  switch (type) {
    case 'year':
      return `make_date(${value}::INTEGER, 12, 31) >= DATE '${from}' AND make_date(${value}::INTEGER, 1, 1) < DATE '${until}'`;
    case 'date':
      return `${value} >= DATE '${from}' AND ${value} < DATE '${until}'`;
    case 'datetime':
      return `${value} >= TIMESTAMP '${from}' AND ${value} < TIMESTAMP '${until}'`;
    default:
      // Text is compared by its beginning, such as 2025-06 or 2025-06-30.
      return `${value}::VARCHAR >= '${from.slice(0, 7)}' AND ${value}::VARCHAR < '${until.slice(0, 7)}'`;
  }
}

import type { CheckOf } from '../../domain/check.ts';
import { yearBefore } from '../../domain/period.ts';
import type { CheckEnv } from '../check-env.ts';
import { compareMeasures } from './compare-measures.ts';
import type { CatalogueEntry } from './entry.ts';
import { notAsked } from './table-check.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'versus-last-year',
    title: 'The file differs too much from the same period of last year',
    meaning:
      'Rows, sums and other measures are compared with the same month, quarter or year one year before, of the same slice.',
    example: 'A third of the income of June last year.',
    cure: 'Check that the export is complete. If the change is real, ask for the check to be widened.',
    config: '{name: as_last_year, versus_last_year: {avg(income): {max_drop: 10%, max_rise: 10%}}}',
  },
];

export async function checkVersusLastYear(
  env: CheckEnv,
  check: CheckOf<'versus_last_year'>,
  accepted: number,
): Promise<void> {
  const { lastYear } = env;
  if (lastYear) await compareMeasures(env, check, lastYear, accepted);
  else {
    const period = yearBefore(env.period);
    const why = period === null ? 'the dataset has no periods' : `${period.text} is not loaded`;
    notAsked(env, check, why);
  }
}

import type { CheckOf } from '../../domain/check.ts';
import type { CheckEnv } from '../check-env.ts';
import { compareMeasures } from './compare-measures.ts';
import type { CatalogueEntry } from './entry.ts';
import { notAsked } from './table-check.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'versus-previous',
    title: 'The file differs too much from the period before',
    meaning:
      'Rows, sums and other measures are compared with the nearest earlier period that is loaded, of the same slice.',
    example: 'Half as many rows as in May.',
    cure: 'Check that the export is complete. If the change is real, ask for the check to be widened.',
    config:
      '{name: steady, versus_previous: {rows: {max_drop: 20%}, sum(income): {max_drop: 30%, max_rise: 50%}}}',
  },
];

export async function checkVersusPrevious(
  env: CheckEnv,
  check: CheckOf<'versus_previous'>,
  accepted: number,
): Promise<void> {
  if (env.previous === null) notAsked(env, check, 'no earlier period is loaded');
  else await compareMeasures(env, check, env.previous, accepted);
}

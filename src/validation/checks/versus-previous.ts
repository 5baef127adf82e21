import type { Threshold } from '../../domain/dataset.ts';
import { type CheckEnv, columnNamed } from '../check-env.ts';
import { labelOf } from '../layout.ts';
import type { CatalogueEntry } from './entry.ts';
import { ACCEPTED, type CheckOf, failed, notAsked } from './table-check.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'versus-previous',
    title: 'The file differs too much from the period before',
    meaning: 'Rows or sums are compared with the nearest earlier period that is loaded, of the same slice.',
    example: 'Half as many rows as in May.',
    cure: 'Check that the export is complete. If the change is real, ask for the check to be widened.',
  },
];

export async function checkVersusPrevious(
  env: CheckEnv,
  check: CheckOf<'versus_previous'>,
  accepted: number,
): Promise<void> {
  const { previous } = env;
  if (previous === null) {
    notAsked(env, check, 'no earlier period is loaded');
    return;
  }
  for (const { measure, maxDrop, maxRise } of check.measures) {
    const ofRows = measure === 'rows';
    const label = ofRows ? 'Number of rows' : `Sum of ${labelOf(columnNamed(env, measure.sum).field)}`;
    const now = ofRows ? accepted : await sumOf(env, measure.sum);
    const before = ofRows ? previous.rows : Number(previous.sums.get(measure.sum) ?? 0);
    const limit = now < before ? maxDrop : maxRise;
    const change = Math.abs(now - before);
    if (limit === null || change <= allowed(limit, before)) continue;
    const verb = now < before ? 'fell' : 'rose';
    const field = ofRows ? {} : { field: measure.sum };
    failed(env, check, {
      code: 'versus-previous',
      message: `${label} ${verb} from ${shown(before)} (${previous.period}) to ${shown(now)}${percent(change, before)}; at most ${limit.text} is expected.`,
      fix: 'Check that the export is complete and of the right period.',
      ...field,
    });
  }
}

function allowed(limit: Threshold, before: number): number {
  // Shares of whole numbers must not fail by the last binary digit: 20% of 10 is 2.
  return limit.kind === 'count' ? limit.value : Math.abs(before) * limit.value * (1 + 1e-12);
}

function percent(change: number, before: number): string {
  return before === 0 ? '' : `, by ${((100 * change) / Math.abs(before)).toFixed(1)}%`;
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

async function sumOf(env: CheckEnv, field: string): Promise<number> {
  return env.scratch.count(
    `SELECT coalesce(sum(v${columnNamed(env, field).index}), 0)::VARCHAR FROM ${ACCEPTED}`,
  );
}

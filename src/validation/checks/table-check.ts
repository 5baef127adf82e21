import type { Check } from '../../domain/check.ts';
import type { CheckEnv } from '../check-env.ts';
import { saidOf, spoken } from '../wording.ts';
import type { CatalogueEntry } from './entry.ts';

export const entries: readonly CatalogueEntry[] = [
  {
    code: 'no-rows',
    title: 'The file has headers and no rows',
    meaning: 'An empty file passes with this warning, unless a check asks for rows.',
    example: 'A month without any event to report.',
    cure: 'If there was nothing to report, nothing needs to be done.',
  },
  {
    code: 'check-skipped',
    title: 'A check could not be made',
    meaning: 'What the check compares with is not there, such as an earlier period.',
    example: 'The first period of a dataset has none before it.',
    cure: 'Nothing needs to be done.',
  },
];

/** A check that could not be made is reported, so that a report without findings never seems to cover it. */
export function notAsked(env: CheckEnv, check: Check, why: string): void {
  env.tableFindings.push({
    name: check.name,
    severity: 'info',
    field: null,
    ...saidOf('check-skipped', { check: spoken(check.name), why }),
  });
}

export function failed(
  env: CheckEnv,
  check: Check,
  finding: ReturnType<typeof saidOf>,
  field: string | null = null,
): void {
  env.tableFindings.push({
    code: finding.code,
    name: check.name,
    severity: check.severity,
    field,
    message: check.message ?? finding.message,
    fix: finding.fix,
  });
}

/** Rows that count for checks of the whole file. */
export const ACCEPTED = '(SELECT * FROM s ANTI JOIN rejected ON s.rid = rejected.rid)';

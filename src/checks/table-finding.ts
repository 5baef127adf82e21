import type { Check } from '../domain/check.ts';
import type { CheckEnv } from './check-env.ts';
import type { FindingEntry } from './finding-entry.ts';
import { type FileWords, fileWords, spoken, wordings } from './wording.ts';

export const FINDINGS: readonly FindingEntry[] = [
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

export const WORDINGS = wordings({
  'no-rows': {
    summary: 'The file has headers and no rows',
    message: 'The file has headers and no rows.',
    fix: 'If there is nothing to report for this period, no more is needed; otherwise export again.',
  },
  'check-skipped': {
    summary: "The check '{check}' was not made: {why}",
    message: "The check '{check}' was not made: {why}.",
    fix: null,
  },
});

export function sayNoRows(env: CheckEnv): void {
  const words = fileWords(WORDINGS['no-rows'], {});
  env.tableFindings.push({ name: 'no-rows', severity: 'warning', field: null, ...words });
}

/** A check that could not be made is reported, so that a report without findings never seems to cover it. */
export function notMade(env: CheckEnv, check: Check, why: string): void {
  const words = fileWords(WORDINGS['check-skipped'], { check: spoken(check.name), why });
  env.tableFindings.push({ name: check.name, severity: 'info', field: null, ...words });
}

export function failed(
  env: CheckEnv,
  check: Check,
  { code, message, fix }: FileWords,
  field: string | null = null,
): void {
  const own = check.message ?? message;
  env.tableFindings.push({
    code,
    name: check.name,
    severity: check.severity,
    field,
    message: own,
    fix,
  });
}

/** Rows that count for checks of the whole file. */
export function acceptedRows({ rows: { judged }, faults: { rejected } }: CheckEnv): string {
  return `(SELECT * FROM ${judged} AS j ANTI JOIN ${rejected} ON j.rid = ${rejected}.rid)`;
}

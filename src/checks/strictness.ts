import type { Severity } from '../domain/finding.ts';
import { allowedOf, type Threshold } from '../domain/threshold.ts';
import type { RuleInit } from './rule.ts';

/** What happens to the rows that break a rule, once their number is known. */
export interface Strict {
  readonly severity: Severity;
  readonly maxFailures: Threshold | null;
}

/**
 * The severity of a rule, and its summary with the limit: up to the limit rows are kept, with warnings; above it each
 * counts as the rule says. Shares are of all rows of the file.
 */
export function softenedBy(
  { severity, maxFailures }: Strict,
  summary: string,
  read: number,
): (count: number) => Pick<RuleInit, 'severity' | 'summary'> {
  return (count) => {
    if (maxFailures === null || severity === 'info') return { severity, summary };
    const kept = count <= allowedOf(maxFailures, read);
    return kept
      ? { severity: 'warning', summary: `${summary} (within the ${maxFailures.text} allowed)` }
      : { severity, summary: `${summary} (more than the ${maxFailures.text} allowed)` };
  };
}

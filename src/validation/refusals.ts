import type { TableFinding } from '../checks/check-env.ts';
import { counted, grouped } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { allowedOf } from '../domain/threshold.ts';

/** Why the rows are refused as a whole, as sentences; empty where they pass. */
export function refusalsOf(
  dataset: Dataset,
  { read, rejected }: { readonly read: number; readonly rejected: number },
  tableFindings: readonly TableFinding[],
): string[] {
  const limit = dataset.accept.maxRejected;
  const out: string[] = [];
  if (read > 0 && rejected === read)
    out.push(
      read === 1 ? 'The 1 row cannot be accepted.' : `None of the ${counted(read, 'row')} can be accepted.`,
    );
  else if (rejected > allowedOf(limit, read)) {
    const allowed = limit.value === 0 ? 'no row may be rejected' : `at most ${limit.text} may be rejected`;
    out.push(`${grouped(rejected)} of ${counted(read, 'row')} cannot be accepted; ${allowed}.`);
  }
  return [
    ...out,
    ...tableFindings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  ];
}

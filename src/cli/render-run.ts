import type { MartPreview } from '../pipeline/preview-marts.ts';
import type { Reconciliation } from '../pipeline/reconcile.ts';
import type { RunOutcome } from '../pipeline/run.ts';
import { formatCount, renderResult } from './render-result.ts';
import { renderTable } from './render-table.ts';

/** What a run did step by step, the reconciliation from file to core, and the first rows of the marts. */
export function renderRun(outcome: RunOutcome, marts: readonly MartPreview[]): string {
  const parts = [renderResult(outcome.result)];
  if (outcome.stoppedAt !== null) {
    parts.push(
      `\nThe dry run stops before ${outcome.stoppedAt}: it reads what the step before would have written.\n`,
    );
  }
  if (outcome.reconciliation.length > 0)
    parts.push(`\nReconciliation\n${renderTable(HEADER, outcome.reconciliation.map(line))}`);
  for (const { dataset, period, broken } of outcome.reconciliation) {
    for (const sentence of broken) parts.push(`  DOES NOT ADD UP: ${dataset} ${period}: ${sentence}\n`);
  }
  if (outcome.reconciliation.length > 0 && outcome.reconciliation.every((one) => one.broken.length === 0)) {
    parts.push(
      '  All rows are accounted for: in file = accepted + rejected; accepted = loaded = in stage.\n',
    );
  }
  for (const mart of marts) {
    const title = `\nmart.${mart.name}${mart.period === null ? '' : ` ${mart.period}`}: ${formatCount(mart.total)} rows`;
    const more =
      mart.total > mart.rows.length
        ? `  … and ${formatCount(mart.total - mart.rows.length)} more rows\n`
        : '';
    parts.push(`${title}\n${renderTable(mart.columns, mart.rows)}${more}`);
  }
  return parts.join('');
}

const HEADER = [
  'dataset',
  'period',
  'slice',
  'delivery',
  'in file',
  'accepted',
  'rejected',
  'loaded',
  'in stage',
  'core added',
  'modified',
  'removed',
  'closed',
  'shadowed',
  'unchanged',
];

function line(one: Reconciliation) {
  const count = (value: number | null | undefined) =>
    value === null || value === undefined ? null : formatCount(value);
  const { core } = one;
  return [
    one.dataset,
    one.period,
    one.slice,
    one.fileId,
    count(one.read),
    count(one.accepted),
    count(one.rejected),
    count(one.loaded),
    count(one.staged),
    count(core?.added),
    count(core?.modified),
    count(core?.removed),
    count(core?.closed),
    count(core?.shadowed),
    count(core?.unchanged),
  ];
}

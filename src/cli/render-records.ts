import { counted } from '../domain/count.ts';
import type { RunOfRecords } from '../records/records-by-run.ts';
import { renderTable } from './render-table.ts';

/** The newest runs of each dataset that people are shown; programs get all. */
const MOST_RUNS = 40;

const HEADER = ['dataset', 'run', 'submitted', 'promoted', 'duplicate', 'failed', 'waiting', 'held'];

/** Records by run as people read them. */
export function renderRecordsStatus(runs: readonly RunOfRecords[], message: string): string {
  if (runs.length === 0) return `${message}\n`;
  const datasets = [...new Set(runs.map(({ dataset }) => dataset))];
  const shown = datasets.flatMap((name) => runs.filter(({ dataset }) => dataset === name).slice(-MOST_RUNS));
  const rows = shown.map((one) => [
    ...[one.dataset, one.run, one.submitted, one.promoted, one.duplicate, one.failed, one.waiting, one.held],
    one.oldest_waiting?.slice(0, 19) ?? null,
  ]);
  const left = runs.length - shown.length;
  const more = left === 0 ? '' : `… and ${counted(left, 'earlier run')}; --json tells all.\n`;
  const lacking = runs.reduce((sum, { lacking_parent }) => sum + lacking_parent, 0);
  const again =
    lacking === 0
      ? ''
      : `${counted(lacking, 'failed record lacks', 'failed records lack')} only the row referred to: the next promotion looks again.\n`;
  return `${renderTable([...HEADER, 'oldest waiting (UTC)'], rows)}${more}${again}${message}\n`;
}

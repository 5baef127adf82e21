import { counted } from '../domain/count.ts';
import { listed } from '../domain/listed.ts';
import type { RunOfRecords } from '../records/records-by-run.ts';
import type { ByValue } from '../records/records-by-value.ts';
import type { ShownField, ShownRecord } from '../records/shown-record.ts';
import { neutralise } from './log.ts';
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

/** The values that people are shown; programs get all. */
const MOST_VALUES = 40;

/** What waits beside what core has, by the value of a field. */
export function renderSummary(by: string, { values }: ByValue, message: string): string {
  const shown = values.slice(0, MOST_VALUES);
  const rows = shown.map(({ value, core, waiting, failed, held }) => [
    ...[value ?? '(blank)', core, waiting, failed, held],
  ]);
  const left = values.length - shown.length;
  const more = left === 0 ? '' : `… and ${counted(left, 'more value')}; --json tells all.\n`;
  return `${renderTable([by, 'in core', 'waiting', 'failed', 'held'], rows)}${more}${message}\n`;
}

/** One record as people read it: what it came to, its errors, what its fields read, and its text. */
export function renderRecord(record: ShownRecord, message: string): string {
  const { core } = record;
  const lines = [
    `${record.dataset}: ${message}`,
    `from   ${parts(['actor', record.actor], ['interaction', record.interaction], ['batch', record.batch_id], ['submit key', record.submit_key])}`,
    `given  by ${record.submitted_by ?? 'nobody known'} at ${moment(record.created_at)}`,
    ...(core === null
      ? []
      : [
          `core   ${parts(...Object.entries(core.key), ['surrogate key', core.identity])}${record.promoted_at === null ? '' : `, since ${moment(record.promoted_at)}`}`,
        ]),
    ...(record.unreadable === null ? [] : [`It cannot be read: ${record.unreadable}.`]),
    ...(record.doubled.length === 0 ? [] : [`Members that are in it twice: ${listed(record.doubled)}.`]),
    ...(record.unread.length === 0 ? [] : [`Members that no field reads: ${listed(record.unread)}.`]),
  ];
  return `${lines.map(neutralise).join('\n')}\n${errorsText(record)}${fieldsText(record.fields)}${rawText(record)}`;
}

const moment = (text: string): string => `${text.slice(0, 19).replace('T', ' ')} UTC`;

const parts = (...named: readonly (readonly [name: string, value: string | null])[]): string =>
  named.flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`])).join(', ');

function errorsText({ errors }: ShownRecord): string {
  if (errors.length === 0) return '';
  const rows = errors.map(({ attempt, field, code, message, value }) => [
    attempt,
    field,
    code,
    message,
    value,
  ]);
  return renderTable(['attempt', 'field', 'code', 'error', 'value'], rows, '  ', 120);
}

function fieldsText(fields: readonly ShownField[]): string {
  if (fields.length === 0) return '';
  const rows = fields.map(({ field, path, from, kind, text }) => [
    ...[field, path ?? '', from === 'record' && kind !== null ? kind : from],
    text,
  ]);
  return renderTable(['field', 'reads', 'is', 'text'], rows, '  ', 80);
}

function rawText({ raw_data, pruned_at }: ShownRecord): string {
  if (pruned_at !== null) return '';
  if (raw_data === null)
    return 'Its text is not shown: nobody knows what in it is personal (--show-pii shows it).\n';
  return `${neutralise(raw_data)}\n`;
}

import { counted } from '../domain/count.ts';
import { sliceShown } from '../domain/slice.ts';
import type { HandedRecord } from '../records/records-of-row.ts';
import type { Trace, TracedRow, TracedSource } from '../trace/traced.ts';
import { neutralise } from './log.ts';
import { renderTable } from './render-table.ts';

/** A trace as people read it: the row, its promotions, and where it comes from, cell by cell. */
export function renderTrace(trace: Trace): string {
  const parts = [
    ...trace.rows.map((row) => rowText(trace.table, row)),
    ...(trace.more > 0 ? [`… and ${counted(trace.more, 'more row')}; name more of the key.\n`] : []),
    ...trace.sources.map((source) => sourceText(source)),
    ...trace.notes.map((note) => `${neutralise(note)}\n`),
  ];
  const head = trace.sources.length > 0 || trace.notes.length > 0 ? `${trace.table}\n` : '';
  return head + parts.join('\n');
}

function rowText(table: string, row: TracedRow): string {
  const key = Object.entries(row.key)
    .map(([name, text]) => `${name}=${text ?? ''}`)
    .join(', ');
  const head = `${table} ${neutralise(key)}${row.state === 'gone' ? ' (no longer in core)' : ''}\n`;
  const { delivery } = row;
  const from =
    delivery === null
      ? ''
      : `${originText(delivery)}\n` +
        `loaded as load ${delivery.load_id} at ${delivery.loaded_at?.slice(0, 19)}, ${delivery.period}` +
        `${delivery.slice === '' ? '' : ` ${neutralise(sliceShown(delivery.slice))}`}\n`;
  return [
    head,
    from,
    ...row.records.map(recordText),
    promotionsText(row.promotions),
    cellsText(row),
    correctionsText(row),
    notesText(row),
  ].join('');
}

/** `record 7 made it: run fetch-3, actor fetcher, …` */
function recordText(record: HandedRecord & { readonly did?: string }): string {
  const said = [
    `run ${record.run_id}`,
    `actor ${record.actor}`,
    ...(record.interaction === null ? [] : [`interaction ${record.interaction}`]),
    ...(record.batch_id === null ? [] : [`batch ${record.batch_id}`]),
    `handed over at ${record.submitted_at.slice(0, 19)}${record.submitted_by === null ? '' : ` by ${record.submitted_by}`}`,
    ...(record.pruned_at === null ? [] : ['pruned']),
  ];
  const did = record.did === undefined ? '' : ` ${record.did}`;
  return `record ${record.staging_id}${did}: ${neutralise(said.join(', '))}\n`;
}

/** The file, sheet and row; for a reply, those of the file that it corrects. */
function originText(delivery: NonNullable<TracedRow['delivery']>): string {
  const { original } = delivery;
  const { path, sheet, row } = original ?? delivery;
  const place = `${neutralise(path)}${sheet === null ? '' : `, sheet ${neutralise(sheet)}`}${row === null ? '' : `, row ${row}`}`;
  const own = `delivery ${delivery.file_id} (${delivery.status})`;
  if (original === null) return `from   ${own}, ${place}`;
  return `from   delivery ${original.file_id}, ${place}\nfixed  by ${own}, the reply ${neutralise(delivery.path)}`;
}

function promotionsText(promotions: TracedRow['promotions']): string {
  if (promotions.length === 0) return '';
  const rows = promotions.map((one) => [
    ...[one.promotion_id, one.at.slice(0, 19), one.kind, one.period, one.operation],
    [
      one.rolled_back_by === null ? null : `rolled back by ${one.rolled_back_by}`,
      one.takes_back === null ? null : `rolls back ${one.takes_back}`,
      one.by === null ? null : `by ${one.by}${one.why === null ? '' : `: ${one.why}`}`,
    ]
      .filter((part) => part !== null)
      .join('; '),
  ]);
  return renderTable(['promotion', 'when (UTC)', 'kind', 'period', 'did', ''], rows, '  ', 90);
}

function cellsText(row: TracedRow): string {
  if (row.cells.length === 0) return '';
  const last = row.records.at(-1);
  const some = (pick: (cell: TracedRow['cells'][number]) => unknown) =>
    row.cells.some((cell) => pick(cell) !== null);
  const columns = [
    { title: 'column', show: true, text: (cell: TracedRow['cells'][number]) => cell.column },
    {
      title: row.records.length > 0 ? 'member' : 'cell',
      show: some((cell) => cell.cell),
      text: (cell: TracedRow['cells'][number]) => cell.cell,
    },
    ...row.records.slice(0, -1).map((record) => ({
      title: `in record ${record.staging_id}`,
      show: record.values !== null,
      text: ({ column }: TracedRow['cells'][number]) => record.values?.[column] ?? null,
    })),
    {
      title: 'before the reply',
      show: some((cell) => cell.replaced),
      text: ({ replaced }: TracedRow['cells'][number]) =>
        replaced === null
          ? null
          : `${replaced.raw === '' ? 'blank' : replaced.raw}, until delivery ${replaced.file_id}`,
    },
    {
      title: last === undefined ? 'in the file' : `in record ${last.staging_id}`,
      show: some((cell) => cell.raw),
      text: (cell: TracedRow['cells'][number]) => cell.raw,
    },
    {
      title: 'cleaned',
      show: some((cell) => cell.cleaned),
      text: (cell: TracedRow['cells'][number]) => cell.cleaned,
    },
    { title: 'in core', show: true, text: (cell: TracedRow['cells'][number]) => cell.core },
    {
      title: 'correction',
      show: some((cell) => cell.correction),
      text: (cell: TracedRow['cells'][number]) => (cell.correction === null ? null : String(cell.correction)),
    },
  ].filter(({ show }) => show);
  return renderTable(
    columns.map(({ title }) => title),
    row.cells.map((cell) => columns.map(({ text }) => text(cell))),
  );
}

function correctionsText(row: TracedRow): string {
  return row.corrections
    .map((one) => {
      const state = one.applied
        ? ''
        : one.undone_by === null
          ? ' (not in this load)'
          : ` (undone by ${one.undone_by})`;
      const what = `${one.field} ${one.from ?? 'blank'} → ${one.to ?? 'blank'}`;
      return `  correction ${one.correction_id}: ${neutralise(`${what}, by ${one.by}: ${one.why}`)}${state}\n`;
    })
    .join('');
}

function notesText(row: TracedRow): string {
  return row.notes.map((note) => `  ${neutralise(note)}\n`).join('');
}

function sourceText(source: TracedSource): string {
  const shared = source.shares.length === 0 ? 'nothing of its grain' : source.shares.join(', ');
  const lines = source.keys.map((key) => `    tidemark trace ${source.table} ${neutralise(key)}\n`);
  const more = source.rows > source.keys.length ? `    … of ${source.rows}\n` : '';
  const records = source.records.map((record) => `    ${recordText(record)}`);
  return `  ${source.table}: ${counted(source.rows, 'row shares', 'rows share')} ${shared}\n${[...lines, ...records].join('')}${more}`;
}

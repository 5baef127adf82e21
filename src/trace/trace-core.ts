import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, isRecordsDataset } from '../domain/dataset.ts';
import type { Limits } from '../domain/limits.ts';
import { parseSlice } from '../domain/slice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { chainOf } from '../gate/reply/open-reply.ts';
import { coreModelPath } from '../lake/core-model.ts';
import type { Project } from '../lake/project.ts';
import { type Delivery, deliveryById } from '../ledger/deliveries.ts';
import { type LoadOfRow, loadOfRow } from '../ledger/load-of-row.ts';
import { rowPromotions } from '../ledger/row-promotions.ts';
import { identityColumns } from '../promotion/core-shape.ts';
import { parquetRowsAsText } from '../warehouse/parquet/rows-as-text.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { correctionsOfRow } from './corrections-of-row.ts';
import { type DeliveredRow, deliveredRow } from './delivered-cells.ts';
import { goneRows } from './gone-rows.ts';
import { matchingRows } from './matching-rows.ts';
import { recordsOfCoreRow } from './records-of-core-row.ts';
import type { RowTexts, Trace, TracedCell, TracedCorrection, TracedRow } from './traced.ts';

export interface TraceEnvironment {
  readonly project: Project;
  readonly limits: Limits;
  readonly dialect: string;
  readonly signal: AbortSignal;
}

/** More rows than these are counted, not followed. */
const MOST = 5;

/**
 * A row of core, found by some of its identifying columns; also a row that core no longer has. `no-such-row` where
 * there is neither.
 */
export async function traceCore(
  session: Session,
  env: TraceEnvironment,
  dataset: Dataset,
  wanted: ReadonlyMap<string, string | null>,
): Promise<Trace> {
  const table = dataset.core.table;
  const columns = await session.columns({ schema: 'core', name: table });
  if (columns === null) throw noSuchRow(dataset, 'nothing was ever promoted into it');
  const identity = identityColumns({ dataset, key: dataset.core.key });
  const found = await matchingRows(session, { schema: 'core', name: table }, columns, wanted, {
    most: MOST,
    order: identity,
  });
  const rows: TracedRow[] = [];
  for (const row of found.rows) {
    const key = identity.map((name) => row.get(name) ?? null);
    rows.push(await traceRow(session, env, dataset, { identity, key, row, state: 'stands' }));
  }
  if (rows.length === 0) {
    for (const gone of await goneRows(session, table, identity, wanted, MOST)) {
      rows.push(
        await traceRow(session, env, dataset, {
          ...{ identity, key: gone.identity, row: gone.image ?? new Map(), state: 'gone' },
        }),
      );
    }
  }
  if (rows.length === 0) throw noSuchRow(dataset, 'neither core nor its journal has one');
  return {
    table: `core.${table}`,
    rows,
    more: Math.max(0, found.total - found.rows.length),
    ...{ sources: [], notes: [] },
  };
}

function noSuchRow(dataset: Dataset, why: string): TidemarkError {
  return new TidemarkError('no-such-row', {
    message: `There is no such row of core.${dataset.core.table}: ${why}.`,
    hint: `Its key is ${dataset.core.key.join(', ')}; write name=value for each part.`,
    where: { dataset: dataset.name },
  });
}

interface Row {
  readonly identity: readonly string[];
  readonly key: readonly (string | null)[];
  readonly row: RowTexts;
  readonly state: 'stands' | 'gone';
}

async function traceRow(
  session: Session,
  env: TraceEnvironment,
  dataset: Dataset,
  { identity, key, row, state }: Row,
): Promise<TracedRow> {
  const entries = await rowPromotions(session, dataset.core.table, key);
  const number = (name: string) => (row.get(name) == null ? null : Number(row.get(name)));
  const updatedBy = number('_updated_by') ?? entries.at(-1)?.promotion_id ?? null;
  const load = await loadOfRow(session, dataset.core.table, { fileId: number('_file_id'), updatedBy });
  const delivery = load === null ? null : await deliveryById(session, load.fileId);
  const sourceRow = number('_source_row');
  const withoutCells = [...row]
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, text]) => coreCell(name, text));
  const followed = await recordsOfCoreRow(session, dataset, row);
  const base = {
    key: Object.fromEntries(identity.map((name, i) => [name, key[i] ?? null])),
    state,
    promotions: entries,
    records: followed?.records ?? [],
  };
  const notes = state === 'gone' ? ['Core no longer has this row; this is how it last was.'] : [];
  if (followed !== null && load === null)
    return {
      ...base,
      delivery: null,
      cells: followed.cells,
      corrections: [],
      notes: [...notes, ...followed.notes],
    };
  if (load === null || delivery === null) {
    const why = isRecordsDataset(dataset)
      ? 'Which record it came from is not known: the row has no number of one.'
      : 'Which delivery it came from is not known: no promotion that is on record wrote it.';
    return { ...base, delivery: null, cells: withoutCells, corrections: [], notes: [...notes, why] };
  }
  const path =
    sourceRow === null
      ? { cells: withoutCells, corrections: [], notes: [withoutRow(env, dataset)] }
      : await follow(session, env, dataset, { row, load, delivery, sourceRow });
  return {
    ...base,
    delivery: describe(delivery, load, sourceRow, await originalOf(session, delivery)),
    cells: path.cells,
    corrections: path.corrections,
    notes: [...notes, ...path.notes],
  };
}

function coreCell(column: string, core: string | null): TracedCell {
  return { column, cell: null, raw: null, replaced: null, cleaned: null, core, correction: null };
}

function withoutRow(env: TraceEnvironment, dataset: Dataset): string {
  const model = coreModelPath(env.project, dataset, env.dialect);
  if (model === null) return 'The row of the file is not on record.';
  return `The model of ${dataset.name} does not pass _source_row on (it may aggregate), so the row can be followed to its delivery only.`;
}

/** The delivery whose cells a reply corrects; null where it is not a reply. */
async function originalOf(session: Session, { replyTo }: Delivery): Promise<Delivery | null> {
  return replyTo === null ? null : ((await chainOf(session, replyTo))[0] ?? null);
}

function describe(delivery: Delivery, load: LoadOfRow, row: number | null, original: Delivery | null) {
  return {
    file_id: delivery.fileId,
    path: delivery.path,
    sheet: delivery.sheet,
    row,
    period: delivery.period ?? load.period,
    slice: delivery.slice,
    status: delivery.status,
    received_at: delivery.finishedAt,
    load_id: load.loadId,
    loaded_at: load.loadedAt,
    parquet: load.parquetPath,
    original: original && { file_id: original.fileId, path: original.path, sheet: original.sheet, row },
  };
}

interface Followed {
  readonly cells: readonly TracedCell[];
  readonly corrections: readonly TracedCorrection[];
  readonly notes: readonly string[];
}

/** From the core row through the cleaned row to the cells of the file. */
async function follow(
  session: Session,
  env: TraceEnvironment,
  dataset: Dataset,
  of: {
    readonly row: RowTexts;
    readonly load: LoadOfRow;
    readonly delivery: Delivery;
    readonly sourceRow: number;
  },
): Promise<Followed> {
  const { row, load, delivery, sourceRow } = of;
  const notes: string[] = [];
  const parquet = join(env.project.root, load.parquetPath);
  const where = { column: '_source_row', value: sourceRow };
  const [cleaned] = existsSync(parquet) ? await parquetRowsAsText(parquet, where, env.signal) : [];
  if (cleaned === undefined)
    notes.push(`${load.parquetPath} is gone, so the cleaned values cannot be shown.`);
  const chain = delivery.replyTo === null ? [] : await chainOf(session, delivery.replyTo);
  const delivered = await deliveredRow(env, dataset, delivery, chain, sourceRow);
  if (delivered.why !== null)
    notes.push(`${delivered.why}${cleaned === undefined ? '' : ' The cleaned values are shown instead.'}`);
  const target = { dataset: dataset.name, period: load.period, slice: delivery.slice };
  const corrections = await correctionsOfRow(session, dataset, target, cleaned ?? row, load);
  return {
    cells: cellsOf(dataset, row, cleaned, delivered, corrections, delivery.slice),
    corrections,
    notes,
  };
}

function cellsOf(
  dataset: Dataset,
  row: RowTexts,
  cleaned: RowTexts | undefined,
  delivered: DeliveredRow,
  corrections: readonly TracedCorrection[],
  slice: string,
): TracedCell[] {
  const fields = dataset.fields.map((field) => field.name);
  const own = [...row.keys()].filter((name) => !name.startsWith('_'));
  const slices = parseSlice(slice).map(([name]) => name);
  const names = [...new Set([...fields, ...own])].filter(
    (name) => !slices.includes(name) || own.includes(name),
  );
  return names.map((name) => {
    const cell = delivered.cells?.get(name);
    const made = corrections.findLast((one) => one.field === name && one.applied);
    return {
      column: name,
      cell: cell?.address ?? null,
      raw: cell?.raw ?? null,
      replaced: cell?.replaced ?? null,
      cleaned: cleaned?.get(name) ?? null,
      core: row.get(name) ?? null,
      correction: made?.correction_id ?? null,
    };
  });
}

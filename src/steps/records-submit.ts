import { createHash } from 'node:crypto';
import { counted } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { command, option, options, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { type BatchName, findBatch, logBatch, type RecordBatch } from '../ledger/record-batches.ts';
import { type NumberRange, numbersOfBatch } from '../records/numbers-of-batch.ts';
import { storeRecords } from '../records/store-records.ts';
import { type HandedOver, type TakenRecords, takeRecords } from '../records/take-records.ts';
import { recordsTable } from '../warehouse/migrate/records-table.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';

export interface SubmitInput {
  readonly dataset: RecordsDataset;
  /** The script's run, which is not the run of this call. */
  readonly run: string;
  readonly actor: string;
  readonly interaction: string | null;
  /** Null: a batch of the call's own. */
  readonly batchId: string | null;
  /** NDJSON or one array. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What the bytes are called in messages, such as the path of a file. */
  readonly name: string;
  /** The numbers of the records are wanted too. */
  readonly wantsNumbers: boolean;
}

export interface Submitted {
  readonly result: StepResult;
  /** Null where they are not wanted, or nothing was stored. */
  readonly numbers: readonly NumberRange[] | null;
}

const STEP = 'records submit';

/**
 * Records that a script hands over become rows of the staging table of their dataset, all of a call or none. Refuses what
 * is not JSON, and a batch that was handed over before with other records; the same batch again is answered as before.
 */
export async function submitRecords(ctx: StepContext, input: SubmitInput): Promise<Submitted> {
  const scratch = new ScratchFolder(ctx.project, 'submit', ctx.dryRun);
  try {
    const from: HandedOver = { ...input, dataset: input.dataset.name };
    const taken = await takeRecords(from, ctx.dryRun ? null : scratch.path, ctx.signal);
    const name = batchName(ctx, input, taken);
    if (ctx.dryRun || taken.count === 0) {
      await ctx.warehouse.read((session) => refuseOthers(session, name, taken));
      return { result: nothingStored(input, taken), numbers: null };
    }
    const { batch, numbers, isNew } = await storeOnce(ctx, input, name, taken).catch((error) => {
      throw input.batchId === null ? repeatable(error, name) : error;
    });
    if (isNew) ctx.touched?.wrote({ schema: 'stage', table: recordsTable(input.dataset).name }, taken.count);
    else ctx.log.info('These records were handed over before, in the same batch; nothing was stored again.');
    return { result: stored(batch), numbers };
  } finally {
    scratch.remove();
  }
}

/**
 * A batch of the call's own is named by its run and its records: where the caller gives the run a name, and does not know
 * whether the records arrived, the same call again is the same batch.
 */
function batchName(ctx: StepContext, { dataset, run, batchId }: SubmitInput, taken: TakenRecords): BatchName {
  const own = () =>
    createHash('sha256')
      .update(JSON.stringify([ctx.runId, taken.sha256]))
      .digest('hex');
  return { dataset: dataset.name, run, batchId: batchId ?? own().slice(0, 32) };
}

/** Where the answer was lost, the caller does not know whether the records were stored; under their batch they are once. */
function repeatable(error: unknown, { batchId }: BatchName): unknown {
  if (!(error instanceof TidemarkError) || error.exitCode !== 5) return error;
  return new TidemarkError(error.code, {
    message: error.said,
    hint: words`${error.hint} Add ${options({ batchId })}, so that nothing is stored twice.`,
    ...{ where: error.where, cause: error.cause },
  });
}

interface Stored {
  readonly batch: RecordBatch;
  readonly numbers: readonly NumberRange[] | null;
  readonly isNew: boolean;
}

function storeOnce(
  ctx: StepContext,
  input: SubmitInput,
  name: BatchName,
  taken: TakenRecords,
): Promise<Stored> {
  const { dataset, wantsNumbers } = input;
  return ctx.warehouse.transaction(async (tx) => {
    // Where one process holds the warehouse, its own calls take turns; elsewhere the key of the batches decides.
    if (tx.capabilities.singleProcess) await tx.lock([`submit:${dataset.name}`]);
    const before = await refuseOthers(tx, name, taken);
    const batch = before ?? (await store(tx, ctx, input, name, taken));
    const numbers = wantsNumbers ? await numbersOfBatch(tx, dataset, batch) : null;
    return { batch, numbers, isNew: before === null };
  });
}

async function store(
  tx: Session,
  ctx: StepContext,
  input: SubmitInput,
  name: BatchName,
  taken: TakenRecords,
): Promise<RecordBatch> {
  const numbers = await storeRecords(tx, input.dataset, { ...input, ...name }, taken.files);
  const batch: RecordBatch = {
    ...{ ...name, records: taken.count, sha256: taken.sha256 },
    ...{ firstStagingId: numbers.first, lastStagingId: numbers.last },
  };
  await logBatch(tx, { ...batch, at: ctx.clock() });
  return batch;
}

/** The batch as it was handed over before, null where it was not. */
async function refuseOthers(
  session: Session,
  name: BatchName,
  taken: TakenRecords,
): Promise<RecordBatch | null> {
  const before = await findBatch(session, name);
  if (before === null || before.sha256 === taken.sha256) return before;
  const others = taken.count === before.records ? ', and they or their actor are others' : '';
  throw new TidemarkError('batch-taken', {
    message: `Batch '${name.batchId}' of run '${name.run}' was handed over before with ${counted(before.records, 'record')}; this call has ${counted(taken.count, 'record')}${others}. Nothing was stored.`,
    hint: words`Hand over the very records of that batch in their order, by the same actor, or give these another ${option('batchId')}.`,
    where: { dataset: name.dataset },
  });
}

function stored({ dataset, batchId, records }: RecordBatch): StepResult {
  return stepResult({
    ...{ step: STEP, dataset, status: 'done', records: { submitted: records }, batchId },
    message: words`${counted(records, 'record')} handed over as batch ${batchId}; ${command('records promote', { dataset, all: true })} checks and promotes what waits.`,
  });
}

function nothingStored({ dataset }: SubmitInput, { count }: TakenRecords): StepResult {
  return stepResult({
    ...{ step: STEP, dataset: dataset.name, records: { submitted: count } },
    status: count === 0 ? 'skipped' : 'done',
    message:
      count === 0
        ? 'No record was handed over; nothing was stored.'
        : `Would store ${counted(count, 'record')}; all are JSON.`,
  });
}

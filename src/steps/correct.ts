import { resolveCorrection, type WrittenCorrection } from '../corrections/resolve-correction.ts';
import { correctionText, shownCorrection } from '../corrections/shown-correction.ts';
import { tryCorrection } from '../corrections/try-correction.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { type SliceFilter, sliceOptions, sliceShown } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { blank, command, option, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { answerOnce, answersOf, type Call, callOf } from '../ledger/answers.ts';
import {
  type CellCorrection,
  correctionById,
  correctionsFingerprint,
  logCorrection,
  standingCorrections,
} from '../ledger/corrections.ts';
import { currentDelivery } from '../ledger/current-delivery.ts';
import { targetLock } from '../ledger/locks.ts';
import { targetsMeant } from '../ledger/targets.ts';
import { validationById } from '../ledger/validations.ts';
import { chooseCurrent } from '../loading/choose-delivery.ts';
import { verifyParquet } from '../loading/verify-parquet.ts';
import { refuseClosedPeriod } from '../promotion/closed-periods.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';

export interface CorrectInput extends WhoAndWhy {
  readonly dataset: Dataset;
  /** As in the call: a month also means the quarter or year that ends with it. */
  readonly period: Period;
  readonly slice: SliceFilter | null;
  readonly written: WrittenCorrection;
}

const STEP = 'correct';

/**
 * A cell of the current delivery gets another value in the overlay, which load-stage applies to the rows. Refuses a
 * text that its field does not accept, a row that does not exist, and a value other than the expected one. Stage and
 * files do not change.
 */
export async function correct(ctx: StepContext, input: CorrectInput): Promise<StepResult> {
  const call = callOf(ctx, STEP, { ...input, dataset: input.dataset.name });
  const before = ctx.dryRun
    ? []
    : await ctx.warehouse.read((session) => answersOf<StepResult>(session, call));
  if (before[0] !== undefined) return before[0].answer;
  const target = await targetOf(ctx, input);
  const cell = resolveCorrection(input.dataset, target, input.written);
  const scratch = new ScratchFolder(ctx.project, STEP, ctx.dryRun);
  try {
    for (;;) {
      const result = await correctOnce(ctx, input, call, target, cell, scratch);
      if (result?.status === 'done' && !ctx.dryRun)
        ctx.touched?.wrote({ schema: 'stage', table: '_corrections' }, 1);
      // Null: the delivery or its corrections changed in the meantime.
      if (result !== null) return result;
      scratch.remove();
    }
  } finally {
    scratch.remove();
  }
}

async function targetOf(ctx: StepContext, { dataset, period, slice }: CorrectInput): Promise<Target> {
  const due = periodDue(dataset.periodKind, period);
  if (due === null) {
    throw new TidemarkError('usage', {
      message: `${dataset.name} is delivered by the ${dataset.periodKind}; ${period.text} is none.`,
      hint: 'Name the period that the row was delivered for.',
    });
  }
  const targets = await ctx.warehouse.read((session) => targetsMeant(session, dataset.name, due.text, slice));
  const [only] = targets;
  if (targets.length === 1 && only !== undefined) return only;
  throw new TidemarkError('usage', {
    message: `${dataset.name} ${due.text} has ${targets.length} slices; a correction is of one of them.`,
    hint: words`Add ${option('slice')}, such as: ${targets
      .slice(0, 3)
      .map((each) => sliceShown(each.slice))
      .join('; ')}.`,
  });
}

async function correctOnce(
  ctx: StepContext,
  input: CorrectInput,
  call: Call,
  target: Target,
  cell: CellCorrection,
  scratch: ScratchFolder,
): Promise<StepResult | null> {
  const { dataset } = input;
  const found = await ctx.warehouse.read((session) => deliveredRows(ctx, session, input, target));
  const { standing, validation } = found;
  const about = { ...aboutOf(target), fileId: validation.fileId };
  const text = correctionText(shownCorrection(dataset, cell));
  const same = correctionsFingerprint([cell]);
  const again = standing.find((each) => correctionsFingerprint([each]) === same);
  if (again !== undefined) {
    const message = `Correction ${again.correctionId} says so already; nothing to do.`;
    return stepResult({ ...about, status: 'skipped', message });
  }
  const tried = await tryCorrection({
    ...{ dataset, target, standing, cell, parquetPath: found.parquet.path },
    ...{ folder: scratch.path, signal: ctx.signal },
  });
  if (tried === 'no-change') {
    return stepResult({ ...about, status: 'skipped', message: 'The value is that already; nothing to do.' });
  }
  if (ctx.dryRun) return stepResult({ ...about, status: 'done', message: `Would correct ${text}.` });

  return ctx.warehouse.transaction(async (tx) => {
    await tx.lock([targetLock(target)]);
    await refuseClosedPeriod(tx, target.dataset, target.period);
    const current = await currentDelivery(tx, target);
    const now = correctionsFingerprint(await standingCorrections(tx, target));
    if (current?.validationId !== validation.validationId || now !== correctionsFingerprint(standing))
      return null;
    const shown = shownCorrection(dataset, cell);
    return answerOnce(tx, call, { part: '', parts: [''], at: ctx.clock() }, async () => {
      const id = await logCorrection(tx, {
        ...{ kind: 'correct', undoes: null, ...target, key: JSON.stringify(shown.key), field: cell.field },
        ...{ value: shown.value, expected: shown.expected, reason: input.reason, by: input.by },
        ...{ runId: ctx.runId, at: ctx.clock(), clear: cell },
      });
      return stepResult({
        ...about,
        status: 'done',
        message: words`Correction ${id}: ${text}. ${next(target)}`,
      });
    });
  });
}

async function deliveredRows(ctx: StepContext, session: Session, { dataset }: CorrectInput, target: Target) {
  await refuseClosedPeriod(session, target.dataset, target.period);
  const current = await currentDelivery(session, target);
  // Where no delivery passed, the outcome is that of the newest one: refused, not validated yet, or missing.
  const passed = current === null ? null : await validationById(session, current.validationId);
  const validation = passed ?? (await chooseCurrent(session, target)).validation;
  const parquet = await verifyParquet(session, ctx.project, dataset, validation, ctx.signal);
  return { standing: await standingCorrections(session, target), validation, parquet };
}

export interface UndoInput extends WhoAndWhy {
  readonly correctionId: number;
}

/**
 * A correction is undone, by a row of its own; load-stage then loads the rows without it. Refuses an unknown number.
 */
export async function undoCorrection(ctx: StepContext, input: UndoInput): Promise<StepResult> {
  const { correctionId: id } = input;
  const found = await ctx.warehouse.read((session) => correctionById(session, id));
  if (found?.kind !== 'correct') {
    throw new TidemarkError('usage', {
      message: `There is no correction ${id}.`,
      hint: words`\`${command('correct', { list: true })}\` shows them.`,
    });
  }
  const { dataset, period, slice } = found;
  const target = { dataset, period, slice };
  const work = async (session: Session): Promise<StepResult> => {
    await refuseClosedPeriod(session, dataset, period);
    const undone = (await correctionById(session, id))?.undoneBy ?? null;
    if (undone !== null) {
      const message = `Correction ${id} is undone already; nothing to do.`;
      return stepResult({ ...aboutOf(target), status: 'skipped', message });
    }
    if (ctx.dryRun)
      return stepResult({ ...aboutOf(target), status: 'done', message: `Would undo correction ${id}.` });
    await logCorrection(session, {
      ...{
        ...target,
        kind: 'undo',
        undoes: id,
        key: found.key,
        field: found.field,
        value: null,
        expected: null,
      },
      ...{ reason: input.reason, by: input.by, runId: ctx.runId, at: ctx.clock(), clear: null },
    });
    const message = words`Correction ${id} is undone. ${next(target)}`;
    return stepResult({ ...aboutOf(target), status: 'done', message });
  };
  if (ctx.dryRun) return ctx.warehouse.read(work);
  return ctx.warehouse.transaction(async (tx) => {
    await tx.lock([targetLock(target)]);
    const call = callOf(ctx, `${STEP} undo`, input);
    return answerOnce(tx, call, { part: '', parts: [''], at: ctx.clock() }, () => work(tx));
  });
}

function aboutOf({ dataset, period, slice }: Target) {
  return { step: STEP, dataset, period, slice: slice || null };
}

function next({ dataset, period, slice }: Target): Words {
  const of = { period: period === 'none' ? blank('YYYY-MM') : period, dataset, ...sliceOptions(slice) };
  return words`Next: ${command('load-stage', of)}`;
}

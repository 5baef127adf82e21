import { findOverlay, type OverlaidRows, overlaidRows } from '../corrections/overlay-load.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import type { SliceFilter } from '../domain/slice.ts';
import { type Target, targetShown } from '../domain/target.ts';
import { option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { displayPath } from '../lake/project.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { answersOf, type Call, callOf, keepAnswer } from '../ledger/answers.ts';
import { sameContent } from '../ledger/content.ts';
import { correctionsFingerprint, standingCorrections } from '../ledger/corrections.ts';
import { currentDelivery, makeCurrent } from '../ledger/current-delivery.ts';
import { logLoad, nextLoadId, standingLoad } from '../ledger/loads.ts';
import { targetLock } from '../ledger/locks.ts';
import { targetsMeant } from '../ledger/targets.ts';
import { type Chosen, chooseByFileId, chooseCurrent, refuseWithdrawn } from '../loading/choose-delivery.ts';
import { alreadyThere, loadedResult } from '../loading/load-result.ts';
import { countOf, replaceTarget } from '../loading/replace-period.ts';
import { type VerifiedParquet, verifyParquet } from '../loading/verify-parquet.ts';
import { refuseClosedPeriod } from '../promotion/closed-periods.ts';
import { refreshDatapackage } from '../validation/refresh-datapackage.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';
import { unitOfError } from './unit-of-error.ts';

export interface LoadStageInput {
  readonly dataset: Dataset;
  /** As in the call: a month also means the quarter or year that ends with it. */
  readonly period: Period;
  /** Names that the filter lacks may hold anything; null: every slice. */
  readonly slice: SliceFilter | null;
  /** The file to load; it must be that of the current delivery. */
  readonly parquetPath?: string | undefined;
  /** The delivery to load; an older one becomes current again. */
  readonly fileId?: number | undefined;
  readonly allowEmpty: boolean;
  readonly force: boolean;
  /** The call named the dataset: then no delivery, or a refusal, is an outcome of its own. Default true. */
  readonly named?: boolean;
  /** The call comes from a schedule: a closed period without anything to do is not mentioned. */
  readonly scheduled?: boolean;
}

const STEP = 'load-stage';

/**
 * Cleaned Parquet becomes the rows of its period and slice in stage, in one transaction that replaces exactly these.
 * Refuses files that are not as validated, and empty ones. One result per slice. Called again by the same run, a load of a
 * named file gives the same answer; any other load looks at the state, and reports what the run did where nothing is left.
 */
export async function loadStage(ctx: StepContext, input: LoadStageInput): Promise<StepResult[]> {
  const { dataset } = input;
  const due = periodDue(dataset.periodKind, input.period);
  if (due === null) return [notDue(input)];
  if (isNamed(input) && !ctx.dryRun) {
    const before = await ctx.warehouse.read((session) => answersOf<StepResult>(session, callFor(ctx, input)));
    // The call may have ended before this.
    if (before.length > 0) await refreshDatapackage(ctx.warehouse, ctx.project);
    if (before.length > 0) return before.map(({ answer }) => answer);
  }
  const target = { dataset: dataset.name, period: due.text, slice: '' };
  const targets = await ctx.warehouse.read(async (session): Promise<readonly Target[]> => {
    if (input.fileId === undefined) return targetsMeant(session, dataset.name, due.text, input.slice);
    return [(await chooseByFileId(session, input.fileId, target)).target];
  });

  const results: StepResult[] = [];
  for (const each of targets) {
    ctx.signal.throwIfAborted();
    ctx.log.progress(`${STEP} ${targetShown(each)}`);
    try {
      results.push(await loadTarget(ctx, input, each));
    } catch (error) {
      results.push(failed(error, each, input.named ?? true));
    }
  }
  // A named delivery can become current here; and the call that made one current before may have ended too early.
  if (!ctx.dryRun) await refreshDatapackage(ctx.warehouse, ctx.project);
  return input.parquetPath === undefined ? results : ofTheFile(results);
}

/** The call names the file, so that what is meant does not change with what lands. */
function isNamed({ fileId, parquetPath }: LoadStageInput): boolean {
  return fileId !== undefined || parquetPath !== undefined;
}

function callFor(ctx: StepContext, input: LoadStageInput): Call {
  const { dataset, period, slice, fileId, parquetPath, force } = input;
  return callOf(ctx, STEP, { dataset: dataset.name, period: period.text, slice, fileId, parquetPath, force });
}

async function loadTarget(ctx: StepContext, input: LoadStageInput, target: Target): Promise<StepResult> {
  const startedAt = ctx.clock();
  for (;;) {
    const scratch = new ScratchFolder(ctx.project, 'load', ctx.dryRun);
    try {
      const work = await prepare(ctx, input, target, scratch, startedAt);
      const result = ctx.dryRun
        ? await ctx.warehouse.read((session) => wouldLoad(session, work))
        : await ctx.warehouse.transaction((session) => load(session, work));
      // Null: in the meantime another delivery became current, or this one was corrected.
      if (result === null) continue;
      if (result.status === 'done') tellLoaded(ctx, work, result);
      return result;
    } finally {
      scratch.remove();
    }
  }
}

function tellLoaded(
  { touched }: StepContext,
  { parquet, fingerprint, chosen }: Work,
  result: StepResult,
): void {
  touched?.read({ file: parquet.path });
  if (fingerprint !== null) touched?.read({ schema: 'stage', table: '_corrections' });
  touched?.wrote({ schema: 'stage', table: chosen.target.dataset }, result.rows.inserted);
}

/** Everything that can be found out and made before the target's lock is held. */
async function prepare(
  ctx: StepContext,
  input: LoadStageInput,
  target: Target,
  scratch: ScratchFolder,
  startedAt: Date,
): Promise<Work> {
  const { dataset } = input;
  const { chosen, parquet, overlay } = await ctx.warehouse.read(async (session) => {
    const chosen = await choose(ctx, session, input, target);
    const parquet = await verifyParquet(session, ctx.project, dataset, chosen.validation, ctx.signal);
    refuseEmpty(input, chosen, parquet);
    const about = { project: ctx.project, config: ctx.config, dataset, target: chosen.target, scratch };
    const overlay = await findOverlay(
      session,
      about,
      async (fingerprint) =>
        !input.force && (await isThere(session, { input, chosen, parquet, fingerprint })),
    );
    return { chosen, parquet, overlay };
  });
  const { signal } = ctx;
  const rows = await overlaidRows(overlay, {
    ...{ dataset, target: chosen.target, parquetPath: parquet.path, scratch, signal },
  });
  return { ctx, input, chosen, parquet, fingerprint: overlay.fingerprint, rows, startedAt };
}

async function choose(
  ctx: StepContext,
  session: Session,
  input: LoadStageInput,
  target: Target,
): Promise<Chosen> {
  if (input.fileId !== undefined) return chooseByFileId(session, input.fileId, target);
  const chosen = await chooseCurrent(session, target);
  if (input.parquetPath === undefined) return chosen;
  const named = displayPath(ctx.project, input.parquetPath);
  if (named === chosen.validation.parquetPath) return chosen;
  throw new TidemarkError('parquet-mismatch', {
    message: `${named} is not the Parquet of the current delivery of ${target.dataset} for ${target.period}, which is ${chosen.validation.parquetPath}.`,
    hint: words`To bring an older delivery back, name it with ${option('fileId')}.`,
    where: { dataset: target.dataset, period: target.period, file: named },
  });
}

function refuseEmpty(input: LoadStageInput, chosen: Chosen, parquet: VerifiedParquet): void {
  if (parquet.rows > 0 || input.allowEmpty || input.dataset.accept.empty) return;
  throw new TidemarkError('empty-delivery', {
    message: `Delivery ${chosen.validation.fileId} has no rows; loading it would empty ${chosen.target.period}.`,
    where: { dataset: chosen.target.dataset, period: chosen.target.period },
  });
}

interface Work {
  readonly ctx: StepContext;
  readonly input: LoadStageInput;
  readonly chosen: Chosen;
  readonly parquet: VerifiedParquet;
  /** Fingerprint of the corrections to apply to the rows; null where there are none. */
  readonly fingerprint: string | null;
  /** The corrected rows; null where the rows seemed to be loaded already, so that none were made. */
  readonly rows: OverlaidRows | null;
  readonly startedAt: Date;
}

async function load(tx: Session, work: Work): Promise<StepResult | null> {
  const { ctx, input } = work;
  const { target } = work.chosen;
  await tx.lock([targetLock(target)]);
  const call = isNamed(input) ? callFor(ctx, input) : callOf(ctx, STEP, { target, force: input.force });
  const before = await answersOf<StepResult>(tx, call);
  const own = before.findLast(({ part }) => part === target.slice)?.answer ?? null;
  if (isNamed(input) && own !== null) return own;
  const done = await loadLocked(tx, work, own);
  if (done === null) return null;
  const of = { part: target.slice, parts: [target.slice], at: ctx.clock() };
  if (done !== own && (done.status === 'done' || isNamed(input))) await keepAnswer(tx, call, of, done);
  return done;
}

/** `own` is what this run answered when it loaded the target before; null where it did not. */
async function loadLocked(tx: Session, work: Work, own: StepResult | null): Promise<StepResult | null> {
  const { ctx, input, chosen, parquet } = work;
  const { target, validation } = chosen;
  if (!input.scheduled) await refuseClosedPeriod(tx, target.dataset, target.period);
  const current = await currentDelivery(tx, target);
  const isCurrent = current?.validationId === validation.validationId;
  if (input.fileId === undefined && !isCurrent) return null;
  const standing = correctionsFingerprint(await standingCorrections(tx, target));
  if (standing !== work.fingerprint) return null;
  if (!isCurrent) await refuseWithdrawn(tx, chosen);
  if (!isCurrent) await makeCurrent(tx, target, validation, { now: ctx.clock(), runId: ctx.runId });
  if ((!input.force || own !== null) && (await isThere(tx, work)))
    return own ?? alreadyThere(chosen, parquet.rows);
  if (work.rows === null) return null;
  await refuseClosedPeriod(tx, target.dataset, target.period);

  const loadId = await nextLoadId(tx);
  const from = { ...parquet, path: work.rows.path };
  const rows = await replaceTarget(tx, input.dataset, target, from, { fileId: validation.fileId, loadId });
  await logLoad(tx, {
    ...target,
    loadId,
    fileId: validation.fileId,
    validationId: validation.validationId,
    parquetPath: validation.parquetPath as string,
    parquetSha256: validation.parquetSha256 as string,
    correctionsFingerprint: work.fingerprint,
    rowsCorrected: work.rows.corrected,
    voidCorrections: work.rows.void,
    rowsDeleted: rows.deleted,
    rowsInserted: rows.inserted,
    forced: input.force,
    runId: ctx.runId,
    startedAt: work.startedAt,
    loadedAt: ctx.clock(),
  });
  return loadedResult(chosen, rows, work.fingerprint === null ? null : work.rows, 'Loaded');
}

async function wouldLoad(session: Session, work: Work): Promise<StepResult> {
  const { dataset, period } = work.chosen.target;
  if (!work.input.scheduled) await refuseClosedPeriod(session, dataset, period);
  if (!work.input.force && (await isThere(session, work)))
    return alreadyThere(work.chosen, work.parquet.rows);
  await refuseClosedPeriod(session, dataset, period);
  const deleted = await countOf(session, work.input.dataset, work.chosen.target);
  const rows = { deleted, inserted: work.parquet.rows };
  return loadedResult(work.chosen, rows, work.fingerprint === null ? null : work.rows, 'Would load');
}

/** The last load was of the same bytes with the same corrections, and all its rows are still there. */
async function isThere(
  session: Session,
  { input, chosen, parquet, fingerprint }: Pick<Work, 'input' | 'chosen' | 'parquet' | 'fingerprint'>,
): Promise<boolean> {
  const last = await standingLoad(session, chosen.target);
  const content = {
    parquetSha256: chosen.validation.parquetSha256 ?? '',
    correctionsFingerprint: fingerprint,
  };
  if (last === null || !sameContent(last, content)) return false;
  return (await countOf(session, input.dataset, chosen.target)) === parquet.rows;
}

function notDue(input: LoadStageInput): StepResult {
  const { name, periodKind } = input.dataset;
  return stepResult({
    step: STEP,
    status: 'skipped',
    dataset: name,
    period: null,
    message: `${name} is delivered by the ${periodKind}; not due for ${input.period.text}.`,
  });
}

function failed(error: unknown, target: Target, named: boolean): StepResult {
  const result = unitOfError(STEP, error, { ...target, slice: target.slice || null });
  const code = (error as TidemarkError).code;
  const nothingBefore = code === 'nothing-landed' || code === 'not-validated' || code === 'file-refused';
  return named || !nothingBefore ? result : { ...result, status: 'skipped', exitCode: 0 };
}

/** A named file is of one slice: other files in the other slices are no failure. */
function ofTheFile(results: StepResult[]): StepResult[] {
  const taken = results.filter((result) => result.exitCode === 0);
  return taken.length > 0 ? taken : results.slice(0, 1);
}

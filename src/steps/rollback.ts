import { periodDue } from '../domain/period.ts';
import { combineResults, type StepResult } from '../domain/result.ts';
import { parseSlice, sliceMatches } from '../domain/slice.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { answerOnce, answersOf, type Call, callOf } from '../ledger/answers.ts';
import { targetLock } from '../ledger/locks.ts';
import { newestStanding, type PromotionRecord, promotionById } from '../ledger/promotion-records.ts';
import { refuseOrphans } from '../promotion/foreign-keys.ts';
import { coreLock, lockInOrder, tiedTables } from '../promotion/locks.ts';
import {
  datasetOf,
  named,
  promotionNamed,
  type Rollback,
  type RolledBack,
  rollBack,
} from '../promotion/rollback/roll-back.ts';
import { markRecords } from '../records/taken-back.ts';
import { rehearseTransaction } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import {
  aboutOf,
  alreadyBack,
  notConfirmed,
  nowOf,
  type RollbackSubject,
  resultOf,
  seenTarget,
  toldOf,
} from './rollback-told.ts';
import { type Preview, refuseUnseen, type SeenInput, seenParts, withSeen } from './seen.ts';
import type { StepContext } from './step.ts';
import { unitOfError } from './unit-of-error.ts';

export interface RollbackInput extends WhoAndWhy, SeenInput {
  readonly subject: RollbackSubject;
  /** Rolls later promotions of the same rows back as well; otherwise these block it. */
  readonly cascade: boolean;
  /** Asks about what would happen; if the answer is no, nothing is changed. Null: no question is needed. */
  readonly confirm: ((preview: readonly RolledBack[]) => Promise<boolean>) | null;
}

export interface RollbackAnswer {
  readonly result: StepResult;
  readonly taken: readonly RolledBack[];
}

/**
 * A promotion is undone: in the rows that it changed, core becomes as it was before, and the next `transform` of the
 * same stage rows is held. Refuses where later promotions touched these rows, where other rows would refer to nothing,
 * and where someone changed them by hand.
 */
export async function rollback(ctx: StepContext, input: RollbackInput): Promise<RollbackAnswer> {
  const call = callOf(ctx, 'rollback', askedOf(input));
  const { targets, answered } = await ctx.warehouse.read(async (session) => {
    const before = ctx.dryRun ? [] : await answersOf<Answered>(session, call);
    const answered = new Map(before.map((one) => [Number(one.part), one.answer]));
    return { targets: await targetsOf(session, input.subject, before[0]?.parts ?? null), answered };
  });
  const parts = targets.map((target) => String(target.promotionId));
  const expected = await seenParts(
    input.seen,
    targets.map((target) => ({
      name: String(target.promotionId),
      before: answered.get(target.promotionId)?.result.seen ?? null,
      preview: () => previewOf(ctx, input, target),
    })),
    nowOf(input),
  );
  if (targets.length === 0 && !ctx.dryRun) await keepNone(ctx, call);
  const results: StepResult[] = [];
  const taken: RolledBack[] = [];
  for (const target of targets) {
    ctx.signal.throwIfAborted();
    ctx.log.progress(`rollback ${named(target)}`);
    try {
      const done =
        answered.get(target.promotionId) ??
        (await rollBackOne(ctx, input, target, {
          call,
          parts,
          seen: expected?.get(String(target.promotionId)) ?? null,
        }));
      taken.push(...done.taken);
      results.push(done.result);
      tellRestored(ctx, done);
    } catch (error) {
      results.push(unitOfError('rollback', error, aboutOf(target)));
    }
  }
  const period = 'period' in input.subject ? input.subject.period.text : null;
  const result = combineResults('rollback', results, {
    period,
    emptyMessage: 'No promotion of it counts; there is nothing to roll back.',
  });
  const asked = 'dataset' in input.subject ? input.subject.dataset.name : null;
  const told = withSeen(result, ctx.dryRun ? results : null);
  return { result: { ...told, dataset: told.dataset ?? asked }, taken };
}

function tellRestored({ touched, dryRun }: StepContext, { result, taken }: Answered): void {
  if (result.status !== 'done' || dryRun) return;
  for (const { record, counts, records } of taken) {
    touched?.read({ schema: 'history', table: record.coreTable });
    if (records) touched?.read({ schema: 'stage', table: `${record.dataset}_records` });
    touched?.wrote({ schema: 'core', table: record.coreTable }, counts.added + counts.modified);
  }
}

/**
 * That a call found nothing to roll back is also its answer: made again, it rolls back nothing that was promoted since.
 */
function keepNone(ctx: StepContext, call: Call): Promise<unknown> {
  const of = { part: '', parts: [], at: ctx.clock() };
  return ctx.warehouse.transaction((tx) => answerOnce(tx, call, of, async () => null));
}

/** The outcome for one promotion. */
interface Answered {
  readonly result: StepResult;
  readonly taken: readonly RolledBack[];
}

function askedOf({ subject, cascade, reason, by }: RollbackInput): object {
  const what = 'promotionId' in subject ? subject : { ...subject, dataset: subject.dataset.name };
  return { what, cascade, reason, by };
}

/** For a call that was made before (`parts`), the same promotions as then, whatever counts now. */
async function targetsOf(
  session: Session,
  subject: RollbackSubject,
  parts: readonly string[] | null,
): Promise<PromotionRecord[]> {
  if (parts !== null) return Promise.all(parts.map((part) => promotionNamed(session, Number(part))));
  return subjectsOf(session, subject);
}

/** The promotions that a call means now; `unknown-promotion` for an unknown number. */
export async function subjectsOf(session: Session, subject: RollbackSubject): Promise<PromotionRecord[]> {
  if ('promotionId' in subject) return [await promotionNamed(session, subject.promotionId)];
  const { dataset, period, slice } = subject;
  const due = periodDue(dataset.periodKind, period)?.text ?? period.text;
  const standing = await newestStanding(session, dataset.name, due);
  return standing.filter((record) => sliceMatches(parseSlice(record.slice), slice));
}

async function rollBackOne(
  ctx: StepContext,
  input: RollbackInput,
  target: PromotionRecord,
  {
    call,
    parts,
    seen,
  }: { readonly call: Call; readonly parts: readonly string[]; readonly seen: string | null },
): Promise<Answered> {
  let confirmed: readonly RolledBack[] | null = null;
  if (input.confirm !== null || ctx.dryRun) {
    const preview = await rehearseTransaction(ctx.warehouse, (session) =>
      work(ctx, session, input, target, true),
    );
    const own = seenTarget(target, preview?.taken ?? null);
    if (ctx.dryRun)
      refuseUnseen(seen, own, {
        ...nowOf(input),
        told: toldOf(target, preview?.taken ?? null),
        isDone: preview === null,
      });
    const bound = ctx.dryRun ? { seen: own } : {};
    if (preview === null) return { result: { ...alreadyBack(target), ...bound }, taken: [] };
    const { taken } = preview;
    if (ctx.dryRun) return { result: { ...resultOf(target, taken, true), ...bound }, taken };
    if (!(await input.confirm?.(taken))) return { result: notConfirmed(input, target, taken), taken };
    confirmed = taken;
  }
  return ctx.warehouse.transaction(async (tx) => {
    await lockFor(ctx, tx, target);
    const of = { part: String(target.promotionId), parts, at: ctx.clock() };
    return answerOnce<Answered>(tx, call, of, async () => {
      const done = await work(ctx, tx, input, target, false);
      const own = seenTarget(target, done?.taken ?? null);
      refuseUnseen(seen, own, {
        ...nowOf(input),
        told: toldOf(target, done?.taken ?? null),
        isDone: done === null,
      });
      const bound = seen === null ? {} : { seen: own };
      if (done === null) return { result: { ...alreadyBack(target), ...bound }, taken: [] };
      if (confirmed !== null) refuseOther(target, done.taken, confirmed);
      return { result: { ...resultOf(target, done.taken, false), ...bound }, taken: done.taken };
    });
  });
}

async function previewOf(ctx: StepContext, input: RollbackInput, target: PromotionRecord): Promise<Preview> {
  const found = await rehearseTransaction(ctx.warehouse, (session) =>
    work(ctx, session, input, target, true),
  );
  const taken = found?.taken ?? null;
  return { seen: seenTarget(target, taken), told: toldOf(target, taken) };
}

/** Does exactly what was confirmed. */
function refuseOther(
  target: PromotionRecord,
  taken: readonly RolledBack[],
  confirmed: readonly RolledBack[],
): void {
  const figures = (all: readonly RolledBack[]) =>
    JSON.stringify(all.map(({ record, counts, records }) => [record.promotionId, counts, records]));
  if (figures(taken) === figures(confirmed)) return;
  throw new TidemarkError('lock-busy', {
    message: `Core changed while promotion ${target.promotionId} was being confirmed. Nothing was changed.`,
    hint: 'Run the same command again and look at the new preview.',
    where: { dataset: target.dataset, period: target.period },
  });
}

/** Null where the promotion no longer counts. */
async function work(
  ctx: StepContext,
  session: Session,
  input: RollbackInput,
  target: PromotionRecord,
  dryRun: boolean,
): Promise<Rollback | null> {
  const { datasets } = ctx.config;
  datasetOf({ datasets }, target);
  // Looked up again under the lock: it may have been rolled back since the call looked.
  const now = await promotionById(session, target.promotionId);
  if (now === null || now.rolledBackBy !== null) return null;
  const rollback = await rollBack(
    session,
    {
      ...{ project: ctx.project, datasets, cascade: input.cascade, runId: ctx.runId, clock: ctx.clock },
      ...{ dryRun, reason: input.reason, by: input.by, markRecords },
    },
    now,
  );
  await refuseOrphans(session, rollback.checks, { act: 'rollback', period: target.period });
  await rollback.scratch.drop();
  return rollback;
}

function lockFor({ config }: StepContext, tx: Session, target: PromotionRecord): Promise<void> {
  const { name } = datasetOf({ datasets: config.datasets }, target);
  return lockInOrder(tx, {
    exclusive: [coreLock(target.coreTable)],
    shared: [...tiedTables(config.datasets, [name]), targetLock(target)],
  });
}

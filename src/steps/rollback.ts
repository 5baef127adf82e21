import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import { parseSlice, type SliceFilter, sliceMatches, sliceOptions } from '../domain/slice.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { command, joinWords, type Words, words } from '../errors/advice.ts';
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
  type TakenBack,
  takeBack,
} from '../promotion/rollback/take-back.ts';
import { rehearseTransaction } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';
import { unitOfError } from './unit-of-error.ts';

/** One promotion by its number, or the newest one that counts of a dataset and period (of each requested slice). */
export type RollbackSubject =
  | { readonly promotionId: number }
  | { readonly dataset: Dataset; readonly period: Period; readonly slice: SliceFilter };

export interface RollbackInput {
  readonly subject: RollbackSubject;
  /** Rolls later promotions of the same rows back as well; otherwise these block it. */
  readonly cascade: boolean;
  readonly reason: string;
  readonly by: string;
  /** Asks about what would happen; if the answer is no, nothing is changed. Null: no question is needed. */
  readonly confirm: ((preview: readonly TakenBack[]) => Promise<boolean>) | null;
}

export interface RollbackAnswer {
  readonly result: StepResult;
  readonly taken: readonly TakenBack[];
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
  if (targets.length === 0 && !ctx.dryRun) await keepNone(ctx, call);
  const parts = targets.map((target) => String(target.promotionId));
  const results: StepResult[] = [];
  const taken: TakenBack[] = [];
  for (const target of targets) {
    ctx.signal.throwIfAborted();
    ctx.log.progress(`rollback ${named(target)}`);
    try {
      const done =
        answered.get(target.promotionId) ?? (await rollBackOne(ctx, input, target, { call, parts }));
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
  return { result: { ...result, dataset: result.dataset ?? asked }, taken };
}

function tellRestored({ touched, dryRun }: StepContext, { result, taken }: Answered): void {
  if (result.status !== 'done' || dryRun) return;
  for (const { record, counts } of taken) {
    touched?.read({ schema: 'history', table: record.coreTable });
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
  readonly taken: readonly TakenBack[];
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
  { call, parts }: { readonly call: Call; readonly parts: readonly string[] },
): Promise<Answered> {
  let confirmed: readonly TakenBack[] | null = null;
  if (input.confirm !== null || ctx.dryRun) {
    const preview = await rehearseTransaction(ctx.warehouse, (session) =>
      work(ctx, session, input, target, true),
    );
    if (preview === null) return { result: alreadyBack(target), taken: [] };
    const { taken } = preview;
    if (ctx.dryRun) return { result: resultOf(target, taken, true), taken };
    if (!(await input.confirm?.(taken))) return { result: notConfirmed(input, target, taken), taken };
    confirmed = taken;
  }
  return ctx.warehouse.transaction(async (tx) => {
    await lockFor(ctx, tx, target);
    const of = { part: String(target.promotionId), parts, at: ctx.clock() };
    return answerOnce<Answered>(tx, call, of, async () => {
      const done = await work(ctx, tx, input, target, false);
      if (done === null) return { result: alreadyBack(target), taken: [] };
      if (confirmed !== null) refuseOther(target, done.taken, confirmed);
      return { result: resultOf(target, done.taken, false), taken: done.taken };
    });
  });
}

/** Does exactly what was confirmed. */
function refuseOther(
  target: PromotionRecord,
  taken: readonly TakenBack[],
  confirmed: readonly TakenBack[],
): void {
  const figures = (all: readonly TakenBack[]) =>
    JSON.stringify(all.map(({ record, counts }) => [record.promotionId, counts]));
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
  const rollback = await takeBack(
    session,
    {
      ...{ project: ctx.project, datasets, cascade: input.cascade, runId: ctx.runId, clock: ctx.clock },
      ...{ dryRun, reason: input.reason, by: input.by },
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

function aboutOf(record: PromotionRecord) {
  return { dataset: record.dataset, period: record.period, slice: record.slice || null };
}

function alreadyBack(target: PromotionRecord): StepResult {
  const by = target.rolledBackBy === null ? '' : ` by promotion ${target.rolledBackBy}`;
  const message = `Promotion ${target.promotionId} was rolled back already${by}; nothing to do.`;
  return stepResult({ step: 'rollback', ...aboutOf(target), status: 'skipped', message });
}

function resultOf(target: PromotionRecord, taken: readonly TakenBack[], trial: boolean): StepResult {
  const sum = (name: 'added' | 'modified' | 'removed' | 'cells') =>
    taken.reduce((total, { counts }) => total + counts[name], 0);
  return stepResult({
    step: 'rollback',
    ...aboutOf(target),
    status: 'done',
    rows: { added: sum('added'), modified: sum('modified'), removed: sum('removed'), cells: sum('cells') },
    message: joinWords(
      taken.map((one) => sentenceOf(one, trial)),
      '\n',
    ),
  });
}

/** One rollback, in words. */
export function sentenceOf({ record, promotionId, counts, redelivered }: TakenBack, trial: boolean): Words {
  const rows = (n: number) => counted(n, 'row');
  const cells = counted(counts.cells, 'cell');
  const parts = [
    counts.removed > 0 ? `${rows(counts.removed)} deleted` : null,
    counts.added > 0 ? `${rows(counts.added)} brought back` : null,
    counts.modified > 0 ? `${rows(counts.modified)} set back (${cells})` : null,
  ].filter((part) => part !== null);
  const what = parts.length === 0 ? 'no rows' : parts.join(', ');
  const again = redelivered.map(
    ({ period, rows: n }) =>
      words` ${period} delivered ${n} of these rows too: ${command('transform', { period, dataset: record.dataset, ...sliceOptions(record.slice) })} brings them back.`,
  );
  const lead = trial
    ? `Would roll ${named(record)} back`
    : `Promotion ${promotionId} rolled ${named(record)} back`;
  return words`${lead}: ${what}.${joinWords(again, '')}`;
}

function notConfirmed(
  input: RollbackInput,
  target: PromotionRecord,
  preview: readonly TakenBack[],
): StepResult {
  const result = resultOf(target, preview, true);
  const { promotionId: promotion } = target;
  const given = { promotion, ...(input.cascade ? { cascade: true as const } : {}), yes: true as const };
  return {
    ...result,
    status: 'blocked',
    exitCode: 4,
    message: words`${result.message ?? ''}\nNothing was changed: it was not confirmed.`,
    hint: words`If this is right: ${command('rollback', { ...given, ...decidedBy(input) })}`,
  };
}

import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { answerOnce, callOf } from '../ledger/answers.ts';
import { targetLock } from '../ledger/locks.ts';
import { logPeriodEvent, newestEventOfAll, newestPeriodEvent } from '../ledger/period-events.ts';
import { loggedTargets } from '../ledger/targets.ts';
import { findMarts } from '../marts/find-marts.ts';
import { coreLock, lockInOrder } from '../promotion/locks.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Now, refuseUnseen, type SeenInput, seenOf } from './seen.ts';
import type { StepContext } from './step.ts';

export interface PeriodInput extends WhoAndWhy, SeenInput {
  readonly action: 'close' | 'reopen';
  readonly period: Period;
  /** Null: every dataset. */
  readonly dataset: Dataset | null;
}

/**
 * A period is closed, or opened again, for one dataset or for all; a month also means the quarter and the year that end
 * with it. Waits for calls that are changing the period. Refuses datasets that do not have such periods.
 */
export async function decidePeriod(ctx: StepContext, input: PeriodInput): Promise<StepResult> {
  const periods = periodsMeant(ctx, input);
  const step = `period ${input.action}`;

  const locks = ctx.dryRun
    ? []
    : await ctx.warehouse.read((session) => writerLocks(ctx, session, input, periods));
  const decide = async (session: Session): Promise<string[]> => {
    const changed: string[] = [];
    for (const period of periods) if (!(await isSo(ctx, session, input, period))) changed.push(period);
    refuseUnseen(input.seen, seenOf(shownOf(input, changed)), nowOf(input, periods, changed));
    if (ctx.dryRun) return changed;
    for (const period of changed) {
      await logPeriodEvent(session, {
        ...{ period, dataset: input.dataset?.name ?? null, action: input.action, reason: input.reason },
        ...{ decidedBy: input.by, runId: ctx.runId, at: ctx.clock() },
      });
    }
    return changed;
  };
  const { seen: _, ...asked } = input;
  const call = callOf(ctx, step, { ...asked, dataset: input.dataset?.name ?? null });
  const changed = ctx.dryRun
    ? await ctx.warehouse.read(decide)
    : await ctx.warehouse.transaction(async (tx) => {
        if (locks.length > 0) await lockInOrder(tx, { exclusive: locks, shared: [] });
        return answerOnce(tx, call, { part: '', parts: [''], at: ctx.clock() }, () => decide(tx));
      });

  return stepResult({
    ...{ step, dataset: input.dataset?.name ?? null, period: input.period.text },
    status: changed.length === 0 ? 'skipped' : 'done',
    message: messageOf(input, periods, changed, ctx.dryRun),
    ...(ctx.dryRun ? { seen: seenOf(shownOf(input, changed)) } : {}),
  });
}

function messageOf(
  { action, dataset }: PeriodInput,
  periods: readonly string[],
  changed: readonly string[],
  trial: boolean,
): string {
  const state = action === 'close' ? 'closed' : 'open';
  if (changed.length === 0) return `${periods.join(', ')}: ${state} already.`;
  const whose = dataset === null ? 'all datasets' : dataset.name;
  const verb = trial ? 'would be' : changed.length === 1 ? 'is' : 'are';
  return `${changed.join(', ')} ${verb} ${state} for ${whose}.`;
}

function shownOf({ action, dataset }: PeriodInput, changed: readonly string[]): object {
  return { action, dataset: dataset?.name ?? null, changed };
}

function nowOf(input: PeriodInput, periods: readonly string[], changed: readonly string[]): Now {
  const dataset = input.dataset?.name;
  return {
    told: messageOf(input, periods, changed, true),
    step: `period ${input.action}`,
    options: { period: input.period.text, dataset },
    decided: input,
    where: { period: input.period.text, ...(dataset === undefined ? {} : { dataset }) },
  };
}

/** The period of the call, and the periods of datasets with longer periods that end with it. */
function periodsMeant(ctx: StepContext, { dataset, period }: PeriodInput): string[] {
  if (dataset === null) {
    const others = [...ctx.config.datasets.values()]
      .filter((each) => each.periodKind !== 'none')
      .flatMap((each) => periodDue(each.periodKind, period)?.text ?? []);
    return [...new Set([period.text, ...others])];
  }
  const due = dataset.periodKind === 'none' ? null : periodDue(dataset.periodKind, period);
  if (due !== null) return [due.text];
  throw new TidemarkError('usage', {
    message:
      dataset.periodKind === 'none'
        ? `${dataset.name} is a list without periods; it cannot be closed.`
        : `${dataset.name} is delivered by the ${dataset.periodKind}, and none ends in ${period.text}.`,
    hint: words`Name a period of the dataset, or leave ${option('dataset')} out.`,
    where: { dataset: dataset.name, period: period.text },
  });
}

/** Whether it is so already: for one dataset, or for all datasets if none was decided otherwise since. */
async function isSo(
  ctx: StepContext,
  session: Session,
  { action, dataset }: PeriodInput,
  period: string,
): Promise<boolean> {
  const last = dataset === null ? await newestEventOfAll(session, period) : null;
  if (dataset === null && (last?.action ?? 'reopen') !== action) return false;
  for (const each of dataset === null ? ctx.config.datasets.values() : [dataset]) {
    const event = await newestPeriodEvent(session, each.name, period);
    if ((event?.action ?? 'reopen') !== action) return false;
  }
  return true;
}

/** The locks that every change of these periods in stage, core or a mart takes. */
async function writerLocks(
  ctx: StepContext,
  session: Session,
  { dataset }: PeriodInput,
  periods: readonly string[],
): Promise<string[]> {
  const datasets = dataset === null ? [...ctx.config.datasets.values()] : [dataset];
  const tables = new Set(datasets.map((each) => each.core.table));
  const marts = findMarts(ctx.project, ctx.config.datasets, ctx.warehouse.capabilities.dialect).filter(
    (mart) => mart.reads.some((table) => tables.has(table)),
  );
  const locks = [...[...tables].map(coreLock), ...marts.map((mart) => `mart:${mart.name}`)];
  for (const { name } of datasets) {
    for (const period of periods) {
      const targets = await loggedTargets(session, name, period, null);
      locks.push(...targets.map(targetLock));
    }
  }
  return locks;
}

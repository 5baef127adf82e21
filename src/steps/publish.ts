import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { type Period, periodDue } from '../domain/period.ts';
import { combineResults, type StepResult, stepResult } from '../domain/result.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { answerOnce, answersOf, type Call, callOf } from '../ledger/answers.ts';
import { type TablePromotion, tablePromotions } from '../ledger/publishes.ts';
import { failedChecks } from '../marts/check-mart.ts';
import { type ExportFormat, exportQuery } from '../marts/export-query.ts';
import { chosenMarts, findMarts } from '../marts/find-marts.ts';
import type { Mart } from '../marts/mart.ts';
import { missingInputs, newerRegisters } from '../marts/mart-inputs.ts';
import { type BuiltMart, buildMart, type MartPlan, planMart, replaceMart } from '../marts/publish-mart.ts';
import { roundingCastsOf } from '../marts/rounding-casts.ts';
import { tableRows } from '../marts/table-rows.ts';
import { refuseClosedPeriod } from '../promotion/closed-periods.ts';
import type { AcceptedGuard } from '../promotion/guards.ts';
import { coreLock, lockInOrder } from '../promotion/locks.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { columnList, raw, sql } from '../sql/sql.ts';
import { transactionUnlessDry } from '../warehouse/rehearse-transaction.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';

export interface PublishInput {
  readonly period: Period;
  /** One mart by name; then a mart without data is an outcome of its own, not just listed. */
  readonly mart?: string;
  /** Also write the published rows into `data/exports/<mart>/`. */
  readonly export?: ExportFormat;
  readonly acceptGuards?: readonly AcceptedGuard[];
  /** The call comes from a schedule: a closed period without anything to do is not mentioned. */
  readonly scheduled?: boolean;
}

/** A mart that the call means; `period` null: none is due. */
interface Due {
  readonly mart: Mart;
  readonly period: Period | null;
}

/**
 * Core becomes marts: every due mart is made, checked and put in place, all in one transaction and from one state of
 * core. Refuses, as a whole, failed checks and period marts of a register that has moved on.
 */
export async function publish(ctx: StepContext, input: PublishInput): Promise<StepResult> {
  const { capabilities } = ctx.warehouse;
  const all = findMarts(ctx.project, ctx.config.datasets, capabilities.dialect);
  if (all.length === 0 && input.mart === undefined) {
    return stepResult({
      step: 'publish',
      status: 'skipped',
      period: input.period.text,
      message: 'There are no marts.',
    });
  }
  const marts = chosenMarts(all, input.mart).map((mart) => ({
    mart,
    period: periodDue(mart.periodKind, input.period),
  }));

  const { results, stands } = await transactionUnlessDry(ctx, (session) =>
    publishAll(ctx, session, input, marts),
  );

  for (const [i, { mart }] of marts.entries()) {
    const result = results[i];
    if (result?.status !== 'done') continue;
    ctx.touched?.read(...mart.reads.map((table) => ({ schema: 'core', table }) as const));
    ctx.touched?.wrote({ schema: 'mart', table: mart.name }, result.rows.inserted);
  }

  if (input.export !== undefined && !ctx.dryRun) {
    for (const [i, result] of results.entries()) {
      const mart = marts[i]?.mart;
      // Also a mart that was published before: a call whose answer was lost may have written no file, or an older one.
      if (mart !== undefined && stands.has(mart))
        results[i] = await withExport(ctx, result, mart, input.export);
    }
  }
  return combineResults('publish', results, { period: input.period.text });
}

/** One result per mart, in their order, and the marts that are now up to date. */
interface Outcome {
  readonly results: StepResult[];
  readonly stands: ReadonlySet<Mart>;
}

async function publishAll(
  ctx: StepContext,
  session: Session,
  input: PublishInput,
  marts: readonly Due[],
): Promise<Outcome> {
  const startedAt = ctx.clock();
  const { datasets } = ctx.config;
  const locks = {
    exclusive: marts.map(({ mart }) => `mart:${mart.name}`),
    shared: marts.flatMap(({ mart }) => mart.reads.map(coreLock)),
  };
  // On one of the engines a lock is a row, and a dry run must not leave one behind.
  if (!ctx.dryRun) await lockInOrder(session, locks);
  const promotions = await tablePromotions(session, false);
  const plans = new Map<Mart, MartPlan>();
  for (const due of marts) {
    if (!isReady(due, datasets, promotions)) continue;
    plans.set(due.mart, await planMart(session, due.mart, due.period as Period, datasets, promotions));
  }
  const toBuild = [...plans.values()].filter((plan) => !plan.current);
  await refuseClosedPeriods(session, input.scheduled ? toBuild : [...plans.values()], datasets);
  const accepted = passOlderPeriods(ctx, input, marts, toBuild, promotions);

  const scratch = new SessionTables(session);
  const built: BuiltMart[] = [];
  const warnings = new Map<Mart, readonly string[]>();
  for (const plan of toBuild) {
    ctx.log.progress(`publish ${plan.mart.name} ${plan.period}`);
    built.push(await buildMart(session, scratch, plan, datasets));
    warnings.set(plan.mart, await roundingCastsOf(session, plan.mart));
    for (const warning of warnings.get(plan.mart) ?? []) ctx.log.warn(warning);
  }
  await refuseFailedChecks(session, built, input.period.text);

  const at = { capabilities: ctx.warehouse.capabilities, runId: ctx.runId, startedAt, clock: ctx.clock };
  const done = new Map<Mart, StepResult>();
  for (const plan of plans.values()) {
    // This same run published it, and is called again because its answer was lost.
    const [before] = plan.current ? await answersOf<StepResult>(session, callFor(ctx, plan)) : [];
    if (before !== undefined) done.set(plan.mart, before.answer);
  }
  for (const each of built) {
    const { mart } = each.plan;
    const rows = await replaceMart(session, each, { ...at, acceptedGuards: accepted.get(mart) ?? null });
    const result = resultOf(each, rows, warnings.get(mart) ?? []);
    const of = { part: mart.name, parts: [mart.name], at: ctx.clock() };
    done.set(mart, await answerOnce(session, callFor(ctx, each.plan), of, async () => result));
  }
  await scratch.drop();
  const results = marts.map(
    (due) => done.get(due.mart) ?? idleResult(due, plans.get(due.mart) ?? null, input, datasets, promotions),
  );
  return { results, stands: new Set(plans.keys()) };
}

/** A publish counts as the same call as long as its mart would be made from the same model and the same promotions. */
function callFor(ctx: StepContext, { mart, period, fingerprint, reads }: MartPlan): Call {
  return callOf(ctx, 'publish', { mart: mart.name, period, fingerprint, reads });
}

/** A mart of a period that is closed for any dataset that it reads stays as published. */
async function refuseClosedPeriods(
  session: Session,
  plans: readonly MartPlan[],
  datasets: ReadonlyMap<string, Dataset>,
): Promise<void> {
  for (const { mart, period } of plans) {
    for (const dataset of datasets.values())
      if (mart.reads.includes(dataset.core.table)) await refuseClosedPeriod(session, dataset.name, period);
  }
}

function isReady(
  due: Due,
  datasets: ReadonlyMap<string, Dataset>,
  promotions: readonly TablePromotion[],
): boolean {
  return due.period !== null && missingInputs(due.mart, due.period, datasets, promotions).length === 0;
}

/** Stops at the first mart that would show another period's register; returns those that someone accepts. */
function passOlderPeriods(
  ctx: StepContext,
  input: PublishInput,
  marts: readonly Due[],
  toBuild: readonly MartPlan[],
  promotions: readonly TablePromotion[],
): ReadonlyMap<Mart, string> {
  const passed = new Map<Mart, string>();
  const accepted = input.acceptGuards?.find((guard) => guard.name === 'older_period');
  for (const { mart, period } of marts) {
    if (period === null || !toBuild.some((plan) => plan.mart === mart)) continue;
    const [newer] = newerRegisters(mart, period, ctx.config.datasets, promotions);
    if (newer === undefined) continue;
    const figures = `${newer.dataset} is a register of which ${newer.newest} is promoted already`;
    if (accepted !== undefined) {
      ctx.log.warn(`Guard older_period accepted for mart ${mart.name}`, { figures, ...accepted });
      passed.set(mart, JSON.stringify([{ ...accepted, figures }]));
      continue;
    }
    throw new TidemarkError('guard-tripped', {
      message:
        `Guard older_period: mart ${mart.name} of ${period.text} would show the state of another period; ${figures}. ` +
        'Nothing was published.',
      hint: words`Publish ${newer.newest}, or accept it: ${command('publish', { period: input.period.text, mart: mart.name, acceptGuard: 'older_period', ...decidedBy() })}`,
      where: { period: period.text },
    });
  }
  return passed;
}

async function refuseFailedChecks(
  session: Session,
  built: readonly BuiltMart[],
  period: string,
): Promise<void> {
  const failed: string[] = [];
  for (const { plan, rows, columns } of built)
    failed.push(...(await failedChecks(session, plan.mart, rows, columns)));
  if (failed.length === 0) return;
  throw new TidemarkError('check-failed', {
    message: `${failed.join('; ')}. Nothing was published.`,
    where: { period },
  });
}

function resultOf(
  { plan }: BuiltMart,
  rows: { readonly deleted: number; readonly inserted: number; readonly unchanged: number },
  warnings: readonly string[],
): StepResult {
  const idle = rows.deleted === 0 && rows.inserted === 0;
  return stepResult({
    step: 'publish',
    status: idle ? 'skipped' : 'done',
    period: plan.period,
    rows,
    ...(warnings.length === 0 ? {} : { findings: { warning: warnings.length } }),
    message: [
      idle
        ? `mart.${plan.mart.name}: unchanged.`
        : `mart.${plan.mart.name}: ${counted(rows.inserted, 'row')} in, ${counted(rows.deleted, 'row')} out.`,
      ...warnings,
    ].join(' '),
  });
}

function idleResult(
  { mart, period }: Due,
  plan: MartPlan | null,
  input: PublishInput,
  datasets: ReadonlyMap<string, Dataset>,
  promotions: readonly TablePromotion[],
): StepResult {
  const skipped = (message: string) =>
    stepResult({ step: 'publish', status: 'skipped', period: period?.text ?? input.period.text, message });
  if (period === null)
    return skipped(`mart.${mart.name} is published by the ${mart.periodKind}; not due for this period.`);
  if (plan?.current) return skipped(`mart.${mart.name}: already published; nothing to do.`);
  const missing = missingInputs(mart, period, datasets, promotions);
  const message = `mart.${mart.name} waits for ${missing.join(', ')}: nothing is promoted for ${period.text} yet.`;
  if (input.mart === undefined) return skipped(message);
  throw new TidemarkError('not-loaded', {
    message,
    hint: words`Run: ${command('transform', { period: period.text, dataset: missing[0] })}`,
    where: { period: period.text },
  });
}

/** Exports what was just published; a file of the same mart and period is replaced. */
async function withExport(
  ctx: StepContext,
  result: StepResult,
  mart: Mart,
  format: ExportFormat,
): Promise<StepResult> {
  const period = result.period as string;
  const table = { schema: 'mart', name: mart.name } as const;
  const scope = mart.mode === 'period' ? sql`WHERE _data_period = ${period}` : raw('');
  const order = mart.grain.length === 0 ? raw('') : sql` ORDER BY ${columnList(mart.grain)}`;
  const file = `data/exports/${mart.name}/${mart.name}_${period}.${format}`;
  const query = async (session: Session) => {
    const columns = (await session.columns(table)) ?? [];
    return sql`${await tableRows(session, table, columns, scope)}${order}`;
  };
  const written = await exportQuery(ctx, query, { format, file, overwrite: true });
  ctx.touched?.read({ schema: 'mart', table: mart.name });
  ctx.touched?.wrote({ file: written.path }, written.rows);
  return { ...result, outputs: [...result.outputs, file] };
}

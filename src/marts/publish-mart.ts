import { createHash } from 'node:crypto';
import type { Dataset } from '../domain/dataset.ts';
import type { Period } from '../domain/period.ts';
import { logPublish, newestPublish, newestPublishOfAny, type TablePromotion } from '../ledger/publishes.ts';
import { describeModel } from '../promotion/describe-model.ts';
import { badModel, bindModel, type Model } from '../promotion/model-sql.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { columnList, ident, raw, type Sql, sql } from '../sql/sql.ts';
import type { Capabilities } from '../warehouse/capabilities.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { ensureTable } from '../warehouse/migrate/ensure-table.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';
import { withLiveTables } from './live-tables.ts';
import type { Mart } from './mart.ts';
import { relevantPromotions } from './mart-inputs.ts';

/** A mart to be published, and the state of core from which it would be made. */
export interface MartPlan {
  readonly mart: Mart;
  /** The period to publish: the one asked for, or for a `full` mart never one before that which it already shows. */
  readonly period: string;
  /** The period as of which tables with history are read. */
  readonly asOf: Period;
  readonly fingerprint: string;
  readonly reads: Record<string, number>;
  /** It was made from the same model and the same promotions before: there is nothing to do. */
  readonly current: boolean;
}

const tableOf = (mart: Mart): TableRef => ({ schema: 'mart', name: mart.name });

export async function planMart(
  session: Session,
  mart: Mart,
  period: Period,
  datasets: ReadonlyMap<string, Dataset>,
  promotions: readonly TablePromotion[],
): Promise<MartPlan> {
  const fingerprint = createHash('sha256').update(fingerprintText(mart, datasets)).digest('hex');
  const reads = relevantPromotions(mart, period, datasets, promotions);
  const last =
    mart.mode === 'full'
      ? await newestPublishOfAny(session, mart.name)
      : await newestPublish(session, mart.name, period.text);
  // A full mart holds one state; publishing an old period again must not replace a newer state.
  const shownPeriod =
    mart.mode === 'full' && last !== null && last.period > period.text ? last.period : period.text;
  const samePeriod = mart.model.pieces.length === 1 || last?.period === shownPeriod;
  const current =
    last !== null &&
    last.fingerprint === fingerprint &&
    last.mode === mart.mode &&
    samePeriod &&
    last.reads === JSON.stringify(reads) &&
    (await session.columns(tableOf(mart))) !== null;
  return { mart, period: shownPeriod, asOf: period, fingerprint, reads, current };
}

/** The model, and everything else that decides which rows of core it sees. */
function fingerprintText(mart: Mart, datasets: ReadonlyMap<string, Dataset>): string {
  const seen = [...datasets.values()]
    .filter(({ core }) => mart.reads.includes(core.table))
    .filter(({ core }) => core.rollout === 'staged' || core.strategy === 'history')
    .map(({ core, periodKind }) => [core.table, core.rollout, core.strategy, periodKind]);
  return seen.length === 0 ? mart.model.text : `${mart.model.text}\n${JSON.stringify(seen)}`;
}

/** The rows of a mart, made but not yet published. */
export interface BuiltMart {
  readonly plan: MartPlan;
  readonly rows: Sql;
  readonly columns: readonly ColumnInfo[];
}

export function buildMart(
  session: Session,
  scratch: SessionTables,
  plan: MartPlan,
  datasets: ReadonlyMap<string, Dataset>,
): Promise<BuiltMart> {
  return withLiveTables(session, plan.mart, { period: plan.asOf, datasets }, (model) =>
    buildRows(session, scratch, plan, model),
  );
}

async function buildRows(
  session: Session,
  scratch: SessionTables,
  plan: MartPlan,
  model: Model,
): Promise<BuiltMart> {
  const { mart, period } = plan;
  const select = bindModel(model, period);
  const columns = await describeModel(session, mart.model, select, 'mart');
  if (mart.mode === 'period' && columns.some((column) => column.name === '_data_period')) {
    throw badModel(
      mart.model.displayPath,
      1,
      "'_data_period' is added by itself; leave it out of the SELECT",
    );
  }
  const rows = await scratch.create('mart', sql`SELECT * FROM ${select} AS m`);
  return { plan, rows, columns };
}

export interface PublishAt {
  readonly capabilities: Capabilities;
  readonly runId: string;
  readonly startedAt: Date;
  readonly clock: () => Date;
  /** JSON text of the guards that were accepted for the mart. */
  readonly acceptedGuards: string | null;
}

export interface Published {
  readonly deleted: number;
  readonly inserted: number;
  readonly unchanged: number;
}

/** Replaces the rows of the mart with the new ones, where they differ, and logs it. The table is never dropped. */
export async function replaceMart(session: Session, built: BuiltMart, at: PublishAt): Promise<Published> {
  const { plan, rows, columns } = built;
  const byPeriod = plan.mart.mode === 'period';
  const table = ident('mart', plan.mart.name);
  await ensureMartTable(session, built, at.capabilities);
  const names = columnList(columns.map((column) => column.name));
  const scope = byPeriod ? sql`WHERE _data_period = ${plan.period}` : raw('');
  const standing = sql`SELECT ${names} FROM ${table} ${scope}`;
  const made = sql`SELECT ${names} FROM ${rows}`;
  const before = await countRows(session, sql`(${standing}) AS q`);
  const after = await countRows(session, sql`(${made}) AS q`);
  const same =
    before === after &&
    (await countRows(session, sql`((${standing}) EXCEPT (${made})) AS q`)) === 0 &&
    (await countRows(session, sql`((${made}) EXCEPT (${standing})) AS q`)) === 0;
  if (!same) {
    await session.execute(sql`DELETE FROM ${table} ${scope}`);
    const period = byPeriod ? sql`, CAST(${plan.period} AS VARCHAR)` : raw('');
    await session.execute(
      sql`INSERT INTO ${table} (${names}${raw(byPeriod ? ', _data_period' : '')}) SELECT ${names}${period} FROM ${rows}`,
    );
  }
  const done = same
    ? { deleted: 0, inserted: 0, unchanged: after }
    : { deleted: before, inserted: after, unchanged: 0 };
  await logPublish(session, {
    mart: plan.mart.name,
    period: plan.period,
    mode: plan.mart.mode,
    fingerprint: plan.fingerprint,
    reads: JSON.stringify(plan.reads),
    rowsDeleted: done.deleted,
    rowsInserted: done.inserted,
    acceptedGuards: at.acceptedGuards,
    runId: at.runId,
    startedAt: at.startedAt,
    publishedAt: at.clock(),
  });
  return done;
}

async function ensureMartTable(
  session: Session,
  built: BuiltMart,
  capabilities: Capabilities,
): Promise<void> {
  const byPeriod = built.plan.mart.mode === 'period';
  const period: ColumnInfo = { name: '_data_period', type: 'VARCHAR(7)', nullable: true };
  await ensureTable(
    session,
    tableOf(built.plan.mart),
    byPeriod ? [...built.columns, period] : built.columns,
    {
      ...(byPeriod && capabilities.wantsPeriodIndex ? { index: ['_data_period'] } : {}),
    },
  );
}

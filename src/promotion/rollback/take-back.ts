import type { Dataset } from '../../domain/dataset.ts';
import { sliceShown } from '../../domain/slice.ts';
import { type WhoAndWhy, whoAndWhyFlags } from '../../domain/who-and-why.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { Project } from '../../lake/project.ts';
import {
  logRollback,
  newestLoadId,
  noteTakenBack,
  type PromotionRecord,
  promotionById,
} from '../../ledger/promotion-records.ts';
import { nextPromotionId } from '../../ledger/promotions.ts';
import { sql } from '../../warehouse/sql.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { refuseClosedPeriod } from '../closed-periods.ts';
import { type ReferenceCheck, referencesOf } from '../foreign-keys.ts';
import { Scratch } from '../scratch-table.ts';
import { refuseChangedSince } from './changed-since.ts';
import { refuseClosedIntervals } from './closed-intervals.ts';
import { beforeValue, type JournalledRows, journalledRows } from './journalled-rows.ts';
import { type LaterPromotion, laterOnSameRows, rootOf } from './later-promotions.ts';
import { refusePrunedJournal } from './pruned-journal.ts';
import { type Redelivery, redeliveredRows } from './redelivered-rows.ts';
import { countRestored, type RestoredCounts, restoreRows } from './restore-rows.ts';
import { restoredChecks } from './restored-checks.ts';

export interface RollbackEnvironment {
  readonly project: Project;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly cascade: boolean;
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
  readonly reason: string;
  readonly by: string;
}

/** One promotion taken back, and what it came to. */
export interface TakenBack {
  readonly record: PromotionRecord;
  /** The number of the rollback; 0 in a dry run. */
  readonly promotionId: number;
  readonly counts: RestoredCounts;
  /** Later periods that delivered rows which now are not, or not so, in core. */
  readonly redelivered: readonly Redelivery[];
}

export interface Rollback {
  /** In the order they went, newest first; what was asked for is the last. */
  readonly taken: readonly TakenBack[];
  /** To be looked at when everything of the transaction is done. */
  readonly checks: readonly ReferenceCheck[];
  readonly scratch: Scratch;
}

/**
 * Takes a promotion back, after those later ones that touched the same rows where that is asked for (`cascade`); else
 * these block it. In the caller's transaction, under its lock on the core table.
 */
export async function takeBack(
  session: Session,
  env: RollbackEnvironment,
  target: PromotionRecord,
): Promise<Rollback> {
  const scratch = new Scratch(session);
  const taken: TakenBack[] = [];
  const checks: ReferenceCheck[] = [];
  /** What is in its way goes first; one that another has taken with it is gone already. */
  const take = async (record: PromotionRecord): Promise<void> => {
    for (let later = await inTheWay(record); later.length > 0; later = await inTheWay(record))
      await take((later.at(-1) as LaterPromotion).record);
    const now = await promotionById(session, record.promotionId);
    if (now === null || now.rolledBackBy !== null) return;
    const one = await takeOneBack(session, env, scratch, now);
    taken.push(one.taken);
    checks.push(...one.checks);
  };
  const inTheWay = async (record: PromotionRecord): Promise<LaterPromotion[]> => {
    const later = await laterOnSameRows(session, datasetOf(env, record).core, record);
    if (later.length > 0 && !env.cascade) throw blocked(target, later, env);
    return later;
  };
  for (const record of await inOrder(session, env, target)) await take(record);
  return { taken, checks, scratch };
}

/** What has to go, newest first. */
async function inOrder(
  session: Session,
  env: RollbackEnvironment,
  target: PromotionRecord,
): Promise<PromotionRecord[]> {
  const found = new Map<number, PromotionRecord>([[target.promotionId, target]]);
  const toLookAt = env.cascade ? [target] : [];
  for (let each = toLookAt.pop(); each !== undefined; each = toLookAt.pop()) {
    for (const { record } of await laterOnSameRows(session, datasetOf(env, each).core, each)) {
      if (found.has(record.promotionId)) continue;
      found.set(record.promotionId, record);
      toLookAt.push(record);
    }
  }
  return [...found.values()].sort((a, b) => b.promotionId - a.promotionId);
}

async function takeOneBack(
  session: Session,
  env: RollbackEnvironment,
  scratch: Scratch,
  record: PromotionRecord,
): Promise<{ taken: TakenBack; checks: ReferenceCheck[] }> {
  const startedAt = env.clock();
  const dataset = datasetOf(env, record);
  await refusePrunedJournal(session, record);
  const rows = await journalledRows(session, scratch, dataset, record);
  for (const period of await periodsOf(session, rows))
    await refuseClosedPeriod(session, dataset.name, period);
  if (dataset.core.strategy === 'history') await refuseClosedIntervals(session, rows);
  await refuseChangedSince(session, scratch, rows);
  const counts = await countRestored(session, rows);
  const checks = await restoredChecks(scratch, referencesOf(env.datasets), rows);
  const redelivered = await redeliveredRows(session, env.project, rows);
  // A dry run is rolled back, but a sequence would not be.
  const promotionId = env.dryRun ? 0 : await nextPromotionId(session);
  await restoreRows(session, rows, { promotionId, now: env.clock() });
  // Several of one dry run would have the same number.
  if (!env.dryRun) {
    await logRollback(session, {
      ...{ record, promotionId, counts, reason: env.reason, by: env.by, runId: env.runId },
      ...{ startedAt, promotedAt: env.clock(), afterLoad: await newestLoadId(session, record) },
    });
  }
  await noteTakenBack(session, record, promotionId);
  return { taken: { record, promotionId, counts, redelivered }, checks };
}

/** The periods that a rollback changes: that of the promotion, and of rows that were flipped whatever their period theirs. */
async function periodsOf(session: Session, rows: JournalledRows): Promise<readonly string[]> {
  const { record } = rows;
  if ((await rootOf(session, record)).kind !== 'go-live') return [record.period];
  const found = await session.query<{ period: string }>(
    sql`SELECT DISTINCT ${beforeValue(rows, 't', '_data_period')} AS period FROM ${rows.table} AS t`,
  );
  return found.map((each) => each.period);
}

/** The promotion of a number; `unknown-promotion` where there is none. */
export async function promotionNamed(session: Session, promotionId: number): Promise<PromotionRecord> {
  const record = await promotionById(session, promotionId);
  if (record !== null) return record;
  throw new TidemarkError('unknown-promotion', { message: `There is no promotion ${promotionId}.` });
}

export function datasetOf(
  { datasets }: Pick<RollbackEnvironment, 'datasets'>,
  record: PromotionRecord,
): Dataset {
  const dataset = datasets.get(record.dataset);
  if (dataset !== undefined && dataset.core.table === record.coreTable && strategyFits(dataset, record))
    return dataset;
  throw new TidemarkError('migration-needed', {
    message:
      `Promotion ${record.promotionId} was made for dataset ${record.dataset} with strategy ${record.strategy} into ` +
      `core.${record.coreTable}; the configuration no longer says so.`,
    hint: 'Give the dataset the core rules it had then; after the rollback they can be changed again.',
    where: { dataset: record.dataset, period: record.period },
  });
}

function strategyFits(dataset: Dataset, record: PromotionRecord): boolean {
  return dataset.core.strategy === record.strategy;
}

/** `promotion 14 (2025-07, transform)` */
export function named(record: PromotionRecord): string {
  const about = [
    record.period === 'none' ? record.dataset : record.period,
    sliceShown(record.slice),
    record.kind,
  ];
  return `promotion ${record.promotionId} (${about.filter(Boolean).join(', ')})`;
}

function blocked(
  target: PromotionRecord,
  later: readonly LaterPromotion[],
  decided: WhoAndWhy,
): TidemarkError {
  const list = later.map(({ record, rows }) => `${named(record)} touched ${rows} of its rows`);
  const last = later.at(-1) as LaterPromotion;
  const flags = whoAndWhyFlags(decided);
  return new TidemarkError('rollback-blocked', {
    message: `Promotion ${target.promotionId} cannot be taken back alone: ${list.join('; ')}. Nothing was changed.`,
    hint:
      `Take ${later.length === 1 ? 'it' : 'them'} back too: tidemark rollback --promotion ${target.promotionId} --cascade${flags}; ` +
      `or one by one, first: tidemark rollback --promotion ${last.record.promotionId}${flags}`,
    where: { dataset: target.dataset, period: target.period },
  });
}

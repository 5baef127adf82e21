import type { Dataset } from '../../domain/dataset.ts';
import { sliceShown } from '../../domain/slice.ts';
import { decidedBy, type WhoAndWhy } from '../../domain/who-and-why.ts';
import { command, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { Project } from '../../lake/project.ts';
import { newestLoadId } from '../../ledger/loads.ts';
import {
  logRollback,
  noteRolledBack,
  type PromotionRecord,
  promotionById,
} from '../../ledger/promotion-records.ts';
import { nextPromotionId } from '../../ledger/promotions.ts';
import { sql } from '../../sql/sql.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { refuseClosedPeriod } from '../closed-periods.ts';
import { type ReferenceCheck, referencesOf } from '../foreign-keys.ts';
import { SessionTables } from '../session-tables.ts';
import { refuseChangedSince } from './changed-since.ts';
import { refuseClosedIntervals } from './closed-intervals.ts';
import { beforeValue, type JournalledRows, journalledRows } from './journalled-rows.ts';
import { chainOf, type LaterPromotion, laterOnSameRows, rootOf } from './later-promotions.ts';
import { refusePrunedJournal } from './pruned-journal.ts';
import { type Redelivery, redeliveredRows } from './redelivered-rows.ts';
import { countRestored, type RestoredCounts, restoreRows } from './restore-rows.ts';
import { restoredChecks } from './restored-checks.ts';

export interface RollbackEnvironment extends WhoAndWhy {
  readonly project: Project;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly cascade: boolean;
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
  /** Marks the records of a promotion that rows of scripts made; called before core is changed. */
  readonly markRecords: (
    session: Session,
    scratch: SessionTables,
    rows: JournalledRows,
    at: RecordsTakenAt,
  ) => Promise<RecordsTaken>;
}

/** Which rollback marks records. */
export interface RecordsTakenAt {
  /** The promotion at the end of the chain of rollbacks. */
  readonly root: PromotionRecord;
  /** The number of the rollback. */
  readonly by: number;
  /** The rows come back: what is rolled back is itself a rollback of them. */
  readonly givesBack: boolean;
}

/** What a rollback does to records; each number counts records. */
export interface RecordsTaken {
  /** Those that the promotion had promoted: they wait for a person. */
  readonly held: number;
  /** Those among them whose text is pruned: no promotion can take them. */
  readonly pruned: number;
  /** Those that were only linked to rows which are now gone, or are others: the next promotion judges them. */
  readonly waiting: number;
  /** Those that are promoted again. */
  readonly promoted: number;
  /** Those that are linked again. */
  readonly duplicate: number;
}

/** The rollback of one promotion, and its counts. */
export interface RolledBack {
  readonly record: PromotionRecord;
  /** The number of the rollback; 0 in a dry run. */
  readonly promotionId: number;
  readonly counts: RestoredCounts;
  /** Null where no script's record made the rows. */
  readonly records: RecordsTaken | null;
  /** Later periods that delivered rows which core now lacks, or has with other values. */
  readonly redelivered: readonly Redelivery[];
}

export interface Rollback {
  /** In the order of the rollbacks, newest promotion first; the requested promotion is the last. */
  readonly taken: readonly RolledBack[];
  /** References to be checked when all changes of the transaction are made. */
  readonly checks: readonly ReferenceCheck[];
  readonly scratch: SessionTables;
}

/**
 * Rolls a promotion back, after later ones that touched the same rows if the caller asked for that (`cascade`);
 * otherwise these block it. In the caller's transaction, under its lock on the core table.
 */
export async function rollBack(
  session: Session,
  env: RollbackEnvironment,
  target: PromotionRecord,
): Promise<Rollback> {
  const scratch = new SessionTables(session);
  const taken: RolledBack[] = [];
  const checks: ReferenceCheck[] = [];
  /** Promotions that are in the way are rolled back first; one that another rollback included is done already. */
  const take = async (record: PromotionRecord): Promise<void> => {
    for (let later = await inTheWay(record); later.length > 0; later = await inTheWay(record))
      await take((later.at(-1) as LaterPromotion).record);
    const now = await promotionById(session, record.promotionId);
    if (now === null || now.rolledBackBy !== null) return;
    const one = await rollOneBack(session, env, scratch, now);
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

/** The promotions to roll back, newest first. */
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

async function rollOneBack(
  session: Session,
  env: RollbackEnvironment,
  scratch: SessionTables,
  record: PromotionRecord,
): Promise<{ taken: RolledBack; checks: ReferenceCheck[] }> {
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
  const { root, depth } = await chainOf(session, record);
  const records =
    root.kind === 'records'
      ? await env.markRecords(session, scratch, rows, { root, by: promotionId, givesBack: depth % 2 === 1 })
      : null;
  await restoreRows(session, rows, { promotionId, now: env.clock() });
  // Several rollbacks of one dry run would have the same number.
  if (!env.dryRun) {
    await logRollback(session, {
      ...{ record, promotionId, counts, reason: env.reason, by: env.by, runId: env.runId },
      ...{ startedAt, promotedAt: env.clock(), afterLoad: await newestLoadId(session, record) },
    });
  }
  await noteRolledBack(session, record, promotionId);
  return { taken: { record, promotionId, counts, records, redelivered }, checks };
}

/**
 * The periods that a rollback changes: that of the promotion and, for rows that were flipped in any period, those of
 * the rows.
 */
async function periodsOf(session: Session, rows: JournalledRows): Promise<readonly string[]> {
  const { record } = rows;
  if ((await rootOf(session, record)).kind !== 'go-live') return [record.period];
  const found = await session.query<{ period: string }>(
    sql`SELECT DISTINCT ${beforeValue(rows, 't', '_data_period')} AS period FROM ${rows.table} AS t`,
  );
  return found.map((each) => each.period);
}

/** The promotion with a number; `unknown-promotion` where there is none. */
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
  const who = decidedBy(decided);
  const [all, first] = [
    command('rollback', { promotion: target.promotionId, cascade: true, ...who }),
    command('rollback', { promotion: last.record.promotionId, ...who }),
  ];
  return new TidemarkError('rollback-blocked', {
    message: `Promotion ${target.promotionId} cannot be rolled back alone: ${list.join('; ')}. Nothing was changed.`,
    hint: words`Roll ${later.length === 1 ? 'it' : 'them'} back too: ${all}; or one by one, first: ${first}`,
    where: { dataset: target.dataset, period: target.period },
  });
}

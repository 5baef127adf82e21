import type { Dataset } from '../domain/dataset.ts';
import type { Place } from '../domain/place.ts';
import type { Project } from '../lake/project.ts';
import { spendApproval } from '../ledger/approvals.ts';
import { sameContent } from '../ledger/content.ts';
import type { Load } from '../ledger/loads.ts';
import { logPromotion, nextPromotionId, touchedOtherwiseSince } from '../ledger/promotions.ts';
import type { Sql } from '../sql/sql.ts';
import type { Capabilities } from '../warehouse/capabilities.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { applyDiff } from './apply.ts';
import type { Review } from './approvals.ts';
import { type CoreShape, coreShape, isStaged, sourceRows } from './core-shape.ts';
import { ensureCoreTables } from './core-tables.ts';
import type { Diff, DiffCounts } from './diff.ts';
import { diffHistory } from './diff-history.ts';
import { diffReplacePeriod } from './diff-replace-period.ts';
import { diffUpsert } from './diff-upsert.ts';
import { checksFor, type ReferenceCheck, referencesOf } from './foreign-keys.ts';
import { passGates } from './gates.ts';
import type { AcceptedGuard } from './guards.ts';
import { writeJournal } from './journal.ts';
import { refuseBadKeys } from './key-problems.ts';
import { tablesRead } from './model-reads.ts';
import { type NeighbourPeriods, neighbourPeriods } from './neighbour-periods.ts';
import { priorKeys } from './prior-keys.ts';
import { SessionTables } from './session-tables.ts';
import { withSurrogateKeys } from './surrogate-keys.ts';

export interface PromotionEnvironment {
  readonly project: Project;
  readonly capabilities: Capabilities;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly accepted: readonly AcceptedGuard[];
  readonly review: Review;
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
}

export interface Promotion {
  readonly load: Load;
  /** Null where there was nothing to do. */
  readonly counts: DiffCounts | null;
  readonly promotionId: number | null;
  /** References to be checked when all changes of the transaction are made. */
  readonly checks: readonly ReferenceCheck[];
  readonly scratch: SessionTables;
  /** It added rows that are not live yet. */
  readonly waits: boolean;
  /** The tables from which its rows came. */
  readonly reads: readonly Place[];
}

/**
 * Promotes what one load left in stage into core: diff, gates, journal, change and log row, all in the caller's
 * transaction and under the caller's locks. The caller checks references at the end, with `refuseOrphans`.
 */
export async function promote(
  session: Session,
  env: PromotionEnvironment,
  dataset: Dataset,
  load: Load,
): Promise<Promotion> {
  const startedAt = env.clock();
  const scratch = new SessionTables(session);
  const shape = await coreShape(session, env.project, dataset, load.period, env.capabilities.dialect);
  const neighbours = await neighbourPeriods(session, load);
  const reads = tablesRead(dataset, shape.model);
  const idle: Promotion = { load, counts: null, promotionId: null, checks: [], scratch, waits: false, reads };
  const repeated =
    neighbours.own !== null &&
    sameContent(neighbours.own, load) &&
    neighbours.own.sourceFingerprint === shape.fingerprint;
  if (repeated && (await cannotDiffer(session, shape, neighbours))) return idle;

  await ensureCoreTables(session, shape, env.capabilities);
  const delivered = await scratch.create('source', sourceRows(shape, load));
  await refuseBadKeys(session, shape, delivered, load.period);
  const source = await withSurrogateKeys(session, scratch, shape, delivered);
  const diff = await compare(session, env, { scratch, shape, neighbours, load, source });
  if (repeated && changesNothing(diff)) return idle;

  const { accepted, approval } = await passGates({ session, scratch, shape, load, diff }, env);
  // A dry run is rolled back, but a sequence would not be.
  const promotionId = env.dryRun ? 0 : await nextPromotionId(session);
  const checks = await checksFor(session, scratch, referencesOf(env.datasets), { shape, diff, promotionId });
  await writeJournal(session, shape, diff, { promotionId, period: load.period, now: env.clock() });
  await applyDiff(session, shape, diff, { period: load.period, promotionId });
  const row = {
    promotionId,
    kind: 'transform' as const,
    dataset: dataset.name,
    period: load.period,
    slice: load.slice,
    coreTable: shape.table.name,
    strategy: dataset.core.strategy,
    loadId: load.loadId,
    fileId: load.fileId,
    sourceFingerprint: shape.fingerprint,
    rows: diff.counts,
    acceptedGuards: accepted.length === 0 ? null : JSON.stringify(accepted),
    runId: env.runId,
    startedAt,
    promotedAt: env.clock(),
  };
  // Several promotions of one dry run would have the same number.
  if (!env.dryRun) await logPromotion(session, row);
  if (approval !== null) await spendApproval(session, approval.approvalId, promotionId);
  const waits = isStaged(shape) && diff.counts.added > 0;
  return { load, counts: diff.counts, promotionId, checks, scratch, waits, reads };
}

export async function compare(
  session: Session,
  env: Pick<PromotionEnvironment, 'project'>,
  of: {
    readonly scratch: SessionTables;
    readonly shape: CoreShape;
    readonly neighbours: NeighbourPeriods;
    readonly load: Load;
    readonly source: Sql;
  },
): Promise<Diff> {
  const { scratch, shape, neighbours, load } = of;
  const input = { session, scratch, shape, period: load.period, slice: load.slice, source: of.source };
  if (shape.dataset.core.strategy === 'replace_period') return diffReplacePeriod(input);
  if (shape.dataset.core.strategy === 'history') return diffHistory({ ...input, neighbours });
  const prior = await priorKeys(session, scratch, shape, load, neighbours.own, env.project.root);
  return diffUpsert({ ...input, neighbours, prior });
}

/**
 * Promoting the same load again changes nothing, whatever other periods were promoted since (their order does not
 * matter). Exceptions: something other than a promotion of stage rows has touched the table, or a model reads other
 * tables.
 */
async function cannotDiffer(
  session: Session,
  shape: CoreShape,
  neighbours: NeighbourPeriods,
): Promise<boolean> {
  if (shape.model !== null || neighbours.own === null) return false;
  if ((await session.columns(shape.table)) === null) return false;
  return !(await touchedOtherwiseSince(session, shape.table.name, neighbours.own.promotionId));
}

function changesNothing(diff: Diff): boolean {
  return [...diff.byOperation].every(([operation, rows]) => operation === 'shadowed' || rows === 0);
}

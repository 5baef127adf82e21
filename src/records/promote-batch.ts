import { join as joinPath } from 'node:path';
import { basisWithout } from '../checks/basis.ts';
import type { Dataset, RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import type { Project } from '../lake/project.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { logPromotion, nextPromotionId } from '../ledger/promotions.ts';
import { applyDiff } from '../promotion/apply.ts';
import { type CoreShape, coreShape } from '../promotion/core-shape.ts';
import type { Diff, DiffCounts } from '../promotion/diff.ts';
import { checksFor, referencesOf, refuseOrphans } from '../promotion/foreign-keys.ts';
import { writeJournal } from '../promotion/journal.ts';
import { lockPromotions } from '../promotion/locks.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { withSurrogateKeys } from '../promotion/surrogate-keys.ts';
import { literal, quoteName, type Sql, sql } from '../sql/sql.ts';
import { typeRecords } from '../validation/check-records.ts';
import { Scratch } from '../validation/scratch.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, chooseBatch, type RecordsAsked, textsOf } from './batch.ts';
import { coreAround } from './core-around.ts';
import { diffRecords, placedRecords, winners } from './diff-records.ts';
import { type GateRecords, passRecordGates } from './gates.ts';
import { heldBackRuns } from './held-back-runs.ts';
import { judgeBatch, writeGoodRows, writeJudgements } from './judge-batch.ts';
import { land, landedColumns } from './landing.ts';
import { markFailed, markHeldBack, markPlaced } from './marks.ts';
import { hasTree, parentKeys, uniqueFields } from './record-keys.ts';
import { recordPlan } from './record-plan.ts';
import { viewCore } from './rows-as-they-stand.ts';
import { type ToldRecord, toldRecords } from './told-records.ts';
import { writeBatch } from './write-batch.ts';

export interface RecordsEnvironment extends GateRecords {
  readonly project: Project;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly runId: string;
  readonly clock: () => Date;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

export interface BatchAsked extends RecordsAsked {
  /** Only records of higher numbers: those before were judged by this call. */
  readonly after: number;
  /** Records of one transaction. */
  readonly most: number;
  /** Records of the result that are told one by one. */
  readonly told: number;
}

/** What one transaction came to. */
export interface PromotedBatch {
  readonly records: number;
  readonly last: number;
  readonly counts: RecordCounts;
  /** Null where core did not change. */
  readonly promotionId: number | null;
  readonly rows: DiffCounts | null;
  readonly told: readonly ToldRecord[];
  /** Runs of which too many records failed. */
  readonly heldBack: readonly string[];
  /** How many records had each member that no field reads. */
  readonly unread: ReadonlyMap<string, number>;
}

export interface RecordCounts {
  readonly promoted: number;
  readonly duplicate: number;
  readonly failed: number;
  readonly waiting: number;
}

/**
 * Promotes the next records that wait: judges them as their rows will be, changes core, and marks them, in the caller's
 * transaction, whose first statement it is. Null where none are left.
 */
export async function promoteBatch(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  asked: BatchAsked,
): Promise<PromotedBatch | null> {
  const target = { dataset, period: NO_PERIOD.text, slice: '', reads: [] };
  // On one of the engines a lock is a row, and a dry run must not leave one behind.
  if (!env.dryRun) await lockPromotions(session, env.datasets, [target]);
  const scratch = new SessionTables(session);
  const batch = await chooseBatch(session, scratch, dataset, asked);
  if (batch === null) {
    await scratch.drop();
    return null;
  }
  const folder = new ScratchFolder(env.project, 'records', env.dryRun);
  try {
    const done = await inFolder(session, env, dataset, { asked, batch, scratch, folder: folder.path });
    await scratch.drop();
    return done;
  } finally {
    folder.remove();
  }
}

interface Work {
  readonly asked: BatchAsked;
  readonly batch: Batch;
  readonly scratch: SessionTables;
  readonly folder: string;
}

async function logRecords(
  session: Session,
  env: RecordsEnvironment,
  shape: CoreShape,
  {
    diff,
    promotionId,
    startedAt,
    accepted,
  }: {
    readonly diff: Diff;
    readonly promotionId: number;
    readonly startedAt: Date;
    readonly accepted: readonly unknown[];
  },
): Promise<void> {
  await logPromotion(session, {
    ...{ promotionId, kind: 'records', dataset: shape.dataset.name, period: NO_PERIOD.text, slice: '' },
    ...{ coreTable: shape.table.name, strategy: shape.dataset.core.strategy, loadId: null, fileId: null },
    ...{ sourceFingerprint: shape.fingerprint, rows: diff.counts },
    acceptedGuards: accepted.length === 0 ? null : JSON.stringify(accepted),
    ...{ runId: env.runId, startedAt, promotedAt: env.clock() },
  });
}

async function inFolder(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  work: Work,
): Promise<PromotedBatch> {
  const startedAt = env.clock();
  const { batch, scratch } = work;
  const shape = await coreShape(session, env.project, dataset, NO_PERIOD.text, session.capabilities.dialect);
  const judged = await judge(session, env, dataset, work);
  const heldBack = await heldBackRuns(session, scratch, dataset, { batch, ...judged });
  const good = heldBack.rows === null ? judged.good : await heldBack.without(judged.good);
  const rows = { session, scratch, shape, good };
  const source = await winners(rows);
  const keyed = await withSurrogateKeys(session, scratch, shape, source);
  const diff = await diffRecords(rows, keyed);
  const changes = diff.counts.added + diff.counts.modified > 0;
  const accepted = await passRecordGates({ session, scratch, shape, diff }, env, work.asked);
  // A dry run is rolled back, but a sequence would not be.
  const promotionId = !changes ? null : env.dryRun ? 0 : await nextPromotionId(session);
  if (promotionId !== null) {
    const at = { period: NO_PERIOD.text, promotionId };
    const references = referencesOf(env.datasets);
    const checks = await checksFor(session, scratch, references, { shape, diff, promotionId });
    await writeJournal(session, shape, diff, { ...at, now: env.clock() });
    await applyDiff(session, shape, diff, at);
    await refuseOrphans(session, checks, { act: 'promotion', period: NO_PERIOD.text });
    if (!env.dryRun) await logRecords(session, env, shape, { diff, promotionId, startedAt, accepted });
  }
  const placed = placedRecords(rows, { diff, source: keyed });
  await markPlaced(session, dataset, placed, { promotionId, now: env.clock() });
  if (heldBack.rows !== null) await markHeldBack(session, dataset, heldBack.rows);
  await markFailed(session, dataset, judged.failed);
  const { counts, told } = await toldRecords(session, dataset, {
    ...{ batch, failed: judged.failed, told: work.asked.told },
  });
  return {
    ...{ records: batch.records, last: batch.last, counts, promotionId, told, unread: judged.unread },
    ...{ rows: changes ? diff.counts : null, heldBack: heldBack.runs },
  };
}

interface Judged {
  /** Temporary table of good rows: `staging_id`, `given`, the fields. */
  readonly good: Sql;
  /** Temporary table of bad records: `staging_id`, `errors`, `lacks_parent`. */
  readonly failed: Sql;
  readonly unread: ReadonlyMap<string, number>;
}

async function judge(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  { batch, scratch, folder }: Work,
): Promise<Judged> {
  const written = await writeBatch(
    folder,
    dataset,
    recordPlan(dataset, false),
    textsOf(session, dataset, batch),
  );
  const folds = written.hasAbsent && dataset.core.onDuplicate === 'update';
  const plan = recordPlan(dataset, folds);
  const fields = plan.columns.filter((column) => column !== plan.marks);
  const engine = await Scratch.open(folder, { width: plan.columns.length });
  const stop = () => engine.interrupt();
  env.signal.addEventListener('abort', stop);
  try {
    const typed = await typeRecords(engine, written.extract, plan.columns);
    const required = fields.filter(
      ({ name }) => dataset.fields.find((field) => field.name === name)?.constraints.required,
    );
    const looksInCore = uniqueFields(dataset).length > 0 || hasTree(dataset) || refersToItself(dataset);
    const needsCore = folds || looksInCore || parentKeys(dataset).length > 0;
    const path = joinPath(folder, 'landed.parquet');
    const names = fields.map(({ index, name }) => `v${index} AS ${quoteName(name)}`);
    if (needsCore)
      await engine.run(
        `COPY (SELECT ${names.join(', ')} FROM ${typed.typed.relation}) TO ${literal(path)} (FORMAT parquet)`,
      );
    const landed = needsCore
      ? await land(session, scratch, 'landed', {
          path,
          columns: landedColumns(fields),
          joined: lookedUp(dataset),
        })
      : null;
    const around =
      landed === null ? null : await coreAround(session, env.datasets, dataset, { landed, folder });
    await viewCore(engine, plan, around ?? { held: null, others: null });
    const basis = around?.basis ?? basisWithout(NO_PERIOD);
    const input = {
      ...{ dataset, plan, basis, folds, looksInCore },
      typed: { ...typed, mustStand: folds ? required : [] },
    };
    const judged = await judgeBatch(engine, input);
    const attempts = joinPath(folder, 'attempts.parquet');
    await session.exportParquet(sql`SELECT staging_id, attempt FROM ${batch.table}`, attempts);
    const found = await writeJudgements(engine, input, {
      checked: judged.checked,
      attempts: `read_parquet(${literal(attempts)})`,
      more: written.faults,
    });
    const rows = await writeGoodRows(engine, input, judged);
    const columns = [
      { name: 'staging_id', type: 'BIGINT' },
      { name: 'given', type: 'BOOLEAN' },
      ...landedColumns(fields),
    ];
    return {
      good: await land(session, scratch, 'good', {
        path: rows,
        columns,
        joined: ['staging_id', ...dataset.core.key],
      }),
      failed: await land(session, scratch, 'failed', {
        ...{ path: found, columns: FAILED, joined: ['staging_id'] },
      }),
      unread: written.unread,
    };
  } finally {
    env.signal.removeEventListener('abort', stop);
    engine.close();
  }
}

const FAILED = [
  { name: 'staging_id', type: 'BIGINT' },
  { name: 'errors', type: 'VARCHAR' },
  { name: 'lacks_parent', type: 'BOOLEAN' },
  { name: 'key', type: 'VARCHAR' },
];

/** The fields by which parents, core rows and equal values are looked up. */
function lookedUp(dataset: RecordsDataset): string[] {
  const fields = [...parentKeys(dataset).map((key) => key.fields), ...uniqueFields(dataset)].flat();
  return [...new Set([...dataset.core.key, ...fields])];
}

function refersToItself(dataset: RecordsDataset): boolean {
  return parentKeys(dataset).some((key) => key.dataset === dataset.name);
}

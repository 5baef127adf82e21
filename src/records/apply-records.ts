import { NO_PERIOD } from '../domain/period.ts';
import { logPromotion, nextPromotionId } from '../ledger/promotions.ts';
import { applyDiff } from '../promotion/apply.ts';
import type { CoreShape } from '../promotion/core-shape.ts';
import type { Diff } from '../promotion/diff.ts';
import { checksFor, referencesOf, refuseOrphans } from '../promotion/foreign-keys.ts';
import { writeJournal } from '../promotion/journal.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { withSurrogateKeys } from '../promotion/surrogate-keys.ts';
import type { Sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { diffRecords, winners } from './diff-records.ts';
import { passRecordGates } from './gates.ts';
import type { RecordsEnvironment } from './records-environment.ts';

/** What good records changed in core. */
export interface AppliedRecords {
  readonly diff: Diff;
  /** The rows that they make, with their surrogate keys. */
  readonly source: Sql;
  /** Null where core did not change. */
  readonly promotionId: number | null;
  /** Drops the temporary tables of it. */
  drop(): Promise<void>;
}

/** Brings the rows of good records into core, with their journal and the row of the log. */
export async function applyRecords(
  session: Session,
  env: RecordsEnvironment,
  shape: CoreShape,
  good: Sql,
): Promise<AppliedRecords> {
  const startedAt = env.clock();
  const scratch = new SessionTables(session);
  const { diff, source } = await difference(session, scratch, shape, good);
  const accepted = await passRecordGates({ session, scratch, shape, diff }, env);
  const changes = diff.counts.added + diff.counts.modified > 0;
  // A dry run is rolled back, but a sequence would not be.
  const promotionId = !changes ? null : env.dryRun ? 0 : await nextPromotionId(session);
  if (promotionId !== null) {
    const at = { period: NO_PERIOD.text, promotionId };
    const checks = await checksFor(session, scratch, referencesOf(env.datasets), {
      ...{ shape, diff, promotionId },
    });
    await writeJournal(session, shape, diff, { ...at, now: env.clock() });
    await applyDiff(session, shape, diff, at);
    await refuseOrphans(session, checks, { act: 'promotion', period: NO_PERIOD.text });
    if (!env.dryRun) await logRecords(session, env, shape, { diff, promotionId, startedAt, accepted });
  }
  return { diff, source, promotionId, drop: () => scratch.drop() };
}

/** Only brings rows into core, to see whether the database takes them. */
export async function tryRows(session: Session, shape: CoreShape, good: Sql): Promise<void> {
  const scratch = new SessionTables(session);
  const { diff } = await difference(session, scratch, shape, good);
  await applyDiff(session, shape, diff, { period: NO_PERIOD.text, promotionId: 0 });
  await scratch.drop();
}

async function difference(session: Session, scratch: SessionTables, shape: CoreShape, good: Sql) {
  const rows = { session, scratch, shape, good };
  const source = await withSurrogateKeys(session, scratch, shape, await winners(rows));
  return { diff: await diffRecords(rows, source), source };
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
    readonly accepted: readonly object[];
  },
): Promise<void> {
  const acceptedGuards = accepted.length === 0 ? null : JSON.stringify(accepted);
  await logPromotion(session, {
    ...{ promotionId, kind: 'records', dataset: shape.dataset.name, period: NO_PERIOD.text, slice: '' },
    ...{ coreTable: shape.table.name, strategy: shape.dataset.core.strategy, loadId: null, fileId: null },
    ...{ sourceFingerprint: shape.fingerprint, rows: diff.counts, acceptedGuards },
    ...{ runId: env.runId, startedAt, promotedAt: env.clock() },
  });
}

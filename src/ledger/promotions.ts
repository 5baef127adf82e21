import type { Target } from '../domain/target.ts';
import type { WhoAndWhy } from '../domain/who-and-why.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { LOAD, type Load } from './loads.ts';
import { timestamp } from './timestamp.ts';

/** The newest promotion of a period that was not rolled back, and the load it took. */
export interface Promoted extends Load {
  readonly promotionId: number;
  readonly sourceFingerprint: string | null;
}

/** Every promoted period of a dataset and slice, oldest first, each with its newest promotion that still counts. */
export function promotedPeriods(session: Session, dataset: string, slice: string): Promise<Promoted[]> {
  return session.query(
    sql`SELECT ${LOAD}, p.promotion_id AS "promotionId", p.source_fingerprint AS "sourceFingerprint"
        FROM meta.promotion_log p JOIN meta.load_log l ON l.load_id = p.load_id
        WHERE p.dataset = ${dataset} AND p.slice = ${slice} AND p.promotion_id IN (
          SELECT max(n.promotion_id) FROM meta.promotion_log n
          WHERE n.dataset = ${dataset} AND n.slice = ${slice} AND n.kind = 'transform' AND n.rolled_back_by IS NULL
          GROUP BY n.period)
        ORDER BY p.period`,
  );
}

/** What happened to the rows of a load in core. */
export interface CoreCounts {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly closed: number;
  readonly shadowed: number;
  readonly unchanged: number;
}

/** The counts of a load's newest promotion that still counts; null where it was not promoted. */
export async function coreCounts(session: Session, loadId: number): Promise<CoreCounts | null> {
  const [row] = await session.query<CoreCounts>(
    sql`SELECT rows_added AS added, rows_modified AS modified, rows_removed AS removed, rows_closed AS closed,
          rows_shadowed AS shadowed, rows_unchanged AS unchanged
        FROM meta.promotion_log WHERE load_id = ${loadId} AND kind = 'transform' AND rolled_back_by IS NULL
        ORDER BY promotion_id DESC LIMIT 1`,
  );
  return row ?? null;
}

/** Whether a load was promoted, and its promotion still counts. */
export async function isPromoted(session: Session, loadId: number): Promise<boolean> {
  const rows = await session.query(
    sql`SELECT 1 AS one FROM meta.promotion_log WHERE load_id = ${loadId} AND rolled_back_by IS NULL LIMIT 1`,
  );
  return rows.length > 0;
}

/** Whether anything but promotions of stage rows that still count has changed a core table after a promotion. */
export async function touchedOtherwiseSince(
  session: Session,
  coreTable: string,
  promotionId: number,
): Promise<boolean> {
  const [row] = await session.query<{ n: number }>(
    sql`SELECT count(*) AS n FROM meta.promotion_log WHERE core_table = ${coreTable} AND promotion_id > ${promotionId}
        AND (kind <> 'transform' OR rolled_back_by IS NOT NULL)`,
  );
  return Number(row?.n) > 0;
}

/** The number of the last change of a core table, also of a rollback; null where there was none. */
export async function newestPromotionOf(session: Session, coreTable: string): Promise<number | null> {
  const [row] = await session.query<{ id: number | null }>(
    sql`SELECT max(promotion_id) AS id FROM meta.promotion_log WHERE core_table = ${coreTable}`,
  );
  return row?.id ?? null;
}

/** The newest promotion of records of a dataset that still counts; null where there is none. */
export async function newestOfRecords(
  session: Session,
  dataset: string,
): Promise<{ readonly promotionId: number; readonly promotedAt: string } | null> {
  const [row] = await session.query<{ promotionId: number; promotedAt: string }>(
    sql`SELECT promotion_id AS "promotionId", promoted_at AS "promotedAt" FROM meta.promotion_log
        WHERE dataset = ${dataset} AND kind = 'records' AND rolled_back_by IS NULL
        ORDER BY promotion_id DESC LIMIT 1`,
  );
  return row ?? null;
}

export async function nextPromotionId(session: Session): Promise<number> {
  const [row] = await session.query<{ id: number }>(sql`SELECT nextval('meta.promotion_id_seq') AS id`);
  return (row as { id: number }).id;
}

export interface NewPromotion extends Target {
  readonly promotionId: number;
  /** `records`: rows that scripts handed over; it has no load and no file. */
  readonly kind: 'transform' | 'records';
  readonly coreTable: string;
  readonly strategy: string;
  readonly loadId: number | null;
  readonly fileId: number | null;
  readonly sourceFingerprint: string;
  readonly rows: {
    readonly read: number;
    readonly added: number;
    readonly modified: number;
    readonly removed: number;
    readonly closed: number;
    readonly shadowed: number;
    readonly unchanged: number;
    readonly cells: number;
  };
  /** JSON text, or null where no guard had to be accepted. */
  readonly acceptedGuards: string | null;
  /** Where the promotion is a decision of a person. */
  readonly decided?: WhoAndWhy;
  readonly runId: string;
  readonly startedAt: Date;
  readonly promotedAt: Date;
}

export async function logPromotion(tx: Session, row: NewPromotion): Promise<void> {
  const { rows } = row;
  await tx.execute(
    sql`INSERT INTO meta.promotion_log (promotion_id, kind, dataset, period, slice, core_table, strategy, load_id,
          file_id, source_fingerprint, rows_read, rows_added, rows_modified, rows_removed, rows_closed, rows_shadowed,
          rows_unchanged, cells_changed, accepted_guards, reason, decided_by,
          run_id, started_at, promoted_at)
        VALUES (${row.promotionId}, ${row.kind}, ${row.dataset}, ${row.period}, ${row.slice}, ${row.coreTable},
          ${row.strategy}, ${row.loadId}, ${row.fileId}, ${row.sourceFingerprint}, ${rows.read}, ${rows.added},
          ${rows.modified}, ${rows.removed}, ${rows.closed}, ${rows.shadowed}, ${rows.unchanged}, ${rows.cells},
          ${row.acceptedGuards}, ${row.decided?.reason ?? null}, ${row.decided?.by ?? null}, ${row.runId}, CAST(${timestamp(row.startedAt)} AS TIMESTAMP),
          CAST(${timestamp(row.promotedAt)} AS TIMESTAMP))`,
  );
}

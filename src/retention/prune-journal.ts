import type { Dataset } from '../domain/dataset.ts';
import { timestamp } from '../ledger/deliveries.ts';
import { coreLock, lockInOrder } from '../promotion/locks.ts';
import { ident, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/**
 * Before-images of a core table that are older than asked for, and the promotions that cannot be rolled back without
 * them.
 */
export interface PrunableJournal {
  readonly table: string;
  readonly rows: number;
  readonly promotions: readonly number[];
}

/** Counts the before-images of promotions made before a moment, table by table. */
export async function prunableJournal(
  session: Session,
  datasets: Iterable<Dataset>,
  cut: Date,
): Promise<PrunableJournal[]> {
  const found: PrunableJournal[] = [];
  for (const { core } of datasets) {
    if ((await session.columns({ schema: 'history', name: core.table })) === null) continue;
    const promotions = await session.query<{ id: number }>(
      sql`SELECT promotion_id AS id FROM meta.promotion_log WHERE core_table = ${core.table}
            AND promoted_at < CAST(${timestamp(cut)} AS TIMESTAMP) AND journal_pruned_at IS NULL ORDER BY promotion_id`,
    );
    if (promotions.length === 0) continue;
    const [counted] = await session.query<{ n: number }>(
      sql`SELECT count(*) AS n FROM ${ident('history', core.table)} WHERE _promotion_id IN (
            SELECT promotion_id FROM meta.promotion_log WHERE core_table = ${core.table}
              AND promoted_at < CAST(${timestamp(cut)} AS TIMESTAMP) AND journal_pruned_at IS NULL)`,
    );
    found.push({ table: core.table, rows: Number(counted?.n), promotions: promotions.map(({ id }) => id) });
  }
  return found;
}

/** The locks of the tables whose before-images are deleted. */
export function lockJournal(tx: Session, datasets: readonly Dataset[]): Promise<void> {
  return lockInOrder(tx, { exclusive: datasets.map(({ core }) => coreLock(core.table)), shared: [] });
}

/**
 * Deletes them, and marks their promotions as impossible to roll back; in the caller's transaction, under the tables'
 * locks.
 */
export async function pruneJournal(
  tx: Session,
  datasets: readonly Dataset[],
  cut: Date,
  now: Date,
): Promise<PrunableJournal[]> {
  const found = await prunableJournal(tx, datasets, cut);
  for (const { table } of found) {
    await tx.execute(
      sql`DELETE FROM ${ident('history', table)} WHERE _promotion_id IN (
            SELECT promotion_id FROM meta.promotion_log WHERE core_table = ${table}
              AND promoted_at < CAST(${timestamp(cut)} AS TIMESTAMP) AND journal_pruned_at IS NULL)`,
    );
    await tx.execute(
      sql`UPDATE meta.promotion_log SET journal_pruned_at = CAST(${timestamp(now)} AS TIMESTAMP)
          WHERE core_table = ${table} AND promoted_at < CAST(${timestamp(cut)} AS TIMESTAMP) AND journal_pruned_at IS NULL`,
    );
  }
  return found;
}

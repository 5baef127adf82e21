import type { Dataset } from '../domain/dataset.ts';
import { noteJournalPruned, unprunedPromotions } from '../ledger/pruned-journal.ts';
import { coreLock, lockInOrder } from '../promotion/locks.ts';
import { ident, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
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
    const old = unprunedPromotions(core.table, cut);
    const promotions = await session.query<{ promotion_id: number }>(old);
    if (promotions.length === 0) continue;
    found.push({
      table: core.table,
      rows: await countRows(session, sql`${ident('history', core.table)} WHERE _promotion_id IN (${old})`),
      promotions: promotions.map((each) => each.promotion_id),
    });
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
      sql`DELETE FROM ${ident('history', table)} WHERE _promotion_id IN (${unprunedPromotions(table, cut)})`,
    );
    await noteJournalPruned(tx, table, cut, now);
  }
  return found;
}

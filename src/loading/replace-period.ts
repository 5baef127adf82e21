import { counted, grouped } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { Target } from '../domain/target.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ident, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { stageRowOf } from '../warehouse/slice-rows.ts';
import type { AppendColumn, Session } from '../warehouse/warehouse.ts';
import type { VerifiedParquet } from './verify-parquet.ts';

export function countOf(session: Session, dataset: Dataset, target: Target): Promise<number> {
  return countRows(session, sql`${ident('stage', dataset.name)} WHERE ${stageRowOf(dataset, target)}`);
}

/** Deletes only the target's rows; returns their number. */
export function emptyTarget(tx: Session, dataset: Dataset, target: Target): Promise<number> {
  return tx.execute(sql`DELETE FROM ${ident('stage', dataset.name)} WHERE ${stageRowOf(dataset, target)}`);
}

/**
 * Deletes the target's rows, appends the file's and counts them, in the caller's transaction and under its lock. Throws
 * where the rows are not all there afterwards (for example because a slice column holds another slice).
 */
export async function replaceTarget(
  tx: Session,
  dataset: Dataset,
  target: Target,
  parquet: VerifiedParquet,
  ids: { readonly fileId: number; readonly loadId: number },
): Promise<{ readonly deleted: number; readonly inserted: number }> {
  const table = { schema: 'stage', name: dataset.name } as const;
  const deleted = await emptyTarget(tx, dataset, target);
  const columns: AppendColumn[] = [
    ...parquet.columns.map((name) => ({ name, from: 'parquet' as const })),
    { name: '_data_period', from: 'constant', value: target.period },
    { name: '_file_id', from: 'constant', value: ids.fileId },
    { name: '_load_id', from: 'constant', value: ids.loadId },
  ];
  const appended = await tx.appendParquet(table, parquet.path, columns);
  const there = await countOf(tx, dataset, target);
  if (appended !== parquet.rows || there !== parquet.rows) {
    throw new TidemarkError('parquet-mismatch', {
      message: `The file has ${counted(parquet.rows, 'row')}, but stage.${dataset.name} has ${grouped(there)} after the load. The load was rolled back.`,
      where: { dataset: target.dataset, period: target.period },
    });
  }
  return { deleted, inserted: appended };
}

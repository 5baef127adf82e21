import type { Dataset } from '../../../src/domain/dataset.ts';
import { ident, raw, sql } from '../../../src/sql/sql.ts';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';

const LOGS = [
  ...['ingestion_log', 'validation_log', 'current_delivery', 'load_log', 'promotion_log', 'publish_log'],
  ...['period_log', 'approval_log', 'decision_log', 'correction_log', 'answer_log'],
];

/** Empties the logs and every table of the datasets; numbers count on. */
export function emptyTables(warehouse: Warehouse, datasets: Iterable<Dataset>): Promise<void> {
  return warehouse.transaction(async (tx) => {
    for (const table of LOGS) await tx.execute(sql`DELETE FROM ${ident('meta', table)}`);
    await tx.execute(raw('DELETE FROM stage._corrections'));
    for (const { name, core } of datasets) {
      await tx.execute(sql`DELETE FROM ${ident('stage', name)}`);
      await tx.execute(sql`DELETE FROM ${ident('core', core.table)}`);
      await tx.execute(sql`DELETE FROM ${ident('history', core.table)}`);
      if (core.identity !== null)
        await tx.execute(sql`DELETE FROM ${ident('core', `${core.table}_identity`)}`);
    }
  });
}

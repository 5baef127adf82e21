import type { Project } from '../../lake/project.ts';
import { sameContent } from '../../ledger/content.ts';
import { standingLoad } from '../../ledger/loads.ts';
import { promotedPeriods } from '../../ledger/promotions.ts';
import { ident, join, sql } from '../../sql/sql.ts';
import { countRows } from '../../warehouse/count-rows.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { coreShape, sourceRows } from '../core-shape.ts';
import type { JournalledRows } from './journalled-rows.ts';

/**
 * Rows that a later promotion found in core as it delivered them; when the promotion that wrote them is rolled back,
 * core lacks them.
 */
export interface Redelivery {
  readonly period: string;
  readonly rows: number;
}

/**
 * Later promotions of the same dataset and slice that delivered rows which are now rolled back, without changing them:
 * promoting these periods again restores the rows. Known only while the promoted rows are still in stage.
 */
export async function redeliveredRows(
  session: Session,
  project: Project,
  rows: JournalledRows,
): Promise<Redelivery[]> {
  const { dataset, record } = rows;
  const found: Redelivery[] = [];
  for (const promoted of await promotedPeriods(session, dataset.name, record.slice)) {
    if (promoted.promotionId <= record.promotionId) continue;
    if (dataset.core.strategy === 'replace_period' && promoted.period !== record.period) continue;
    const load = await standingLoad(session, promoted);
    if (load === null || !sameContent(load, promoted)) continue;
    const { dialect } = session.capabilities;
    const shape = await coreShape(session, project, dataset, load.period, dialect);
    const same = dataset.core.key.map(
      (name) => sql`${ident('t', `k${rows.identity.indexOf(name)}`)} = ${ident('q', name)}`,
    );
    const again = await countRows(
      session,
      sql`(${sourceRows(shape, load)}) AS q
          WHERE EXISTS (SELECT 1 FROM ${rows.table} AS t WHERE ${join(same, ' AND ')})`,
    );
    if (again > 0) found.push({ period: promoted.period, rows: again });
  }
  return found;
}

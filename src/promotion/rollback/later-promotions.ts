import type { CoreRules } from '../../domain/dataset.ts';
import { type PromotionRecord, promotionById, promotionsAfter } from '../../ledger/promotion-records.ts';
import { ident, join, raw, type Sql, sql } from '../../warehouse/sql.ts';
import type { Session } from '../../warehouse/warehouse.ts';

/** A later promotion that touched rows of the one to be taken back: changed, closed, flipped or shadowed them. */
export interface LaterPromotion {
  readonly record: PromotionRecord;
  /** Keys that both touched. */
  readonly rows: number;
}

/**
 * What has to go before a promotion can be taken back, oldest first. A rollback of something later than the promotion
 * is none of these: it put back what stood after the promotion.
 */
export async function laterOnSameRows(
  session: Session,
  core: CoreRules,
  target: PromotionRecord,
): Promise<LaterPromotion[]> {
  const later: PromotionRecord[] = [];
  for (const record of await promotionsAfter(session, target.coreTable, target.promotionId)) {
    const root = await rootOf(session, record);
    if (root.promotionId === record.promotionId || root.promotionId < target.promotionId) later.push(record);
  }
  if (later.length === 0) return [];
  const journal = ident('history', target.coreTable);
  const key = (alias: string) => rowKey(core, alias);
  const touched = await session.query<{ id: number; rows: number }>(
    sql`SELECT h._promotion_id AS id, count(DISTINCT ${key('h')}) AS "rows" FROM ${journal} AS h
        WHERE h._promotion_id > ${target.promotionId}
          AND h._promotion_id IN (${join(later.map(({ promotionId }) => sql`${promotionId}`))})
          AND ${key('h')} IN (SELECT ${key('t')} FROM ${journal} AS t
            WHERE t._promotion_id = ${target.promotionId} AND t._operation <> 'shadowed')
        GROUP BY h._promotion_id`,
  );
  const rows = new Map(touched.map((each) => [Number(each.id), Number(each.rows)]));
  return later.flatMap((record) => {
    const shared = rows.get(record.promotionId);
    return shared === undefined ? [] : [{ record, rows: shared }];
  });
}

/** Of a rollback, the promotion that it, or what it took back, took back at last; any other is its own root. */
export async function rootOf(session: Session, record: PromotionRecord): Promise<PromotionRecord> {
  let root = record;
  while (root.takesBack !== null) {
    const next = await promotionById(session, root.takesBack);
    if (next === null) break;
    root = next;
  }
  return root;
}

/** Intervals of one key hang together: what changes one of them may meet another that came later. */
function rowKey(core: CoreRules, alias: string): Sql {
  const whole = ident(alias, '_key');
  if (core.strategy !== 'history') return whole;
  const parts = core.key.map((_, i) => sql`(CAST(${whole} AS JSON) ->> ${raw(String(i))})`);
  return sql`CAST(to_json(ARRAY[${join(parts)}]) AS VARCHAR)`;
}

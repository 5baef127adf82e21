import type { CoreRules } from '../../domain/dataset.ts';
import { type PromotionRecord, promotionById, promotionsAfter } from '../../ledger/promotion-records.ts';
import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../../warehouse/warehouse.ts';

/** A later promotion that touched rows of the one to be rolled back: changed, closed, flipped or shadowed them. */
export interface LaterPromotion {
  readonly record: PromotionRecord;
  /** Keys that both touched. */
  readonly rows: number;
}

/** What has to be rolled back before a promotion can be, oldest first. */
export async function laterOnSameRows(
  session: Session,
  core: CoreRules,
  target: PromotionRecord,
): Promise<LaterPromotion[]> {
  const later = await laterChanges(session, target);
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

/**
 * What is different since a promotion: later promotions that count, and for an earlier promotion (or this one) its last
 * rollback, if its state changed since. Each rollback turns the state over, so an even number of them leaves everything
 * as it was.
 */
async function laterChanges(session: Session, target: PromotionRecord): Promise<PromotionRecord[]> {
  const later: PromotionRecord[] = [];
  const ways = new Map<number, PromotionRecord[]>();
  for (const record of await promotionsAfter(session, target.coreTable, target.promotionId)) {
    const root = await rootOf(session, record);
    if (root.promotionId > target.promotionId) {
      if (root === record && record.rolledBackBy === null) later.push(record);
    } else ways.set(root.promotionId, [...(ways.get(root.promotionId) ?? []), record]);
  }
  for (const records of ways.values()) {
    const last = records.at(-1);
    if (records.length % 2 === 1 && last !== undefined) later.push(last);
  }
  return later.sort((a, b) => a.promotionId - b.promotionId);
}

/** For a rollback, the promotion at the end of its chain of rollbacks; any other promotion is its own root. */
export async function rootOf(session: Session, record: PromotionRecord): Promise<PromotionRecord> {
  return (await chainOf(session, record)).root;
}

/** The root, and the number of rollbacks before it; each of them turned its state over. */
export async function chainOf(
  session: Session,
  record: PromotionRecord,
): Promise<{ readonly root: PromotionRecord; readonly depth: number }> {
  let root = record;
  let depth = 0;
  for (; root.takesBack !== null; depth++) {
    const next = await promotionById(session, root.takesBack);
    if (next === null) break;
    root = next;
  }
  return { root, depth };
}

/** Intervals of one key depend on each other: a change of one may meet another that came later. */
function rowKey(core: CoreRules, alias: string): Sql {
  const whole = ident(alias, '_key');
  if (core.strategy !== 'history') return whole;
  const parts = core.key.map((_, i) => sql`(CAST(${whole} AS JSON) ->> ${raw(String(i))})`);
  return sql`CAST(to_json(ARRAY[${join(parts)}]) AS VARCHAR)`;
}

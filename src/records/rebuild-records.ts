import { counted } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { timestamp } from '../ledger/timestamp.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Chosen, recordsName } from './batch.ts';
import { placedRecords } from './diff-records.ts';
import { targetOf } from './gates.ts';
import { markFailed } from './marks.ts';
import { linkedPlace } from './place.ts';
import { changeCore, type Gate, type RecordCounts } from './promote-batch.ts';
import type { RecordsEnvironment } from './records-environment.ts';
import { marksBefore } from './taken-back.ts';
import { toldRecords } from './told-records.ts';
import { type Weighed, weighBatch } from './weigh-batch.ts';

/** What core became, made again from its records. */
export interface Rebuilt {
  readonly records: number;
  readonly counts: RecordCounts;
  readonly rows: Weighed['diff']['counts'];
  /** Null where core did not change. */
  readonly promotionId: number | null;
}

/**
 * Makes core again from all records that made its rows or were linked to them, in the order of their numbers and by the
 * rules of today, as one promotion in the caller's transaction. Null where there are no such records. Refuses where texts
 * of them are pruned.
 */
export function rebuildRecords(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  gate: Gate,
): Promise<Rebuilt | null> {
  const asked = { run: null, stagingIds: [] };
  const chosen: Chosen = { which: 'made', asked, approval: null, after: 0, most: null };
  const apply = async (weighed: Weighed) => {
    await refusePruned(session, dataset);
    return changeCore(env, weighed, await gate(weighed));
  };
  const finish = async (weighed: Weighed, promotionId: number | null): Promise<Rebuilt> => {
    await markAgain(session, weighed, { promotionId, now: env.clock() });
    const { batch, failed, diff } = weighed;
    const { counts } = await toldRecords(session, dataset, { batch, failed, told: 0 });
    return { records: batch.records, counts, rows: diff.counts, promotionId };
  };
  return weighBatch(session, env, dataset, chosen, { apply, finish });
}

async function refusePruned(session: Session, dataset: RecordsDataset): Promise<void> {
  const pruned = await countRows(
    session,
    sql`${recordsName(dataset)} AS r WHERE ${raw('(r.promoted OR r.duplicate) AND r.pruned_at IS NOT NULL')}`,
  );
  if (pruned === 0) return;
  throw new TidemarkError('records-pruned', {
    message: `The text of ${counted(pruned, 'record')} of ${dataset.name} is pruned. Core was not made again.`,
    hint: words`Core stays as it is. To change rows of it, hand records over again: ${command('records submit', { dataset: dataset.name })}`,
    where: { dataset: dataset.name, period: targetOf(dataset).period },
  });
}

/**
 * A record keeps its mark where the row that it made, or was linked to, comes out as it was. Where the row is another one
 * now, the record that made it is promoted by this promotion, and the others are linked to it.
 */
async function markAgain(
  session: Session,
  { dataset, shape, good, diff, failed }: Weighed,
  at: { readonly promotionId: number | null; readonly now: Date },
): Promise<void> {
  const table = recordsName(dataset);
  const same = sql`${linkedPlace(dataset)} = ${linkedPlace(dataset, raw('p.place'))}`;
  const kept: Sql = sql`(NOT p.changed AND ${same})`;
  const before = at.promotionId === null ? raw('r.taken_back') : marksBefore(at.promotionId);
  const now = sql`CAST(${timestamp(at.now)} AS TIMESTAMP)`;
  await session.execute(
    sql`UPDATE ${table} AS r SET validated = true, waits = false, failed = false, attempt = r.attempt + 1,
          promoted = p.promoted OR (${kept} AND r.promoted),
          duplicate = NOT (p.promoted OR (${kept} AND r.promoted)),
          promoted_to = CAST(p.place AS JSON),
          promoted_at = CASE WHEN ${kept} THEN r.promoted_at ELSE ${now} END,
          promotion_id = CASE WHEN p.promoted THEN CAST(${at.promotionId} AS BIGINT) WHEN ${kept} THEN r.promotion_id END,
          taken_back = CASE WHEN ${kept} THEN r.taken_back ELSE ${before} END
        FROM (${placedRecords({ shape, good }, diff)}) AS p WHERE p.staging_id = r.staging_id`,
  );
  await session.execute(
    sql`UPDATE ${table} AS r SET promoted = false, duplicate = false, promoted_to = NULL, promoted_at = NULL,
          promotion_id = NULL, taken_back = ${before}
        FROM ${failed} AS f WHERE f.staging_id = r.staging_id`,
  );
  await markFailed(session, dataset, failed);
}

import type { RecordsDataset } from '../domain/dataset.ts';
import { openRecordApprovals, type RecordApproval } from '../ledger/record-approvals.ts';
import { coreTouchedSince, rulesFingerprint } from '../promotion/approvals.ts';
import { changeFingerprint } from '../promotion/change/change-fingerprint.ts';
import { plannedDelta } from '../promotion/change/staged-change.ts';
import type { CoreShape } from '../promotion/core-shape.ts';
import { sql } from '../sql/sql.ts';
import { contractFingerprint } from '../validation/contract-fingerprint.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { isAsked, type RecordsAsked, recordsName, WAITS } from './batch.ts';
import { targetOf } from './gates.ts';
import type { Weighed } from './weigh-batch.ts';

/** The rules by which records are judged and promoted, as one hash. */
export function recordRules(shape: CoreShape): string {
  return rulesFingerprint(shape, { contract: contractFingerprint });
}

/** The approvals, void or not, that name records which were asked for and still wait; oldest first. */
export function openApprovals(
  session: Session,
  dataset: RecordsDataset,
  asked: RecordsAsked,
): Promise<RecordApproval[]> {
  const waiting = sql`SELECT r.staging_id FROM ${recordsName(dataset)} AS r WHERE ${WAITS} AND ${isAsked(asked)}`;
  return openRecordApprovals(session, dataset.name, waiting);
}

/** What tells a batch from every other one, apart from the change that it makes. */
export async function batchIdentity({ session, batch, shape, failed }: Weighed): Promise<object> {
  const [row] = await session.query<{ digest: string }>(
    sql`SELECT md5(string_agg(CAST(staging_id AS VARCHAR), ',' ORDER BY staging_id)) AS digest FROM ${batch.table}`,
  );
  return {
    kind: 'records',
    dataset: shape.dataset.name,
    records: row?.digest ?? null,
    failed: await countRows(session, failed),
    rules: shape.fingerprint,
  };
}

/** The fingerprint of what a batch is about to change, the same that a comparison of it shows. */
export async function batchFingerprint(weighed: Weighed): Promise<string> {
  const delta = await plannedDelta(weighed, targetOf(weighed.dataset).period, () => new Map());
  return changeFingerprint(delta, await batchIdentity(weighed));
}

/** Why an approval is void for the batch of the records that it names and that wait; null: it is valid. */
export async function whyVoid(weighed: Weighed, approval: RecordApproval): Promise<string | null> {
  if (weighed.batch.records !== approval.records) return 'records that it names do not wait any more';
  if (approval.rulesFingerprint !== recordRules(weighed.shape))
    return 'the rules of the dataset have changed since';
  if (await coreTouchedSince(weighed, targetOf(weighed.dataset), approval.afterPromotion))
    return 'core has changed since';
  return approval.diffFingerprint === (await batchFingerprint(weighed)) ? null : 'core has changed since';
}

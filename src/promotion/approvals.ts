import { createHash } from 'node:crypto';
import type { Dataset } from '../domain/dataset.ts';
import type { Target } from '../domain/target.ts';
import {
  type Approval,
  newestApproval,
  promotionsTouching,
  stageChangedSince,
  waitingSince,
} from '../ledger/approvals.ts';
import { ident, join, raw, sql } from '../sql/sql.ts';
import { type PlannedChange, type StagedDiff, stagedFingerprint } from './change/staged-change.ts';
import type { CoreShape } from './core-shape.ts';

/** What promotion needs from other rooms to compare an approval with a diff. */
export interface Review {
  /** Hash of the rules by which a dataset's deliveries are checked. */
  readonly contract: (dataset: Dataset) => string;
  /** Called with every approval that is found void; to be logged outside the transaction, which then fails. */
  readonly onVoid: (approval: Approval, reason: string) => void;
}

export type ApprovalState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'void';
      readonly approval: Approval;
      readonly reason: string;
      /** It was not known to be void before. */
      readonly foundNow: boolean;
    }
  | { readonly kind: 'valid'; readonly approval: Approval };

/** The sentence for an approval that is void. */
export function voidSentence(approval: Pick<Approval, 'decidedBy' | 'decidedAt'>, reason: string): string {
  return `The approval by ${approval.decidedBy} of ${approval.decidedAt.slice(0, 10)} is void: ${reason}`;
}

/** The rules by which rows are checked and carried into core, as one hash. */
export function rulesFingerprint(shape: CoreShape, review: Pick<Review, 'contract'>): string {
  const rules = JSON.stringify([shape.fingerprint, review.contract(shape.dataset)]);
  return createHash('sha256').update(rules).digest('hex');
}

/**
 * Whether the newest approval of the load's target is still valid: for these rows, under these rules, and for exactly
 * this change of core. To be called under the locks of the promotion, in its transaction.
 */
export async function approvalState(staged: StagedDiff, review: Review): Promise<ApprovalState> {
  const approval = await newestApproval(staged.session, staged.load);
  if (approval === null) return { kind: 'none' };
  if (approval.voidReason !== null)
    return { kind: 'void', approval, reason: approval.voidReason, foundNow: false };
  const reason = await whyVoid(staged, review, approval);
  if (reason === null) return { kind: 'valid', approval };
  review.onVoid(approval, reason);
  return { kind: 'void', approval, reason, foundNow: true };
}

async function whyVoid(staged: StagedDiff, review: Review, approval: Approval): Promise<string | null> {
  const { session, load, shape } = staged;
  const changed = await stageChangedSince(session, load, approval.loadId);
  if (changed === 'rows') return 'other rows were loaded since';
  if (changed === 'corrections') return 'corrections were made or undone since';
  const waiting = await waitingSince(session, approval);
  if (waiting === 'delivery') return 'another delivery has come since, and waits to be loaded';
  if (waiting === 'corrections') return 'corrections were made or undone since, and wait to be loaded';
  if (approval.rulesFingerprint !== rulesFingerprint(shape, review))
    return 'the rules of the dataset have changed since';
  if (await coreTouchedSince(staged, load, approval.afterPromotion)) return 'core has changed since';
  return approval.diffFingerprint === (await stagedFingerprint(staged)) ? null : 'core has changed since';
}

/**
 * Whether any later promotion changed a row of the diff, even one that was rolled back: then the approved change was
 * not valid all the time. Costs as much as was promoted since.
 */
export async function coreTouchedSince(
  { session, shape, diff }: PlannedChange,
  target: Target,
  promotionId: number,
): Promise<boolean> {
  const since = await promotionsTouching(session, shape.table.name, target, promotionId);
  if (since.length === 0) return false;
  const key = shape.key.map((name, i) => ({ name, at: i + (byPeriod(shape) ? 1 : 0) }));
  const part = (at: number) => sql`(CAST(h._key AS JSON) ->> ${raw(String(at))})`;
  const same = (alias: string) =>
    join(
      key.map(({ name, at }) => sql`CAST(${ident(alias, name)} AS VARCHAR) = h.${ident(`k${at}`)}`),
      ' AND ',
    );
  const parts = join(key.map(({ at }) => sql`${part(at)} AS ${ident(`k${at}`)}`));
  const ofPeriod = byPeriod(shape) ? sql` AND ${part(0)} = ${target.period}` : raw('');
  const touched = sql`SELECT DISTINCT ${parts} FROM ${ident('history', shape.table.name)} AS h
    WHERE h._promotion_id IN (${join(since.map((id) => sql`${id}`))}) AND h._operation <> 'shadowed'${ofPeriod}`;
  for (const rows of [diff.source, diff.keys]) {
    const found = await session.query(
      sql`SELECT 1 AS "found" FROM (${touched}) AS h JOIN ${rows} AS n ON ${same('n')} LIMIT 1`,
    );
    if (found.length > 0) return true;
  }
  return false;
}

function byPeriod(shape: CoreShape): boolean {
  return shape.dataset.core.strategy === 'replace_period';
}

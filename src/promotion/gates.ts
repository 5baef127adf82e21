import type { Project } from '../lake/project.ts';
import type { Approval } from '../ledger/approvals.ts';
import { type Hold, heldSince } from '../ledger/holds.ts';
import { type ApprovalState, approvalState, type Review, voidSentence } from './approvals.ts';
import type { StagedDiff } from './change/staged-change.ts';
import { refuseClosedFrom, refuseClosedPeriod } from './closed-periods.ts';
import { columnChanges } from './column-changes.ts';
import type { Diff } from './diff.ts';
import { type AcceptedGuard, passGuards, type TrippedGuard, trippedGuards } from './guards.ts';

export interface GateEnvironment {
  readonly project: Project;
  readonly accepted: readonly AcceptedGuard[];
  readonly review: Review;
}

export interface Passed {
  /** Guards that failed, with who accepted them and why. */
  readonly accepted: readonly (AcceptedGuard & TrippedGuard)[];
  /** The approval that this promotion uses up. */
  readonly approval: Approval | null;
}

/**
 * Checks everything that may stop a promotion: a closed period, rows that are held after a rollback, a missing
 * approval, guards. Everything that a person can allow is reported at once. Called after its locks, in its transaction.
 */
export async function passGates(staged: StagedDiff, env: GateEnvironment): Promise<Passed> {
  const { session, shape, load, diff } = staged;
  await refuseClosedPeriod(session, load.dataset, load.period);
  if (isSeen(diff)) await refuseClosedFrom(session, shape.dataset, load.period, diff.nextPeriod);
  const hold = await heldSince(session, env.project.root, load);
  const required = shape.dataset.core.review === 'required';
  // Without a reason to check it, an approval costs nothing.
  const standing: ApprovalState =
    required || hold !== null ? await approvalState(staged, env.review) : { kind: 'none' };
  // Even if there is nothing left to see, the person who approved a change must learn that it is a different one now.
  const waits = required && (isSeen(diff) || (standing.kind === 'void' && standing.foundNow));
  const approval = standing.kind === 'valid' ? standing.approval : null;
  const released = hold === null || (approval !== null && approval.afterPromotion >= hold.by);
  const tripped = [
    ...(released ? [] : [rolledBackGuard(hold)]),
    ...trippedGuards(shape.dataset, diff.counts, await columnChanges(staged)),
  ];
  const unapproved = waits && approval === null ? whyUnapproved(standing) : null;
  return { accepted: passGuards(tripped, env.accepted, load, { unapproved }), approval };
}

/** Whether there is anything to look at: `diff` does not show from which of two periods a row comes. */
function isSeen({ counts }: Diff): boolean {
  return counts.added + counts.modified + counts.removed + counts.closed > 0;
}

/** What to say about a promotion that waits for an approval. */
function whyUnapproved(standing: ApprovalState): string {
  return standing.kind === 'void'
    ? voidSentence(standing.approval, standing.reason)
    : 'It waits for an approval';
}

function rolledBackGuard(hold: Hold): TrippedGuard {
  const who = hold.decidedBy === null ? '' : `, by ${hold.decidedBy}`;
  const why = hold.reason === null ? '' : `: ${hold.reason}`;
  return {
    name: 'rolled_back',
    figures:
      `these very rows were promoted (${hold.promotionId}) and rolled back on ${hold.at.slice(0, 10)} ` +
      `(${hold.by}${who}${why})`,
  };
}

import type { Target } from '../domain/target.ts';
import type { Project } from '../lake/project.ts';
import { newestApproval } from '../ledger/approvals.ts';
import { heldSince } from '../ledger/holds.ts';
import { standingLoad } from '../ledger/loads.ts';
import type { Session } from '../warehouse/warehouse.ts';

/**
 * Whether the rows of a target in stage were promoted and rolled back, and nobody has approved them since. A later
 * promotion may still find that approval void; then the run says why.
 */
export async function isHeld(session: Session, project: Project, target: Target): Promise<boolean> {
  const load = await standingLoad(session, target);
  const hold = load && (await heldSince(session, project.root, load));
  if (hold === null) return false;
  const approval = await newestApproval(session, target);
  return approval === null || approval.voidReason !== null || approval.afterPromotion < hold.by;
}

import { NO_PERIOD } from '../domain/period.ts';
import { applyDiff } from '../promotion/apply.ts';
import type { CoreShape } from '../promotion/core-shape.ts';
import type { Diff } from '../promotion/diff.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { withSurrogateKeys } from '../promotion/surrogate-keys.ts';
import type { Sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { diffRecords, winners } from './diff-records.ts';

/** What good records change in core; `again`: they make all rows of it. */
export async function recordDifference(
  session: Session,
  scratch: SessionTables,
  shape: CoreShape,
  of: { readonly good: Sql; readonly again: boolean },
): Promise<Diff> {
  const rows = { session, scratch, shape, ...of };
  const source = await withSurrogateKeys(session, scratch, shape, await winners(rows));
  return diffRecords(rows, source);
}

/** Only brings rows into core, to see whether the database takes them. */
export async function tryRows(session: Session, shape: CoreShape, good: Sql): Promise<void> {
  const scratch = new SessionTables(session);
  const diff = await recordDifference(session, scratch, shape, { good, again: false });
  await applyDiff(session, shape, diff, { period: NO_PERIOD.text, promotionId: 0 });
  await scratch.drop();
}

import { ident, join, sql } from '../../sql/sql.ts';
import type { Reference, ReferenceCheck } from '../foreign-keys.ts';
import type { SessionTables } from '../session-tables.ts';
import { coreOf, type JournalledRows, sameCoreRow } from './journalled-rows.ts';

/**
 * The references that the rollback of a promotion could break: the rows that come back may refer to nothing, and other
 * tables' rows to rows that are removed. Called before the change, while the rows to be removed can still be read.
 */
export async function restoredChecks(
  scratch: SessionTables,
  references: readonly Reference[],
  rows: JournalledRows,
): Promise<ReferenceCheck[]> {
  const own = rows.dataset.name;
  const checks: ReferenceCheck[] = [];
  for (const reference of references) {
    if (reference.child.name === own) {
      const restored = sql`EXISTS (SELECT 1 FROM ${rows.table} AS t WHERE t._existed AND ${sameCoreRow(rows, 'c', 't')})`;
      checks.push({ reference, among: { restored } });
    }
    if (reference.parent.name !== own) continue;
    const known = new Set(rows.columns.map((column) => column.name));
    if (!reference.parentFields.every((name) => known.has(name))) continue;
    const fields = join(reference.parentFields.map((name) => ident('c', name)));
    const gone = await scratch.create(
      'gone',
      sql`SELECT DISTINCT ${fields} FROM ${coreOf(rows)} AS c JOIN ${rows.table} AS t ON ${sameCoreRow(rows, 'c', 't')}`,
    );
    checks.push({ reference, among: { gone } });
  }
  return checks;
}

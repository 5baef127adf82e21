import type { Dataset } from '../domain/dataset.ts';
import type { Target } from '../ledger/deliveries.ts';
import { sql } from '../sql/sql.ts';
import { fieldType } from '../types/registry.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { LoadOfRow } from './load-of-row.ts';
import type { RowTexts, TracedCorrection } from './traced.ts';

interface Stored extends Omit<TracedCorrection, 'applied'> {
  readonly key: string;
}

/** The corrections of one delivered row, also undone ones, in clear; `row` is the cleaned row. */
export async function correctionsOfRow(
  session: Session,
  dataset: Dataset,
  target: Target,
  row: RowTexts,
  load: LoadOfRow,
): Promise<TracedCorrection[]> {
  const stored = await session.query<Stored>(
    sql`SELECT c.correction_id, o.row_key AS key, c.field, o.expected AS "from", o.new_value AS "to", c.decided_by AS "by",
          c.reason AS why, c.decided_at AS "at",
          (SELECT min(u.correction_id) FROM meta.correction_log u WHERE u.undoes = c.correction_id) AS undone_by
        FROM meta.correction_log c JOIN stage._corrections o ON o.correction_id = c.correction_id
        WHERE c.kind = 'correct' AND c.dataset = ${target.dataset} AND c.period = ${target.period}
          AND c.slice = ${target.slice} ORDER BY c.correction_id`,
  );
  const voids = new Set(JSON.parse(load.voidCorrections ?? '[]') as number[]);
  const own = stored.filter(({ key }) => isOf(dataset, JSON.parse(key) as Record<string, string>, row));
  const seen = (id: number) => Number(id) <= Number(load.afterCorrection);
  return own.map(({ key: _, ...one }) => {
    const stood = seen(one.correction_id) && (one.undone_by === null || !seen(one.undone_by));
    return { ...one, applied: stood && !voids.has(one.correction_id) };
  });
}

/** Keys are kept as written: `007` and `7` are the same key where the field is a number. */
function isOf(dataset: Dataset, key: Readonly<Record<string, string>>, row: RowTexts): boolean {
  return Object.entries(key).every(([name, text]) => {
    const held = row.get(name) ?? null;
    const field = dataset.fields.find((one) => one.name === name);
    if (held === text.trim()) return true;
    return field !== undefined && held !== null && fieldType(field).compare.sameValue(held, text);
  });
}

import type { Dataset } from '../domain/dataset.ts';
import type { Target } from '../domain/target.ts';
import { clearCorrections } from '../ledger/corrections.ts';
import type { LoadOfRow } from '../ledger/load-of-row.ts';
import { fieldType } from '../types/registry.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { RowTexts, TracedCorrection } from './traced.ts';

/** The corrections of one delivered row, also undone ones, in clear; `row` is the cleaned row. */
export async function correctionsOfRow(
  session: Session,
  dataset: Dataset,
  target: Target,
  row: RowTexts,
  load: LoadOfRow,
): Promise<TracedCorrection[]> {
  const stored = await clearCorrections(session, target);
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

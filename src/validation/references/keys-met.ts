import type { ReferenceKeys } from '../../checks/basis.ts';
import { keysMatch } from '../../checks/keys-match.ts';
import type { Dataset } from '../../domain/dataset.ts';
import type { CheckedRows } from '../checked-rows.ts';
import type { Scratch } from '../scratch.ts';

/**
 * The part of each list to which the delivery's rows refer, as JSON text: dataset, period, the number of keys, and a
 * hash of them in any order. Only this part of a list decides which rows pass, so a list that changed elsewhere gives
 * the same text. Null where only the delivery itself was read.
 */
export async function keysMet(
  scratch: Scratch,
  dataset: Dataset,
  { plan, relations }: CheckedRows,
  references: readonly ReferenceKeys[],
): Promise<string | null> {
  const out: object[] = [];
  for (const [i, key] of dataset.foreignKeys.entries()) {
    const reference = references[i];
    if (reference === undefined || reference.from === 'own') continue;
    const { listed, keys, same } = keysMatch({ plan, rows: relations }, key, reference);
    // md5 instead of the engine's own hash, which may change with its version.
    const { n, h } = await scratch.row<{ n: string; h: string }>(
      `SELECT count(*)::VARCHAR AS n, coalesce(sum(md5_number_lower(CAST(row(${keys.join(', ')}) AS VARCHAR))::HUGEINT), 0)::VARCHAR AS h
       FROM ${listed} AS k SEMI JOIN ${relations.judged} AS j ON ${same}`,
    );
    out.push({ dataset: reference.dataset, period: reference.period, keys: Number(n), hash: h });
  }
  return out.length === 0 ? null : JSON.stringify(out);
}

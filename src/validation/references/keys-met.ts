import type { Dataset } from '../../domain/dataset.ts';
import type { PlannedColumn } from '../layout.ts';
import type { Scratch } from '../scratch.ts';
import type { ReferenceKeys } from './fetch-references.ts';
import { keysMatch } from './keys-match.ts';

/**
 * What of each list the delivery's rows refer to, as JSON text: dataset, period, how many keys, and a hash of them in any
 * order. It decides which rows pass, and nothing else of a list does: a list that changed elsewhere makes the same text.
 * Null where nothing outside of the delivery was asked.
 */
export async function keysMet(
  scratch: Scratch,
  dataset: Dataset,
  plan: readonly PlannedColumn[],
  references: readonly ReferenceKeys[],
): Promise<string | null> {
  const out: object[] = [];
  for (const [i, key] of dataset.foreignKeys.entries()) {
    const reference = references[i];
    if (reference === undefined || reference.from === 'own') continue;
    const { listed, keys, same } = keysMatch(plan, key, reference);
    // md5 and not the engine's own hash, which may change with its version.
    const { n, h } = await scratch.row<{ n: string; h: string }>(
      `SELECT count(*)::VARCHAR AS n, coalesce(sum(md5_number_lower(CAST(row(${keys.join(', ')}) AS VARCHAR))::HUGEINT), 0)::VARCHAR AS h
       FROM ${listed} AS k SEMI JOIN s ON ${same}`,
    );
    out.push({ dataset: reference.dataset, period: reference.period, keys: Number(n), hash: h });
  }
  return out.length === 0 ? null : JSON.stringify(out);
}

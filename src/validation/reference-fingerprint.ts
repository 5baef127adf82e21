import { literal } from '../warehouse/sql.ts';
import type { ReferenceKeys } from './references.ts';
import type { Scratch } from './scratch.ts';

/**
 * What the foreign keys were checked against, as JSON text: dataset, period, how many keys, and a hash of the keys in any
 * order. The same keys loaded again make the same text. Null where nothing outside of the delivery was asked.
 */
export async function referenceFingerprint(
  scratch: Scratch,
  references: readonly ReferenceKeys[],
): Promise<string | null> {
  const out: object[] = [];
  for (const { dataset, from, period, path } of references) {
    if (from === 'delivery') continue;
    // md5 and not the engine's own hash, which may change with its version.
    const { n, h } = await scratch.row<{ n: string; h: string }>(
      `SELECT count(*)::VARCHAR AS n, coalesce(sum(md5_number_lower(k::VARCHAR)::HUGEINT), 0)::VARCHAR AS h FROM read_parquet(${literal(path)}) AS k`,
    );
    out.push({ dataset, from, period, keys: Number(n), hash: h });
  }
  return out.length === 0 ? null : JSON.stringify(out);
}

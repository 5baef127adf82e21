import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE } from '../lake/atomic-write.ts';
import { literal, quoteName } from '../warehouse/sql.ts';
import type { Judgement } from './judge.ts';
import type { Scratch } from './scratch.ts';

/** What the footer of a cleaned Parquet file says about it; `tidemark.` is put before each name. */
export type Footer = Readonly<Record<string, string>>;

/**
 * Accepted rows in file order, business columns and `_source_row`, as a Parquet file in the scratch folder. The same rows
 * make the same bytes.
 */
export async function writeCleaned(scratch: Scratch, judgement: Judgement, footer: Footer): Promise<string> {
  const path = join(scratch.folder, 'cleaned.parquet');
  const columns = judgement.plan.map((column) => `v${column.index} AS ${quoteName(column.name)}`);
  // Filtering keeps the order of the scan, a join need not: the rejected rows are few or the file is refused.
  const where = judgement.rows.rejected === 0 ? '' : ' WHERE rid NOT IN (SELECT rid FROM rejected)';
  const order = judgement.rows.rejected === 0 ? '' : ' ORDER BY rid';
  const metadata = Object.entries(footer).map(
    ([name, value]) => `${literal(`tidemark.${name}`)}: ${literal(value)}`,
  );
  await scratch.run(
    `COPY (SELECT ${columns.join(', ')}, r::BIGINT AS "_source_row" FROM d${where}${order}) TO ${literal(path)}
     (FORMAT parquet, PRESERVE_ORDER true, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1000, KV_METADATA {${metadata.join(', ')}})`,
  );
  chmodSync(path, FILE_MODE);
  return path;
}

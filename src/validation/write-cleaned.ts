import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE } from '../lake/atomic-write.ts';
import { literal, quoteName } from '../sql/sql.ts';
import type { CheckedSource } from './checked-rows.ts';
import { groupOptions } from './row-groups.ts';
import { ONE_VIEW } from './row-source.ts';
import type { Scratch } from './scratch.ts';

/** What the footer of a cleaned Parquet file says about it; each name gets the prefix `tidemark.`. */
export type Footer = Readonly<Record<string, string>>;

/**
 * Writes accepted rows in file order, business columns and `_source_row`, as a Parquet file in the scratch folder. The
 * same rows make the same bytes.
 */
export async function writeCleaned(
  scratch: Scratch,
  checked: CheckedSource,
  footer: Footer,
): Promise<string> {
  const path = join(scratch.folder, 'cleaned.parquet');
  const { plan, rows, dataRows, typed, faults } = checked;
  const columns = plan.map((column) => `${typed.source.value(column)} AS ${quoteName(column.name)}`);
  const from = typed.source.from(new Set(plan.map(({ index }) => index)));
  const tests = [
    ...dataRows,
    ...(rows.rejected === 0 ? [] : [`rid NOT IN (SELECT rid FROM ${faults.rejected})`]),
  ];
  const where = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`;
  // One thread reads files side by side, in order; sorting rows of very many columns takes too much memory.
  const order = rows.rejected === 0 || typed.source !== ONE_VIEW ? '' : ' ORDER BY rid';
  const metadata = Object.entries(footer).map(
    ([name, value]) => `${literal(`tidemark.${name}`)}: ${literal(value)}`,
  );
  await scratch.run(
    `COPY (SELECT ${columns.join(', ')}, r::BIGINT AS "_source_row" FROM ${from}${where}${order}) TO ${literal(path)}
     (FORMAT parquet, PRESERVE_ORDER true, COMPRESSION zstd, COMPRESSION_LEVEL 1, ${groupOptions(plan.length)}, KV_METADATA {${metadata.join(', ')}})`,
  );
  chmodSync(path, FILE_MODE);
  return path;
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The one cleaned Parquet file of a pipeline. */
export function cleanedFile(root) {
  const folder = join(root, 'data', 'stage', 'cleaned');
  const found = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith('.parquet'));
  if (found.length !== 1) throw new Error(`${found.length} cleaned files in ${folder}`);
  return join(folder, found[0]);
}

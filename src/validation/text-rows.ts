import { join } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import { CanonicalWriter } from '../readers/canonical-writer.ts';
import type { CanonicalExtract } from '../readers/reader.ts';
import type { Layout } from './layout.ts';

/**
 * Texts that were typed elsewhere than in a file, such as corrections, as rows of a source: by row the text of each
 * field of the dataset, in the order of the fields. They are numbered from 1; `name` tells their scratch file apart.
 */
export async function textRows(
  folder: string,
  name: string,
  dataset: Dataset,
  rows: readonly (readonly string[])[],
): Promise<CanonicalExtract> {
  // The last cell prevents that a row of blanks counts as no row.
  const width = dataset.fields.length + 1;
  const path = join(folder, `${name}.cells`);
  const writer = new CanonicalWriter(path, width);
  for (const [n, row] of rows.entries()) await writer.writeRow(n + 1, width, '', [...row, 'x']);
  const { escaped } = await writer.close();
  return {
    form: 'canonical',
    path,
    width,
    escaped,
    rows: rows.length,
    blankRows: 0,
    hiddenRows: 0,
    notes: [],
  };
}

/** The layout of such rows; `file` is what they are called in findings. */
export function textLayout(dataset: Dataset, file: string): Layout {
  const headers = dataset.fields.map(({ name }) => name);
  return {
    format: 'text',
    file,
    sheet: null,
    headers: [...headers, 'end'],
    mapping: headers.map((field, column) => ({ column, field })),
  };
}

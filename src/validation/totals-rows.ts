import type { Extract, TotalsRow } from '../readers/reader.ts';
import type { Layout } from './layout.ts';

/**
 * The totals rows that are rows of this table. A table beside it, which covers fewer than half of the columns that are
 * read, says nothing about its rows.
 */
export function totalsRowsOf(extract: Extract, layout: Layout): readonly TotalsRow[] {
  if (extract.form !== 'canonical') return [];
  const columns = layout.mapping.filter(({ field }) => field !== null).map(({ column }) => column);
  return (extract.totalsRows ?? []).filter(({ firstColumn, lastColumn }) => {
    const covered = columns.filter((column) => column >= firstColumn && column <= lastColumn).length;
    return covered > 0 && covered * 2 >= columns.length;
  });
}

import { type Dataset, type Field, sliceColumns } from '../domain/dataset.ts';

/** A column of the dataset that a header can name: a field, or a slice name that the file may also hold. */
export interface Column {
  readonly name: string;
  readonly field: Field | null;
  /** The name that the analyst knows: its title, else its name. */
  readonly shown: string;
  readonly labels: readonly string[];
  /** The file may lack it, because the file name gives the value. */
  readonly optional: boolean;
}

export function columnsOf(dataset: Dataset): readonly Column[] {
  const slices = new Set(dataset.sliceNames);
  return [
    ...dataset.fields.map((field) => ({
      name: field.name,
      field,
      shown: field.title ?? field.name,
      labels: [field.name, ...(field.title === null ? [] : [field.title]), ...field.aliases],
      optional: slices.has(field.name),
    })),
    ...sliceColumns(dataset).map((name) => ({
      name,
      field: null,
      shown: name,
      labels: [name],
      optional: true,
    })),
  ];
}

/**
 * A header as it is compared. Loose: case, blanks of any kind, `_`, hyphens and invisible marks do not matter; a header
 * that consists of these stays as it is. Exact: as written, except for Unicode's several ways to write one letter.
 */
export function labelKey(label: string, match: 'loose' | 'exact'): string {
  if (match === 'exact') return label.normalize('NFC');
  const folded = label.normalize('NFKC').trim().toLowerCase();
  return folded.replace(/[\s_\-\u2010-\u2015\u2212\p{Cf}]+/gu, '') || folded;
}

/** The column that a header names; names come before titles, and titles before aliases. */
export function labelIndex(
  columns: readonly Column[],
  match: 'loose' | 'exact',
): ReadonlyMap<string, Column> {
  const index = new Map<string, Column>();
  const ranked = columns.flatMap((column) => column.labels.map((label, rank) => ({ column, label, rank })));
  for (const { column, label } of ranked.sort((a, b) => Math.min(a.rank, 1) - Math.min(b.rank, 1))) {
    const key = labelKey(label, match);
    if (!index.has(key)) index.set(key, column);
  }
  return index;
}

import type { Dataset } from '../domain/dataset.ts';
import { editDistance } from '../domain/did-you-mean.ts';
import type { RawRow } from '../readers/reader.ts';
import { type Column, columnsOf, labelIndex, labelKey } from './label.ts';

/** What one header row means for a dataset; nothing judged yet. */
export interface HeaderMatch {
  readonly row: RawRow;
  /** By column of the sheet: what its header says, and the dataset's column it names. */
  readonly labels: readonly { readonly label: string; readonly column: Column | null }[];
  /** Columns of the dataset that no header names and the file needs. */
  readonly missing: readonly Column[];
  /** Whether it holds every header that a table of this dataset is known by. */
  readonly isTable: boolean;
  /** How many columns of the dataset it names. */
  readonly matched: number;
  /** How likely the row is the header, for the row to report on when none is: names first, then probable ones. */
  readonly likelihood: number;
}

export function matchHeader(dataset: Dataset, row: RawRow): HeaderMatch {
  const columns = columnsOf(dataset);
  const index = labelIndex(columns, dataset.headers.match);
  const labels = row.cells.map(({ text }) => ({
    label: text,
    column: text.trim() === '' ? null : (index.get(labelKey(text, dataset.headers.match)) ?? null),
  }));
  const named = new Set(labels.flatMap(({ column }) => (column === null ? [] : [column.name])));
  const missing = columns.filter((column) => !column.optional && !named.has(column.name));
  const telling = tellingNames(dataset);
  const strangers = labels.flatMap(({ label, column }) =>
    column === null && label.trim() !== '' ? [label] : [],
  );
  return {
    row,
    labels,
    missing,
    isTable: telling.every((name) => named.has(name)),
    matched: named.size,
    likelihood: named.size > 0 ? named.size * 1000 : probableRenames(strangers, missing).length,
  };
}

/** The fields a header row is known by: the required ones and the key, or all where there are none. */
function tellingNames(dataset: Dataset): readonly string[] {
  const slices = new Set(dataset.sliceNames);
  const own = dataset.fields.filter((field) => !slices.has(field.name));
  const telling = own.filter(
    (field) => field.constraints.required || dataset.primaryKey.includes(field.name),
  );
  return (telling.length > 0 ? telling : own).map((field) => field.name);
}

const MAX_PAIRS = 20_000;

/** A header that was probably meant to be a missing one. */
export interface ProbableRename {
  readonly from: string;
  readonly to: Column;
}

/**
 * Pairs of an unexpected header and a missing column that are clearly each other's best: few letters differ, or one
 * text holds the other, and the runner-up is farther away.
 */
export function probableRenames(
  extra: readonly string[],
  missing: readonly Column[],
): readonly ProbableRename[] {
  // Rows of thousands of strange cells are no renamed headers, and comparing them all would take minutes.
  if (extra.length * missing.length > MAX_PAIRS) return [];
  const distances = extra.map((label) => missing.map((column) => labelDistance(label, column)));
  return extra.flatMap((from, i) => {
    const own = distances[i] ?? [];
    const best = Math.min(...own);
    const at = own.indexOf(best);
    const to = missing[at];
    if (to === undefined || !Number.isFinite(best)) return [];
    const rivals = [
      ...own.filter((_, j) => j !== at),
      ...distances.flatMap((row, j) => (j === i ? [] : [row[at] ?? 1])),
    ];
    return rivals.every((rival) => rival > best) ? [{ from, to }] : [];
  });
}

/** 0 the same … 0.34 a third of the letters differ; infinite where nobody would think so. */
function labelDistance(label: string, column: Column): number {
  const one = labelKey(label, 'loose').slice(0, 100);
  const distances = column.labels.map((known) => {
    const two = labelKey(known, 'loose').slice(0, 100);
    const longest = Math.max(one.length, two.length);
    const holds = one.length >= 4 && two.length >= 4 && (one.includes(two) || two.includes(one));
    if (!holds && Math.abs(one.length - two.length) * 3 > longest + 2) return Number.POSITIVE_INFINITY;
    const edits = editDistance(one, two);
    if (edits <= Math.max(1, Math.floor(longest / 3)) && edits < Math.min(one.length, two.length)) {
      return edits / longest;
    }
    return holds ? 0.34 + edits / 1000 : Number.POSITIVE_INFINITY;
  });
  return Math.min(...distances);
}

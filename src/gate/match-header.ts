import type { Dataset } from '../domain/dataset.ts';
import { editDistance } from '../domain/did-you-mean.ts';
import type { HeaderBlock } from './header-block.ts';
import { type Column, columnsOf, labelIndex, labelKey } from './label.ts';
import { splitUnit } from './unit.ts';

/** What the header says about one column of the sheet, and the dataset's column that it names. */
export interface HeaderLabel {
  readonly label: string;
  readonly column: Column | null;
  /** The row of its text. */
  readonly row: number;
  /** The unit that was ignored to find the column; null where there was none. */
  readonly unit: string | null;
}

/** What one header means for a dataset; not judged yet. */
export interface HeaderMatch {
  readonly block: HeaderBlock;
  /** By column of the sheet. */
  readonly labels: readonly HeaderLabel[];
  /** Columns of the dataset that the file needs and no header names. */
  readonly missing: readonly Column[];
  /** Whether it holds every header by which a table of this dataset is known. */
  readonly isTable: boolean;
  /** How many columns of the dataset it names. */
  readonly matched: number;
  /**
   * How likely the row is the header, to choose the row to report on when no row is: names count first, then probable
   * names.
   */
  readonly likelihood: number;
}

export function matchHeader(dataset: Dataset, block: HeaderBlock): HeaderMatch {
  const columns = columnsOf(dataset);
  const labels = labelsOf(dataset, columns, block);
  const named = new Set(labels.flatMap(({ column }) => (column === null ? [] : [column.name])));
  const missing = columns.filter((column) => !column.optional && !named.has(column.name));
  const telling = tellingNames(dataset);
  const strangers = labels.flatMap(({ label, column }) =>
    column === null && label.trim() !== '' ? [label] : [],
  );
  return {
    block,
    labels,
    missing,
    isTable: telling.every((name) => named.has(name)),
    matched: named.size,
    likelihood: named.size > 0 ? named.size * 1000 : probableRenames(strangers, missing).length,
  };
}

/** By its whole text, else by a shorter text of several rows, else by its text without a unit. */
function labelsOf(dataset: Dataset, columns: readonly Column[], block: HeaderBlock): readonly HeaderLabel[] {
  const { match } = dataset.headers;
  const index = labelIndex(columns, match);
  const named = (text: string) => (text.trim() === '' ? null : (index.get(labelKey(text, match)) ?? null));
  const meant: (ByUnit | null)[] = [];
  const labels = block.cells.map(({ label, row, short }, i): HeaderLabel => {
    let column = named(label);
    for (const text of short) column ??= named(text);
    if (column === null && match === 'loose') {
      const found = byUnit(label, short, named);
      if (found !== null && found.exact) column = found.column;
      else meant[i] = found;
    }
    return { label, column, row, unit: null };
  });
  return meant.some(Boolean) ? takeUnits(labels, meant) : labels;
}

/** The column that a header with a unit may name. */
interface ByUnit {
  readonly column: Column;
  readonly unit: string;
  /** The column itself has that unit: `Price, USD` equals the name of a field price_usd. */
  readonly exact: boolean;
}

function byUnit(
  label: string,
  short: readonly string[],
  named: (text: string) => Column | null,
): ByUnit | null {
  let loose: ByUnit | null = null;
  for (const text of [label, ...short]) {
    const split = splitUnit(text);
    if (split === null) continue;
    const exact = named(`${split.base} ${split.unit}`);
    if (exact !== null) return { column: exact, unit: split.unit, exact: true };
    const column = named(split.base);
    // A column whose names have another unit is not meant.
    if (column !== null && column.labels.every((known) => splitUnit(known) === null))
      loose ??= { column, unit: split.unit, exact: false };
  }
  return loose;
}

/** Without its unit, a header names a column that no other header claims. */
function takeUnits(
  labels: readonly HeaderLabel[],
  meant: readonly (ByUnit | null | undefined)[],
): readonly HeaderLabel[] {
  const claims = new Map<string, number>();
  for (const column of [...labels.map((one) => one.column), ...meant.map((one) => one?.column)])
    if (column) claims.set(column.name, (claims.get(column.name) ?? 0) + 1);
  return labels.map((label, i) => {
    const found = meant[i];
    return found && claims.get(found.column.name) === 1
      ? { ...label, column: found.column, unit: found.unit }
      : label;
  });
}

/** The fields by which a header row is known: the required ones and the key, or all fields where there are none. */
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
 * Pairs of an unexpected header and a missing column that are clearly each other's best match: few letters differ, or
 * one text contains the other, and the second best differs more.
 */
export function probableRenames(
  extra: readonly string[],
  missing: readonly Column[],
): readonly ProbableRename[] {
  // In rows of thousands of unknown cells no header was renamed, and comparing all of them would take minutes.
  if (extra.length * missing.length > MAX_PAIRS) return [];
  // Each label is folded once, not once per pair: with thousands of columns that alone took half a minute.
  const folded = (label: string) => labelKey(label, 'loose').slice(0, 100);
  const known = missing.map((column) => column.labels.map(folded));
  const distances = extra.map((label) => {
    const one = folded(label);
    return known.map((labels) => labelDistance(one, labels));
  });
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

/**
 * Distance of folded labels: 0 the same … 0.34 a third of the letters differ; infinite where one was clearly not meant.
 */
function labelDistance(one: string, labels: readonly string[]): number {
  const distances = labels.map((two) => {
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

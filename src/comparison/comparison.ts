import type { Cell } from '../warehouse/warehouse.ts';

/** A column that only one side has, or that has another type on the other side. */
export interface ColumnDifference {
  readonly change: 'added' | 'removed' | 'type';
  readonly column: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Rows of one side whose key cannot tell them apart; they are set aside and not compared. */
export interface KeyProblem {
  readonly side: 'before' | 'after';
  readonly duplicate_keys: number;
  readonly duplicate_rows: number;
  readonly null_rows: number;
  /** The first duplicate keys. */
  readonly examples: readonly { readonly key: Readonly<Record<string, Cell>>; readonly rows: number }[];
}

export interface ChangeCounts {
  /** Rows of the side before, in the scope compared. */
  readonly before: number;
  /** Rows of the side after, including those set aside. */
  readonly after: number;
  readonly added: number;
  /** Rows with other values, and closed rows that open again (`reopened`). */
  readonly modified: number;
  readonly removed: number;
  readonly closed: number;
  readonly reopened: number;
  readonly shadowed: number;
  readonly unchanged: number;
  /** Among the unchanged: rows that differ within the tolerance only. */
  readonly within_tolerance: number;
  /** Rows of either side without a usable key. */
  readonly not_compared: number;
  readonly cells: number;
}

export interface ColumnChange {
  readonly column: string;
  readonly changed: number;
  /** Changed cells of the rows that both sides have, from 0 to 1; null where there are no such rows. */
  readonly rate: number | null;
  /** A value became empty. */
  readonly emptied: number;
  /** An empty cell got a value. */
  readonly filled: number;
}

export interface Pattern {
  readonly column: string;
  readonly before: Cell;
  readonly after: Cell;
  readonly rows: number;
}

export interface GroupCounts {
  readonly value: Cell;
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly closed: number;
  readonly unchanged: number;
}

export interface CountsBy {
  readonly column: string;
  readonly groups: readonly GroupCounts[];
  /** Number of groups; those with the most changes are listed. */
  readonly of: number;
}

export interface SampledCell {
  readonly key: Readonly<Record<string, Cell>>;
  readonly column: string;
  readonly before: Cell;
  readonly after: Cell;
  /** Row of the delivered file from which `after` comes, as the analyst sees it; for records the number of the record. */
  readonly source_row: number | null;
}

export interface SampledRow {
  readonly change: 'added' | 'removed' | 'closed';
  readonly key: Readonly<Record<string, Cell>>;
  readonly source_row: number | null;
}

/** What differs between two sides of one dataset. Personal data is masked already, unless the caller may show it. */
export interface Comparison {
  readonly kind: 'staged' | 'records' | 'files' | 'periods';
  readonly dataset: string;
  readonly title: string;
  readonly period: string | null;
  readonly slice: string;
  readonly file_id: number | null;
  /** What is compared, in words: 'core.citizens', 'delivery 7 (…)'. */
  readonly before: string;
  readonly after: string;
  readonly key: readonly string[];
  readonly counts: ChangeCounts;
  readonly schema_changes: readonly ColumnDifference[];
  readonly key_problems: readonly KeyProblem[];
  /** Changed columns, most changed first. */
  readonly columns: readonly ColumnChange[];
  readonly patterns: readonly Pattern[];
  readonly by: readonly CountsBy[];
  readonly cells: readonly SampledCell[];
  readonly rows: readonly SampledRow[];
  readonly notes: readonly string[];
  readonly tolerance: string | null;
  readonly personal: 'none' | 'masked' | 'shown';
  /** SHA-256 of the compared content and of every change; sample, tolerance and engine make no difference. */
  readonly fingerprint: string;
}

/** Whether anything differs, including keys and columns. */
export function differs(comparison: Comparison): boolean {
  const { counts } = comparison;
  return (
    counts.added + counts.modified + counts.removed + counts.closed > 0 ||
    comparison.schema_changes.length > 0 ||
    comparison.key_problems.length > 0
  );
}

import type { Field } from '../../domain/dataset.ts';

/** Names of the expressions a type works on. */
export interface CellNames {
  /** Raw text as it stands in the file. */
  readonly raw: string;
  /** The cheap cast of `TypeSql.cast`. */
  readonly cast: string;
  /** Cleaned text; null where missing. */
  readonly text: string;
  /** One character, the CellKind; null where the file has no kinds. */
  readonly kind: string | null;
}

/**
 * How raw text becomes a typed value, as SQL expressions. Most cells are settled by `quick`; only the others are
 * cleaned and matched by pattern, which costs five to ten times as much.
 */
export interface TypeSql {
  /** A cast of the raw text that never fails; null where the type needs none. */
  readonly cast: string | null;
  /** True only where the raw text is beyond doubt clean and of the type. */
  readonly quick: string;
  /** Dearer, and asked only where `quick` does not hold: the raw text is clean and `quickValue` its value all the same. */
  readonly sound: string | null;
  /** The value where `quick` or `sound` holds, and null for raw text that is empty. */
  readonly quickValue: string;
  /** The value of cleaned text, or null where it is not of the type. Text is matched before it is cast. */
  readonly parse: string;
}

export type TypeRule = (field: Field, names: CellNames) => TypeSql;

/** True where the cell is of one of these kinds; files without kinds have text alone. */
export function isKind(names: CellNames, ...kinds: readonly string[]): string {
  if (names.kind === null) return kinds.includes('s') ? 'true' : 'false';
  return `${names.kind} IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`;
}

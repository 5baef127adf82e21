import type { Field } from '../domain/dataset.ts';

/** Names of the expressions that a type uses. */
export interface CellNames {
  /** Raw text as the file has it. */
  readonly raw: string;
  /** The cheap cast of `TypeSql.cast`. */
  readonly cast: string;
  /** Cleaned text; null where missing. */
  readonly text: string;
  /** One character, the CellKind; null where the file has no kinds. */
  readonly kind: string | null;
}

/**
 * How raw text becomes a typed value, as SQL expressions. For most cells `quick` decides; only the others are cleaned
 * and matched by pattern, which costs five to ten times as much.
 */
export interface TypeSql {
  /** A cast of the raw text that never fails; null where the type needs none. */
  readonly cast: string | null;
  /** True only where the raw text is certainly clean and of the type. */
  readonly quick: string;
  /** Costs more, and is only used where `quick` is false: the raw text is clean, and `quickValue` is its value. */
  readonly sound: string | null;
  /** The value where `quick` or `sound` holds, and null for raw text that is empty. */
  readonly quickValue: string;
  /** The value of cleaned text, or null where it is not of the type. A pattern matches the text before it is cast. */
  readonly parse: string;
}

export type TypeRule = (field: Field, names: CellNames) => TypeSql;

/** True where the cell is of one of these kinds; in files without kinds all cells are text. */
export function isKind(names: CellNames, ...kinds: readonly string[]): string {
  if (names.kind === null) return kinds.includes('s') ? 'true' : 'false';
  return `${names.kind} IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`;
}

import type { Field } from '../domain/dataset.ts';

/** What can be noted about a value without being wrong; each has a bit in the mask of its cell. */
export type CellNoteName = 'numberInText' | 'percentInText' | 'digitsLost' | 'dateText' | 'offsetDropped';

export interface CellNote {
  readonly note: CellNoteName;
  /** SQL: true where the note is made. */
  readonly when: string;
}

/** Names of the expressions of a cell after it was typed. */
export interface TypedCell {
  /** Cleaned text; null where missing, and where the quick test decided. */
  readonly text: string;
  readonly value: string;
  /** One character, the CellKind; null where the file has no kinds. */
  readonly kind: string | null;
}

/** What validation asks of the cells of a type, besides their values. */
export interface CellRules {
  /** Every text is a value. */
  readonly anyText: boolean;
  /** Whether a text that is not blank could pass the quick test, although the configuration says that it means no value. */
  readonly mayBeQuick: (text: string) => boolean;
  /** SQL: true for a text with characters that databases refuse in this type; null where there are none of its own. */
  readonly badCharacter: ((text: string) => string) | null;
  /** What `minLength` and `maxLength` measure, as SQL of a value. */
  readonly length: (value: string) => string;
  readonly notes: (field: Field, cell: TypedCell) => readonly CellNote[];
}

export const textLength = (value: string): string => `length(${value}::VARCHAR)`;

export const hasDigit = (text: string): boolean => /[0-9]/.test(text);

import type { Field } from '../domain/dataset.ts';

/** How people are told about values of a type, and what they can have meant. */
export interface Words {
  /** What a column holds, in a word or two: 'whole number'. */
  readonly holds: string;
  /** What a cell of the field should hold: 'a whole number'. */
  readonly expected: (field: Field) => string;
  /** How to fix a text that is not of the type; null where there is nothing better than to enter what is expected. */
  readonly cure: (field: Field, text: string) => string | null;
  /** Why a text that has the form of the type has no value; null for any other text. */
  readonly outOfRange: (field: Field, text: string | null) => OutOfRange | null;
  /** A value as an analyst writes it, from the text of engines: ISO dates, a decimal point. Null where that is not known. */
  readonly asWritten: (field: Field, text: string) => string | null;
  /** The only value that a text without blanks at its ends can have meant; null where there are two, or none. */
  readonly meant: (field: Field, text: string) => string | null;
  /** The only texts that are values; null where there is no list of them. */
  readonly choices: (field: Field) => readonly string[] | null;
  /** The form in which these texts would be values, so that the rule of the field may be wrong; null where there is none. */
  readonly otherForm: (field: Field, texts: readonly string[], month: string | null) => OtherForm | null;
}

export interface OutOfRange {
  readonly how: 'large' | 'small';
  readonly limit: string;
}

/** A form that the field does not have: a format of dates, with an example, or the signs of numbers. */
export type OtherForm =
  | { readonly as: 'date'; readonly says: { readonly example: string; readonly format: string } }
  | { readonly as: 'number'; readonly says: { readonly marks: string } };

import type { LocaleName } from '../domain/locale.ts';

/** What the values of a column show about its field: everything except its name. */
export interface Typed {
  readonly type: string;
  readonly format?: string | string[];
  readonly locale?: LocaleName;
  readonly precision?: number;
  readonly scale?: number;
  readonly groupChar?: string;
  readonly decimalChar?: string;
  readonly bareNumber?: boolean;
  readonly accounting?: boolean;
  readonly trueValues?: string[];
  readonly falseValues?: string[];
}

export interface Guess {
  readonly typed: Typed;
  /** A note for its reader. */
  readonly note?: string | null;
}

/** The column that is drafted. */
export interface DraftSample {
  readonly header: string;
  /** Different texts, with the kinds of their cells (CellKind). */
  readonly values: ReadonlyMap<string, string>;
  readonly texts: readonly string[];
  readonly kinds: ReadonlySet<string>;
  /** The month of the file (2025-06), which helps to tell days from months; null where it has none. */
  readonly month: string | null;
  /** The decimal sign of the file's texts; null where it is not known. */
  readonly decimalChar: string | null;
}

/** A guess at a column's type, and when it is asked: the first guess that is made counts. */
export interface DraftRule {
  readonly rank: number;
  /** Null where one of the values is not of the type. */
  readonly guess: (sample: DraftSample) => Guess | null;
}

/** The order of the guesses: the surer ones first. */
export const RANK = {
  nothingToRead: 0,
  isoMonth: 10,
  dateCells: 20,
  json: 30,
  truth: 40,
  namedYear: 50,
  month: 60,
  number: 70,
  date: 80,
  isoDatetime: 90,
  datetime: 100,
  time: 110,
  anyText: 1000,
} as const;

/** What may speak for a column as part of a key. */
export interface KeyCandidate {
  /** Its header calls it an identifier. */
  readonly isNamed: boolean;
  /** Its name is that of a remark or description. */
  readonly isProse: boolean;
  /** Its values number the rows. */
  readonly counts: () => boolean;
}

/** How a field of the type is drafted from a file. */
export interface Drafting {
  /** Empty where such fields are never drafted. */
  readonly rules: readonly DraftRule[];
  /** Likelier identifiers first; null: a measure, or not an identifier at all. */
  readonly keyRank: (candidate: KeyCandidate) => number | null;
}

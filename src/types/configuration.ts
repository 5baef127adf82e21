import type { Field } from '../domain/dataset.ts';

/** Keys of a field that only some types have. */
const OWN_KEYS = [
  'format',
  'locale',
  'precision',
  'scale',
  'groupChar',
  'decimalChar',
  'bareNumber',
  'percent',
  'accounting',
  'offset',
  'trueValues',
  'falseValues',
] as const;
export type OwnKey = (typeof OWN_KEYS)[number];

/** How a minimum or maximum is written in the configuration: as the standard writes values, whatever the file's format. */
export interface Notation {
  readonly pattern: RegExp;
  readonly example: string;
}

/** What the configuration of a field may say. */
export interface Configuration {
  /** The keys that belong to the type. With `format`, the names in it are those of the field's language. */
  readonly keys: readonly OwnKey[];
  /** The values are whole numbers: a dot may divide their thousands, and 5% is no fraction. */
  readonly whole: boolean;
  /** The notation of `minimum` and `maximum`; 'any text' where every text is one, null where the type has no limits. */
  readonly bound: Notation | 'any text' | null;
  /** SQL of a configured value (a limit, one of a list) in the field's own type. */
  readonly constant: (field: Field, text: string) => string;
}

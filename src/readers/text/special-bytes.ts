import { BareQuotes } from './bare-quotes.ts';
import type { Dialect } from './dialect.ts';
import { CR, ESC, LF, SEP } from './tokenizer-states.ts';

/** By byte: 1 for those that an unquoted cell, or a quoted one, cannot copy unchanged. */
export interface SpecialBytes {
  readonly plain: Uint8Array;
  readonly quoted: Uint8Array;
  /** For text in which a quote has no meaning. */
  readonly text: Uint8Array;
}

export function specialBytes({ delimiter, quote, escape: before }: Dialect): SpecialBytes {
  const plain = new Uint8Array(256);
  const quoted = new Uint8Array(256);
  for (const byte of [0, LF, CR, ESC, SEP]) plain[byte] = quoted[byte] = 1;
  const text = quoted.slice();
  plain[delimiter] = 1;
  if (quote === BareQuotes.SIGN) plain[quote] = 1;
  if (quote >= 0) quoted[quote] = 1;
  if (before >= 0) quoted[before] = 1;
  return { plain, quoted, text };
}

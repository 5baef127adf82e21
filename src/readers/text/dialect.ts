import { TidemarkError } from '../../errors/tidemark-error.ts';

/** What a pipeline's owner says about a text file; `auto` is detected from the file. */
export interface TextRules {
  /** `auto`, one ASCII character, or `tab`. */
  readonly delimiter: string;
  /** One ASCII character; empty: nothing is quoted. */
  readonly quote: string;
  /** How a quote is written inside a quoted cell: the quote itself (doubled), or another ASCII character before it. */
  readonly escape: string;
  readonly encoding: 'auto' | 'utf-8' | 'utf-16' | 'windows-1252';
}

export const DEFAULT_TEXT_RULES: TextRules = {
  delimiter: 'auto',
  quote: '"',
  escape: '"',
  encoding: 'auto',
};

/** A dialect as bytes; -1: there is none. */
export interface Dialect {
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
}

const NAMED = new Map([
  ['tab', '\t'],
  ['\\t', '\t'],
  ['none', ''],
]);

/** The dialect with a known delimiter; throws `usage` where a character cannot be one. */
export function dialectOf(rules: TextRules, delimiter: string): Dialect {
  const quote = byteOf('quote', rules.quote);
  return {
    delimiter: byteOf('delimiter', delimiter),
    quote,
    escape: rules.escape === '' ? quote : byteOf('escape', rules.escape),
  };
}

function byteOf(what: string, given: string): number {
  const text = NAMED.get(given.toLowerCase()) ?? given;
  if (text === '' && what !== 'delimiter') return -1;
  const code = text.charCodeAt(0);
  if (text.length !== 1 || code > 126 || (code < 32 && code !== 9 && code < 28) || code === 27) {
    throw new TidemarkError('usage', {
      message: `The ${what} of a text file is one plain character, not '${given}'.`,
      hint: `Give one character, for example ${what === 'delimiter' ? '";", or tab' : `'"'`}.`,
    });
  }
  return code;
}

import { dialectOf, type TextRules } from './dialect.ts';

/**
 * The delimiter that a first line such as `sep=;` names: Excel writes and obeys this line, and shows the table from the
 * next line on. Null where there is no such line, or where it names a character that cannot be a delimiter.
 */
export function separatorLine(head: Buffer, rules: TextRules): string | null {
  const found = /^"?sep=(.)"?(?:\r\n|\n|\r|$)/i.exec(head.subarray(0, 16).toString('latin1'));
  const named = found?.[1];
  if (named === undefined) return null;
  if (rules.delimiter !== 'auto') {
    return dialectOf(rules, rules.delimiter).delimiter === named.charCodeAt(0) ? named : null;
  }
  const code = named.charCodeAt(0);
  return code === 9 || (code >= 32 && code < 127 && named !== rules.quote) ? named : null;
}

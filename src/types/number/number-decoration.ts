import { CURRENCY_ABBREVIATION, CURRENCY_CODES, CURRENCY_SIGN } from '../../domain/currency.ts';

/** A number's text without the currency or percent sign beside it. */
export interface Undecorated {
  readonly bare: string;
  /** The sign that was removed; null where there is none. */
  readonly sign: string | null;
  /** The sign is a currency's three letters, directly in front of the digits, as in part numbers. */
  readonly glued: boolean;
}

/** Three capitals do not make a currency, or INV-1001 would be an amount. */
const SYMBOL = `${CURRENCY_SIGN}|${CURRENCY_ABBREVIATION}`;
const NUMBER = String.raw`[\d.,' ]*\d`;
const BEHIND = new RegExp(
  String.raw`^(?<bare>[-+]?${NUMBER})\s*(?:(?<sign>%|${SYMBOL})|(?<code>[A-Z]{3}))$`,
  'u',
);
const IN_FRONT = new RegExp(
  String.raw`^(?<minus>[-+]?)\s*(?<sign>${SYMBOL})\s*(?<bare>[-+]?${NUMBER})$`,
  'u',
);
/** A hyphen directly after the letters joins them to the digits; it is not a minus. */
const CODE_IN_FRONT = new RegExp(
  String.raw`^(?<minus>[-+]?)(?<code>[A-Z]{3})(?<gap>\s*)(?<bare>(?:(?<=\s)[-+])?${NUMBER})$`,
);

/** Removes the sign; null where another text is beside the digits. */
export function undecorated(text: string): Undecorated | null {
  if (/^[-+]?[\d.,' ]*\d$/.test(text)) return { bare: text, sign: null, glued: false };
  const found = BEHIND.exec(text) ?? IN_FRONT.exec(text) ?? CODE_IN_FRONT.exec(text);
  const { minus = '', sign, code, gap, bare = '' } = found?.groups ?? {};
  if (found === null || (code !== undefined && !CURRENCY_CODES.has(code))) return null;
  return { bare: `${minus}${bare}`, sign: sign ?? code ?? null, glued: gap === '' };
}

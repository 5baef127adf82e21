import { CURRENCY_SIGN, CURRENCY_WORD } from '../../domain/currency.ts';
import type { Field } from '../../domain/dataset.ts';

const CURRENCY = `(?:${CURRENCY_SIGN}|${CURRENCY_WORD})`;
/** Letters behind a number that mean thousands, millions or a debt: then the number alone was not meant. */
const SCALE = '(?:k|m|mm|mn|mln|mio|mrd|md|b|bn|tn|tsd|th|cr|dr)';
const SIGNS = new RegExp(
  `^(?:${CURRENCY})?\\s*([+-]?[\\d.,'\\s\\u00a0\\u202f]*\\d)\\s*(?:${CURRENCY}|(?!${SCALE}$)[a-zµ]{1,4}[²³]?)?$`,
  'u',
);

/**
 * The only number that a text with a unit or the other decimal sign can have meant, as the field writes it. Null where two
 * readings are possible: `1,234` must not be guessed.
 */
export function meantNumber(field: Field, text: string, isWhole: boolean): string | null {
  const bare = SIGNS.exec(text)?.[1]?.replace(/[\s'\u00a0\u202f]/g, '');
  if (bare === undefined) return null;
  const plain = withPoint(bare);
  if (plain === null) return null;
  const [digitsBefore = '', decimals = ''] = plain.split('.');
  if (isWhole) return /^0*$/.test(decimals) ? digitsBefore : null;
  if (field.scale !== null && decimals.replace(/0+$/, '').length > field.scale) return null;
  if (field.precision !== null && digits(digitsBefore) > field.precision - (field.scale ?? 0)) return null;
  return plain.replace('.', field.decimalChar);
}

function digits(whole: string): number {
  return whole.replace(/^[+-]?0*/, '').length;
}

/** A number with any signs between its digits, rewritten with a decimal point; null where a sign could be either. */
function withPoint(text: string): string | null {
  if (/^[+-]?\d+$/.test(text)) return text;
  const both = /^([+-]?\d{1,3})((?:[.,]\d{3})+)([.,])(\d+)$/.exec(text);
  if (both !== null) {
    const [, first = '', groups = '', sign = '', decimals = ''] = both;
    const marks = new Set(groups.match(/[.,]/g));
    if (marks.size === 1 && !marks.has(sign)) return `${first}${groups.replace(/[.,]/g, '')}.${decimals}`;
  }
  const grouped = /^([+-]?\d{1,3})((?:([.,])\d{3})(?:\3\d{3})+)$/.exec(text);
  if (grouped !== null) return `${grouped[1]}${grouped[2]?.replace(/[.,]/g, '')}`;
  const one = /^([+-]?\d+)[.,](\d+)$/.exec(text);
  return one !== null && one[2]?.length !== 3 ? `${one[1]}.${one[2]}` : null;
}

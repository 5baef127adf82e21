import { CURRENCY_SIGN, CURRENCY_WORD } from '../../domain/currency.ts';
import type { Field } from '../../domain/dataset.ts';
import { asWritten } from './as-written.ts';

/**
 * The only value that a text of another type can have meant: a number with a unit or the other decimal sign, a date in
 * another order. Null where two readings are possible: `1,234` and `03/04/2025` must not be guessed.
 */
export function meantValue(field: Field, text: string): string | null {
  const value = text.trim();
  if (field.type === 'integer' || field.type === 'number') return meantNumber(field, value);
  return field.type === 'date' ? meantDate(field, value) : null;
}

const CURRENCY = `(?:${CURRENCY_SIGN}|${CURRENCY_WORD})`;
/** Letters behind a number that mean thousands, millions or a debt: then the number alone was not meant. */
const SCALE = '(?:k|m|mm|mn|mln|mio|mrd|md|b|bn|tn|tsd|th|cr|dr)';
const SIGNS = new RegExp(
  `^(?:${CURRENCY})?\\s*([+-]?[\\d.,'\\s\\u00a0\\u202f]*\\d)\\s*(?:${CURRENCY}|(?!${SCALE}$)[a-zµ]{1,4}[²³]?)?$`,
  'u',
);

function meantNumber(field: Field, text: string): string | null {
  const bare = SIGNS.exec(text)?.[1]?.replace(/[\s'\u00a0\u202f]/g, '');
  if (bare === undefined) return null;
  const plain = withPoint(bare);
  if (plain === null) return null;
  const [whole = '', decimals = ''] = plain.split('.');
  if (field.type === 'integer') return /^0*$/.test(decimals) ? whole : null;
  if (field.scale !== null && decimals.replace(/0+$/, '').length > field.scale) return null;
  if (field.precision !== null && digits(whole) > field.precision - (field.scale ?? 0)) return null;
  return asWritten(field, plain);
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

function meantDate(field: Field, text: string): string | null {
  const parts = /^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})$/.exec(text);
  if (parts === null) return null;
  const [, first = '', second = '', third = ''] = parts;
  if (first.length === 4) return written(field, first, second, third);
  if (third.length !== 4 || first.length > 2) return null;
  const [one, two] = [Number(first), Number(second)];
  if (one > 12) return written(field, third, second, first);
  if (two > 12) return written(field, third, first, second);
  return one === two ? written(field, third, first, second) : null;
}

function written(field: Field, year: string, month: string, day: string): string | null {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return exists ? asWritten(field, iso) : null;
}

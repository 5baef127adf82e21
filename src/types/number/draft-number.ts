import type { DraftRule, DraftSample, Guess, Typed } from '../drafting.ts';
import { RANK } from '../drafting.ts';
import { inferNumber, type NumberGuess } from './infer-number.ts';

const MOST = 2n ** 63n - 1n;
/** Digits of a number in a workbook; further digits come only from printing the double. */
const DIGITS_SHOWN = 15;
/** Money, measures and rates have no more decimals than this; more come from a division, up to what a double holds. */
const SCALES = [2, 4, 6];
const ZERO = /^[-+]?0+([.,]0+)?$/;

/** Both types of numbers read the same column, one after the other. */
const read = new WeakMap<DraftSample, { readonly guess: Guess | null }>();

/** The column as numbers of one of the two types; null where one of its values is not a number, or is of the other type. */
export function numberRule(type: 'integer' | 'number'): DraftRule {
  const guess = (sample: DraftSample): Guess | null => {
    const found = read.get(sample) ?? { guess: numbers(sample) };
    read.set(sample, found);
    return found.guess?.typed.type === type ? found.guess : null;
  };
  return { rank: RANK.number, guess };
}

function numbers({ texts, values, decimalChar }: DraftSample): Guess | null {
  // A workbook's own numbers always have a point; only its texts show how people write theirs.
  const asText = texts.filter((text) => values.get(text) !== 'n');
  const cells = texts.filter((text) => values.get(text) === 'n').map(asShown);
  const [own, typed] = [inferNumber(cells, '.'), inferNumber(asText, decimalChar)];
  if ((cells.length > 0 && !own) || (asText.length > 0 && !typed)) return null;
  const found = own && typed ? both(own, typed) : (typed ?? own);
  if (!found || (found.whole && !fitsBigint(found, texts))) return null;
  const notation: Omit<Typed, 'type'> = {
    ...(found.groupChar === null ? {} : { groupChar: found.groupChar }),
    ...(found.decimalChar === '.' ? {} : { decimalChar: found.decimalChar }),
    ...(found.signs.length > 0 ? { bareNumber: false } : {}),
    ...(found.accounting ? { accounting: true } : {}),
  };
  if (texts.every((text) => ZERO.test(text)))
    return {
      typed: { type: 'number', precision: 18, scale: 2, ...notation },
      note: 'only zeros in this file: check the type',
    };
  const note = doubts(found, texts.length).join('; ') || null;
  if (found.whole) return { typed: { type: 'integer', ...notation }, note };
  return { typed: { type: 'number', ...exact(found), ...notation }, note };
}

/** 1.2000000000000002 as 1.2, as the sheet shows it; a number with more digits before the point keeps them all. */
function asShown(text: string): string {
  const [whole = '', fraction = ''] = text.replace(/^[-+]/, '').split('.');
  const first = `${whole}${fraction}`.search(/[1-9]/);
  if (first < 0 || whole.length > DIGITS_SHOWN || whole.length + fraction.length - first <= DIGITS_SHOWN)
    return text;
  const decimals = Math.min(100, DIGITS_SHOWN - whole.length + (whole === '0' ? first : 0));
  return Number(text)
    .toFixed(decimals)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

function fitsBigint({ digits }: NumberGuess, texts: readonly string[]): boolean {
  if (digits < 19) return true;
  return digits === 19 && texts.every((text) => BigInt(text.replace(/\D/g, '') || 0) <= MOST);
}

function exact({ decimals, digits }: NumberGuess): Omit<Typed, 'type'> {
  const scale = SCALES.find((one) => decimals <= one);
  if (scale === undefined) return {};
  return { precision: digits <= 18 - Math.max(scale, 4) ? 18 : 38, scale };
}

function doubts({ ambiguous, signs, signed }: NumberGuess, texts: number): readonly string[] {
  const some = signed < texts && signs.includes('%');
  return [
    ...(ambiguous ? ["check groupChar and decimalChar: the file's numbers fit both ways"] : []),
    ...(signs.length > 1 ? [`check: ${signs.join(' and ')} are in one column, and all are taken off`] : []),
    ...(signs.length === 1 && /^[A-Z]{3}$/.test(signs[0] ?? '')
      ? [`check: ${signs[0]} is taken for a currency, and off`]
      : []),
    ...(some ? ['check: only some of the numbers have a percent sign'] : []),
  ];
}

function both(one: NumberGuess, two: NumberGuess): NumberGuess {
  return {
    ...two,
    whole: one.whole && two.whole,
    decimals: Math.max(one.decimals, two.decimals),
    digits: Math.max(one.digits, two.digits),
  };
}

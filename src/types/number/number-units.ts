import { CURRENCY_SIGN, CURRENCY_WORD } from '../../domain/currency.ts';
import { literal } from '../../sql/sql.ts';
import { ALIKE, escaped } from './number-signs.ts';

/** Blanks of all widths that people and programs put between a number and its unit. */
const BLANK = '[ \\x{00A0}\\x{202F}\\x{2009}]*';
const CURRENCY = `(?:${CURRENCY_SIGN}|${CURRENCY_WORD})`;

interface Signs {
  readonly decimalChar: string;
  readonly groupChar: string | null;
}

/**
 * Removes a currency before the number, behind it or on both sides, or one percent sign; text with anything else beside
 * the number is not changed, so that no pattern of numbers fits it. The number's sign may be before or behind the
 * currency. Letters directly before a decimal sign are refused (`EUR.50`); the dot of an abbreviation belongs to it
 * (`Rs.500`). One match without groups decides, and the number is cut out afterwards: groups around the list of codes
 * cost ten times as much.
 */
export function withoutUnits(signs: Signs, text: string): string {
  const decimal = escaped(signs.decimalChar);
  const group = signs.groupChar === null ? '' : inClass(signs.groupChar);
  const rest = `[0-9${decimal}${group}]*`;
  const any = `[0-9${decimal}]${rest}`;
  const behind = `(?:${BLANK}${CURRENCY})?`;
  const forms = [
    `${any}(?:${BLANK}(?:%|${CURRENCY}))?`,
    `%${BLANK}${any}`,
    `${CURRENCY_SIGN}${BLANK}[+-]?${BLANK}${any}${behind}`,
    `${CURRENCY_WORD}(?:${BLANK}[+-]?${BLANK}[0-9]${rest}|${BLANK.replace('*', '+')}[+-]?${any})${behind}`,
  ];
  const allowed = literal(`${BLANK}[+-]?${BLANK}(?:${forms.join('|')})${BLANK}`);
  return bound(text, 'shown', (shown) => {
    const bare = `regexp_replace(${shown}, '\\pL\\.|[\\pL\\p{Sc}%]', '', 'g')`;
    const trimmed = `regexp_replace(${bare}, ${literal(`^${BLANK}([+-]?)${BLANK}(.*?)${BLANK}$`)}, '\\1\\2')`;
    return `CASE WHEN regexp_full_match(${shown}, ${allowed}) THEN ${trimmed} ELSE ${shown} END`;
  });
}

/**
 * Accounting notation: a number in brackets, or with the minus behind it, is negative. With a second sign inside it is
 * not a number.
 */
export function signed({ bareNumber }: { readonly bareNumber: boolean }, text: string): string {
  const unit = bareNumber ? '' : '[^0-9()+-]*';
  // Text outside the brackets stays separate from the digits, or the dot of `.(5)` would become a decimal sign.
  const apart = bareNumber ? '' : ' ';
  const brackets = literal(`^(${unit})\\(([^()+-]*)\\)(${unit})$`);
  // `5.-` is a price without cents, not a negative number.
  const behind = literal(`^([^()+-]*[0-9])${BLANK}-(${unit})$`);
  return bound(
    text,
    'amount',
    (amount) =>
      `CASE WHEN regexp_matches(${amount}, ${brackets}) THEN regexp_replace(${amount}, ${brackets}, '-\\1${apart}\\2${apart}\\3')
        WHEN regexp_matches(${amount}, ${behind}) THEN regexp_replace(${amount}, ${behind}, '-\\1${apart}\\2') ELSE ${amount} END`,
  );
}

/** The expression is worked out once, whatever is made of it. */
function bound(text: string, name: string, made: (name: string) => string): string {
  return `(list_transform([${text}], lambda ${name}: ${made(name)})[1])`;
}

function inClass(groupChar: string): string {
  return ALIKE[groupChar]?.slice(1, -1) ?? escaped(groupChar);
}

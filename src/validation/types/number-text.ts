import type { Field } from '../../domain/dataset.ts';
import { literal } from '../../warehouse/sql.ts';

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/**
 * Number text with `.` as its decimal sign and nothing else beside digits and sign; null where groups are not of three
 * digits (two or three before the last, as in Indian numbers), so that `12,5` never becomes 125.
 */
export function bareNumber(field: Field, text: string): string {
  const shown = field.percent === 'fraction' ? `rtrim(${text})` : text;
  const hundredth = `suffix(${shown}, '%')`;
  let out = `replace(${text}, chr(8722), '-')`;
  if (field.accounting) out = signed(field, out);
  if (!field.bareNumber) out = withoutUnits(field, out);
  const { decimalChar } = field;
  if (field.groupChar !== null) out = withoutGroups(field, field.groupChar, out);
  // A dot is no decimal sign here: it must not become one.
  if (decimalChar !== '.')
    out = `(CASE WHEN contains(${out}, '.') THEN NULL ELSE replace(${out}, ${literal(decimalChar)}, '.') END)`;
  return field.percent === 'fraction'
    ? `(CASE WHEN ${hundredth} THEN ${hundredthOf(out)} ELSE ${out} END)`
    : out;
}

/** Signs that people type for each other: spaces of all widths, apostrophes straight and curly. */
const ALIKE: Record<string, string> = {
  ' ': '[ \\x{00A0}\\x{202F}\\x{2009}]',
  "'": "['\\x{2019}]",
  '\u2019': "['\\x{2019}]",
};

function withoutGroups({ decimalChar }: Field, groupChar: string, text: string): string {
  const group = ALIKE[groupChar] ?? escaped(groupChar);
  const decimal = escaped(decimalChar);
  const plain = literal(`[+-]?[0-9]*(${decimal}[0-9]*)?`);
  const grouped = literal(`[+-]?[0-9]{1,3}(${group}[0-9]{2,3})*${group}[0-9]{3}(${decimal}[0-9]*)?`);
  return `(CASE WHEN regexp_full_match(${text}, ${plain}) THEN ${text}
      WHEN regexp_full_match(${text}, ${grouped}) THEN regexp_replace(${text}, ${literal(group)}, '', 'g') END)`;
}

/** Currency and percent signs before and after; brackets and a trailing minus are left in, for they change the sign. */
function withoutUnits(field: Field, text: string): string {
  const signs = escaped(field.decimalChar);
  const pattern = `^([+-]?)[^0-9+()${signs}-]*([+-]?[0-9${signs}].*?)[^0-9()+-]*$`;
  return `regexp_replace(${text}, ${literal(pattern)}, '\\1\\2')`;
}

/** As bookkeepers write it: in brackets, or with the minus behind, is below zero. A second sign inside makes it no number. */
function signed({ bareNumber }: Field, text: string): string {
  const unit = bareNumber ? '' : '[^0-9()+-]*';
  const brackets = literal(`^(${unit})\\(([^()+-]*)\\)(${unit})$`);
  const behind = literal(`^([^()+-]*[0-9.,])[ \\x{00A0}]*-(${unit})$`);
  return `(CASE WHEN regexp_matches(${text}, ${brackets}) THEN regexp_replace(${text}, ${brackets}, '-\\1\\2\\3')
      WHEN regexp_matches(${text}, ${behind}) THEN regexp_replace(${text}, ${behind}, '-\\1\\2') ELSE ${text} END)`;
}

/** The decimal point two digits to the left, in the text: dividing would go through binary numbers. */
function hundredthOf(text: string): string {
  const taken = (n: number) => `regexp_extract(${text}, '^([+-]?)([0-9]*)[.]?([0-9]*)$', ${n})`;
  const whole = `lpad(${taken(2)}, greatest(length(${taken(2)}), 3)::INTEGER, '0')`;
  return `(CASE WHEN regexp_full_match(${text}, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)')
      THEN ${taken(1)} || left(${whole}, -2) || '.' || right(${whole}, 2) || ${taken(3)} END)`;
}

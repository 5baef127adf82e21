import type { Field } from '../../domain/dataset.ts';
import { literal } from '../../sql/sql.ts';
import { ALIKE, escaped } from './number-signs.ts';
import { signed, withoutUnits } from './number-units.ts';

/**
 * Number text with `.` as its decimal sign and nothing else beside digits and sign; null where groups are not of three
 * digits (two or three before the last, as in Indian numbers), so that `12,5` never becomes 125.
 */
export function bareNumber(field: Field, text: string): string {
  const hundredth = `contains(${text}, '%')`;
  let out = `replace(${text}, chr(8722), '-')`;
  if (field.accounting) out = signed(field, out);
  if (!field.bareNumber) out = withoutUnits(field, out);
  const { decimalChar } = field;
  if (field.groupChar !== null) out = withoutGroups(field, field.groupChar, out);
  // A dot is not the decimal sign here, so it must not become one.
  if (decimalChar !== '.')
    out = `(CASE WHEN contains(${out}, '.') THEN NULL ELSE replace(${out}, ${literal(decimalChar)}, '.') END)`;
  return field.percent === 'fraction'
    ? `(CASE WHEN ${hundredth} THEN ${hundredthOf(out)} ELSE ${out} END)`
    : out;
}

function withoutGroups({ decimalChar }: Field, groupChar: string, text: string): string {
  const group = ALIKE[groupChar] ?? escaped(groupChar);
  const decimal = escaped(decimalChar);
  const plain = literal(`[+-]?[0-9]*(${decimal}[0-9]*)?`);
  const grouped = literal(`[+-]?[0-9]{1,3}(${group}[0-9]{2,3})*${group}[0-9]{3}(${decimal}[0-9]*)?`);
  return `(CASE WHEN regexp_full_match(${text}, ${plain}) THEN ${text}
      WHEN regexp_full_match(${text}, ${grouped}) THEN regexp_replace(${text}, ${literal(group)}, '', 'g') END)`;
}

/** Moves the decimal point two digits to the left, in the text: a division would go through binary numbers. */
function hundredthOf(text: string): string {
  const taken = (n: number) => `regexp_extract(${text}, '^([+-]?)([0-9]*)[.]?([0-9]*)$', ${n})`;
  const whole = `lpad(${taken(2)}, greatest(length(${taken(2)}), 3)::INTEGER, '0')`;
  return `(CASE WHEN regexp_full_match(${text}, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)')
      THEN ${taken(1)} || left(${whole}, -2) || '.' || right(${whole}, 2) || ${taken(3)} END)`;
}

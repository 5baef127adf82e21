import type { Field } from '../../domain/dataset.ts';
import { literal } from '../../warehouse/sql.ts';

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/**
 * Number text with `.` as its decimal sign and nothing else beside digits and sign; null where groups are not of three
 * digits (two or three before the last, as in Indian numbers), so that `12,5` never becomes 125.
 */
export function bareNumber(field: Field, text: string): string {
  let out = field.bareNumber ? text : withoutUnits(field, text);
  const { groupChar, decimalChar } = field;
  if (groupChar !== null) {
    const group = groupChar === ' ' ? '[ \\x{00A0}\\x{202F}\\x{2009}]' : escaped(groupChar);
    const decimal = escaped(decimalChar);
    const plain = literal(`[+-]?[0-9]*(${decimal}[0-9]*)?`);
    const grouped = literal(`[+-]?[0-9]{1,3}(${group}[0-9]{2,3})*${group}[0-9]{3}(${decimal}[0-9]*)?`);
    out = `(CASE WHEN regexp_full_match(${out}, ${plain}) THEN ${out}
      WHEN regexp_full_match(${out}, ${grouped}) THEN regexp_replace(${out}, ${literal(group)}, '', 'g') END)`;
  }
  if (decimalChar === '.') return out;
  // A dot is no decimal sign here: it must not become one.
  return `(CASE WHEN contains(${out}, '.') THEN NULL ELSE replace(${out}, ${literal(decimalChar)}, '.') END)`;
}

/** Currency and percent signs before and after; brackets and a trailing minus are left in, for they change the sign. */
function withoutUnits(field: Field, text: string): string {
  const signs = escaped(field.decimalChar);
  const pattern = `^([+-]?)[^0-9+()${signs}-]*([+-]?[0-9${signs}].*?)[^0-9()+-]*$`;
  return `regexp_replace(${text}, ${literal(pattern)}, '\\1\\2')`;
}

import type { Field } from '../../domain/dataset.ts';

/** How to fix a text that is no number of the field; `expected` says what is. Null where the text shows no reason. */
export function numberCure(
  field: Field,
  value: string,
  { isWhole, expected }: { readonly isWhole: boolean; readonly expected: string },
): string | null {
  if (/^[+-]?[\d.,\s]*\d[eE][+-]?\d+$/.test(value)) return 'Write the number out, without an exponent.';
  if (/[^\d\s.,+-]/.test(value))
    return `Leave only the number in the cell${field.bareNumber ? ', without unit or sign' : ''}.`;
  const places = decimals(field, value, isWhole);
  if (places !== null && places > (isWhole ? 0 : (field.scale ?? places)))
    return `Round it, if that is right: expected is ${expected}.`;
  if (places !== null) return `Correct the number, it is too large: expected is ${expected}.`;
  if (!/[.,]/.test(value)) return null;
  const groups =
    field.groupChar === null ? ' and no thousands sign' : ` and thousands with '${field.groupChar}'`;
  return `Write decimals with '${field.decimalChar}'${groups}; expected is ${expected}.`;
}

/** Number of decimals of a number as the field writes it; null where the text is not a number. */
function decimals(field: Field, value: string, isWhole: boolean): number | null {
  const [whole, fraction = '', ...more] = value.trim().split(field.decimalChar);
  const plain = more.length === 0 && /^[+-]?\d+$/.test(whole ?? '') && /^\d*$/.test(fraction);
  if (!plain) return null;
  // 5.0 is not a whole number as text; in 5.10 the last zero is not a decimal too many.
  return isWhole ? value.trim().length - (whole ?? '').length : fraction.replace(/0+$/, '').length;
}

/** How numbers are written: the sign before the decimals, and the sign between thousands; null where there is none. */
export interface DecimalMarks {
  readonly decimal: ',' | '.';
  readonly group: string | null;
}

const GROUPS = [',', '.', ' ', '\u00a0', '\u202f', "'", '’'] as const;

/**
 * The one notation in which all of these texts are numbers. Null where there is none, or where two notations would read
 * them differently, such as 1,234 alone.
 */
export function decimalMarks(texts: readonly string[]): DecimalMarks | null {
  if (texts.length === 0) return null;
  const fitting = ([',', '.'] as const).flatMap((decimal): DecimalMarks[] => {
    const plain = new RegExp(`^[-+]?\\d+(?:\\${decimal}\\d+)?$`);
    if (texts.every((text) => plain.test(text))) return [{ decimal, group: null }];
    return GROUPS.filter((group) => group !== decimal).flatMap((group) => {
      const shape = new RegExp(`^[-+]?(?:\\d+|\\d{1,3}(?:[${group}]\\d{3})+)(?:\\${decimal}\\d+)?$`);
      return texts.every((text) => shape.test(text)) ? [{ decimal, group }] : [];
    });
  });
  const [only, second] = fitting;
  return only !== undefined && second === undefined ? only : null;
}

/** Digits that any BIGINT needs before the point. */
const BIGINT_DIGITS = 19;

/**
 * Whether every value of a column's type keeps its exact value in the other type, so that the change needs no decision
 * of a person. Types in the shared words of `ColumnInfo.type`.
 */
export function isWidening(from: string, to: string): boolean {
  const [before, after] = [decimal(from), decimal(to)];
  if (from === 'SMALLINT' && to === 'BIGINT') return true;
  if ((from === 'SMALLINT' || from === 'BIGINT') && after) return after.whole >= BIGINT_DIGITS;
  if (before && after) return after.whole >= before.whole && after.scale >= before.scale;
  const [length, longer] = [textLength(from), textLength(to)];
  return length !== null && longer !== null && longer > length;
}

function decimal(type: string): { readonly whole: number; readonly scale: number } | null {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined) return null;
  return { whole: Number(precision) - Number(scale), scale: Number(scale) };
}

function textLength(type: string): number | null {
  const [word, length] = /^VARCHAR(?:\((\d+)\))?$/.exec(type) ?? [];
  if (word === undefined) return null;
  return length === undefined ? Number.POSITIVE_INFINITY : Number(length);
}

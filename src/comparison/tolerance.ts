import { didYouMean } from '../domain/did-you-mean.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { isWhole, type Tolerance } from '../promotion/change/cell-differs.ts';
import type { PairedColumn } from '../promotion/change/delta.ts';

/** Reads `0.01`, `1%`, `income=0.5`; null where the text is none of these. */
export function parseTolerance(text: string): Tolerance | null {
  const found = /^(?:(.+)=)?(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text.trim());
  if (!found) return null;
  const relative = found[3] === '%';
  return { column: found[1] ?? null, value: Number(found[2]) / (relative ? 100 : 1), relative, text };
}

/**
 * The tolerance of each column of numbers; a tolerance for a named column overrides the general one. Refuses names that
 * are not columns of numbers.
 */
export function toleranceOf(
  columns: readonly PairedColumn[],
  wanted: readonly Tolerance[],
): ReadonlyMap<string, Tolerance> {
  const numbers = columns.filter((column) => isNumber(column.type)).map((column) => column.name);
  const out = new Map<string, Tolerance>();
  for (const one of wanted.filter((each) => each.column === null))
    for (const name of numbers) out.set(name, one);
  for (const one of wanted) {
    if (one.column === null) continue;
    if (!numbers.includes(one.column)) {
      const meant = didYouMean(one.column, numbers);
      throw new TidemarkError('usage', {
        message: `'${one.column}' is not a column of numbers to compare${meant ? `; did you mean '${meant}'?` : '.'}`,
        hint: `Columns of numbers: ${numbers.join(', ') || 'none'}.`,
      });
    }
    out.set(one.column, one);
  }
  return out;
}

/** Years are not numbers to calculate with. */
function isNumber(type: string): boolean {
  return isWhole(type) || /^(DOUBLE|FLOAT|DECIMAL|NUMERIC)/.test(type);
}

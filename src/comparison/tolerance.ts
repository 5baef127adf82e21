import { didYouMean } from '../domain/did-you-mean.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ident, raw, type Sql, sql } from '../sql/sql.ts';
import type { PairedColumn } from './delta.ts';

/** How far two numbers may be apart and still count as equal: by a difference, or by a share of the value before. */
export interface Tolerance {
  /** Null: every column of numbers. */
  readonly column: string | null;
  readonly value: number;
  readonly relative: boolean;
  readonly text: string;
}

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

function isWhole(type: string): boolean {
  return /^(BIGINT|INTEGER|HUGEINT)$/.test(type);
}

/** The error that a double may have where decimal fractions were meant: 1.1 and 1.0 differ by a tenth. */
const ROUNDING = 1e-12;

/** Whether the two values of a paired column differ; null and a value always do, two nulls never do. */
export function cellDiffers(column: PairedColumn, alias: string, tolerance: Tolerance | undefined): Sql {
  const before = ident(alias, `b${column.index}`);
  const after = ident(alias, `a${column.index}`);
  const differ = sql`${before} IS DISTINCT FROM ${after}`;
  if (tolerance === undefined) return differ;
  // Whole numbers at the two ends of BIGINT differ by more than a BIGINT can hold.
  const wide = (value: Sql) => (isWhole(column.type) ? sql`CAST(${value} AS DECIMAL(38,0))` : value);
  const double = (value: Sql) => sql`CAST(${value} AS DOUBLE PRECISION)`;
  const apart = double(sql`abs(${wide(before)} - ${wide(after)})`);
  const size = double(sql`abs(${wide(before)})`);
  const limit = raw((tolerance.value * (1 + ROUNDING)).toExponential());
  const slack = column.type === 'DOUBLE' ? sql` + ${raw(ROUNDING.toExponential())} * ${size}` : raw('');
  const allowed = tolerance.relative ? sql`CAST(${limit} AS DOUBLE PRECISION) * ${size}` : double(limit);
  return sql`(${differ} AND NOT COALESCE(${apart} <= ${allowed}${slack}, false))`;
}

import { ident, raw, type Sql, sql } from '../../sql/sql.ts';
import type { PairedColumn } from './delta.ts';

/** How far two numbers may be apart and still count as equal: by a difference, or by a share of the value before. */
export interface Tolerance {
  /** Null: every column of numbers. */
  readonly column: string | null;
  readonly value: number;
  readonly relative: boolean;
  readonly text: string;
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

export function isWhole(type: string): boolean {
  return /^(BIGINT|INTEGER|HUGEINT)$/.test(type);
}

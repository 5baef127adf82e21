import { type Sql, sql } from '../../sql/sql.ts';

/** A value as text, the same on every engine; null stays null. Only JSON stays as the engine keeps it. */
export function canonicalText(value: Sql, type: string): Sql {
  const text = sql`CAST(${value} AS VARCHAR)`;
  if (type !== 'DOUBLE' && type !== 'FLOAT') return text;
  // Between these bounds every engine writes plain digits, and a whole number with or without a `.0`. The mark at the
  // end makes it easy to find: a pattern takes ten times as long.
  return sql`CASE WHEN ${value} = 0 THEN '0'
    WHEN abs(${value}) >= 0.001 AND abs(${value}) < 1e15 THEN replace(${text} || '.', '.0.', '.')
    ELSE ${canonicalDouble(text)} END`;
}

/**
 * Engines write the same shortest digits of a double in different layouts (`1e+15`, `1000000000000000.0`). Here: the
 * digits without zeros at the ends, then the power of ten of a decimal point before the first digit.
 */
function canonicalDouble(text: Sql): Sql {
  const plain = sql`ltrim(lower(${text}), '-')`;
  const mantissa = sql`split_part(${plain}, 'e', 1)`;
  const whole = sql`split_part(${mantissa}, '.', 1)`;
  const digits = sql`(${whole} || split_part(${mantissa}, '.', 2))`;
  const leading = sql`(length(${digits}) - length(ltrim(${digits}, '0')))`;
  const power = sql`COALESCE(CAST(NULLIF(split_part(${plain}, 'e', 2), '') AS INTEGER), 0)`;
  return sql`CASE WHEN ${text} IS NULL THEN NULL
    WHEN ${plain} LIKE '%n%' THEN replace(lower(${text}), 'infinity', 'inf')
    WHEN ltrim(${digits}, '0') = '' THEN '0'
    ELSE CASE WHEN ${text} LIKE '-%' THEN '-' ELSE '' END || rtrim(ltrim(${digits}, '0'), '0') || 'e'
      || CAST(${power} + length(${whole}) - ${leading} AS VARCHAR) END`;
}

import type { Field } from '../../domain/dataset.ts';
import { literal } from '../../warehouse/sql.ts';
import { bareNumber } from './number-text.ts';
import { type CellNames, isKind, type TypeRule, type TypeSql } from './type-sql.ts';

const PLAIN = "'[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)'";
const WITH_EXPONENT = "'[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?'";

export const number: TypeRule = (field, names) =>
  field.precision === null ? double(field, names) : decimal(field, names, field.precision, field.scale ?? 0);

/** Binary numbers: `NaN`, `infinity` and exponents cast and even print back, so the pattern decides. */
function double(field: Field, names: CellNames): TypeSql {
  const text = bareNumber(field, names.text);
  const finite = (value: string) => `CASE WHEN isfinite(${value}) THEN ${value} END`;
  return {
    cast: `TRY_CAST(${names.raw} AS DOUBLE)`,
    quick:
      field.decimalChar === '.'
        ? `regexp_full_match(${names.raw}, ${PLAIN}) AND isfinite(${names.cast})`
        : 'false',
    sound: null,
    quickValue: names.cast,
    parse: `CASE WHEN ${isKind(names, 'd', 't', 'b')} THEN NULL
      WHEN ${isKind(names, 'n')} AND regexp_full_match(${names.text}, ${WITH_EXPONENT})
        THEN ${finite(`TRY_CAST(${names.text} AS DOUBLE)`)}
      WHEN regexp_full_match(${text}, ${PLAIN}) THEN ${finite(`TRY_CAST(${text} AS DOUBLE)`)} END`,
  };
}

/** Exact numbers: more decimals than the scale holds are an error, never rounded. */
function decimal(field: Field, names: CellNames, precision: number, scale: number): TypeSql {
  const type = `DECIMAL(${precision},${scale})`;
  const text = bareNumber(field, names.text);
  const fits = `'[+-]?([0-9]+(\\.[0-9]{0,${scale}}0*)?|\\.[0-9]{0,${scale}}0*)'`;
  const swap = (value: string, from: string, to: string) =>
    field.decimalChar === '.' ? value : `replace(${value}, ${literal(from)}, ${literal(to)})`;
  return {
    cast: `TRY_CAST(${swap(names.raw, field.decimalChar, '.')} AS ${type})`,
    quick: `${swap(`${names.cast}::VARCHAR`, '.', field.decimalChar)} = ${names.raw}`,
    // 12.3 prints back as 12.30.
    sound:
      field.decimalChar === '.'
        ? `regexp_full_match(${names.raw}, ${PLAIN}) AND regexp_full_match(${names.raw}, ${fits}) AND ${names.cast} IS NOT NULL`
        : null,
    quickValue: names.cast,
    parse: `CASE WHEN ${isKind(names, 'd', 't', 'b')} THEN NULL
      WHEN ${isKind(names, 'n')} THEN ${binaryToDecimal(names.text, type, fits)}
      WHEN regexp_full_match(${text}, ${PLAIN}) AND regexp_full_match(${text}, ${fits}) THEN TRY_CAST(${text} AS ${type}) END`,
  };
}

/**
 * A workbook stores 12.34 as 12.340000000000002 at times: its numbers count as Excel shows them, with 15 digits.
 * What then still has more decimals than fit is an error.
 */
function binaryToDecimal(text: string, type: string, fits: string): string {
  const shown = `format('{:.15g}', TRY_CAST(${text} AS DOUBLE))`;
  const value = `TRY_CAST(${shown} AS ${type})`;
  return `(CASE WHEN regexp_full_match(${text}, ${fits}) THEN TRY_CAST(${text} AS ${type})
      WHEN regexp_full_match(${text}, ${WITH_EXPONENT}) AND format('{:.15g}', ${value}::DOUBLE) = ${shown} THEN ${value} END)`;
}

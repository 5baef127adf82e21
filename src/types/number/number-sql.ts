import type { Field } from '../../domain/dataset.ts';
import { literal } from '../../sql/sql.ts';
import { type CellNames, isKind, type TypeRule, type TypeSql } from '../type-sql.ts';
import { bareNumber } from './number-text.ts';

const PLAIN = "'[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)'";
const WITH_COMMA = "'[+-]?([0-9]+(,[0-9]*)?|,[0-9]+)'";
const WITH_EXPONENT = "'[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?'";

export const numberSql: TypeRule = (field, names) =>
  field.precision === null ? double(field, names) : decimal(field, names, field.precision, field.scale ?? 0);

/** Binary numbers: `NaN`, `infinity` and exponents cast and even print back, so the pattern decides. */
function double(field: Field, names: CellNames): TypeSql {
  const text = bareNumber(field, names.text);
  // The engine's Parquet hides -0 from the condition n = 0 (its bloom filters hash the bits), so -0 is kept as 0.
  const finite = (value: string) =>
    `CASE WHEN ${value} = 0 THEN 0::DOUBLE WHEN isfinite(${value}) THEN ${value} END`;
  const point = field.decimalChar === '.';
  const comma = field.decimalChar === ',';
  const plain = `regexp_full_match(${names.raw}, ${point ? PLAIN : WITH_COMMA}) AND isfinite(${names.cast})`;
  const cast = names.cast;
  return {
    cast: `TRY_CAST(${point ? names.raw : `replace(${names.raw}, ${literal(field.decimalChar)}, '.')`} AS DOUBLE)`,
    // Fifteen digits always fit; of more digits some may be lost, which has to be reported.
    quick: point || comma ? `strlen(${names.raw}) <= 15 AND ${plain}` : 'false',
    sound: point ? `${plain} AND ${names.cast}::VARCHAR = ${names.raw}` : null,
    quickValue: `CASE WHEN ${cast} = 0 THEN 0::DOUBLE ${noiseOff(names, names.raw, cast)} ELSE ${cast} END`,
    parse: `CASE WHEN ${isKind(names, 'd', 't', 'b', 'l')} THEN NULL
      WHEN ${isKind(names, 'n', 'w')} AND regexp_full_match(${names.text}, ${WITH_EXPONENT})
        THEN CASE WHEN false THEN NULL ${noiseOff(names, names.text, `TRY_CAST(${names.text} AS DOUBLE)`)}
          ELSE ${finite(`TRY_CAST(${names.text} AS DOUBLE)`)} END
      WHEN regexp_full_match(${text}, ${PLAIN}) THEN ${finite(`TRY_CAST(${text} AS DOUBLE)`)} END`,
  };
}

/**
 * A calculation leaves 1.2000000000000002 in a workbook where the sheet shows 1.2: zeros or nines up to the last of 16
 * or 17 digits are noise, and the 15 digits of a sheet count. Whole numbers are exact.
 */
function noiseOff(names: CellNames, text: string, value: string): string {
  if (names.kind === null) return '';
  const isNoise = `strlen(${text}) > 16 AND contains(${text}, '.') AND regexp_matches(${text}, '(00|99)[0-9]{1,2}$')`;
  return `WHEN ${isKind(names, 'n')} AND ${isNoise} THEN TRY_CAST(format('{:.15g}', ${value}) AS DOUBLE)`;
}

/**
 * True where a binary number does not have the digits of its text, neither printed in its shortest form nor with as
 * many digits as the text has. 9007199254740993 becomes …992; 0.10000000000000001 loses nothing. The numbers of
 * workbooks and of JSON have their own notation.
 */
export function digitsLost(field: Field, text: string, kind: string | null): string {
  const own = `regexp_replace(${text}, '[eE].*$', '')`;
  const bare = bareNumber(field, text);
  const written = kind === null ? bare : `(CASE WHEN ${kind} IN ('n', 'w') THEN ${own} ELSE ${bare} END)`;
  const exact = kind === null ? bare : `(CASE WHEN ${kind} IN ('n', 'w') THEN ${text} ELSE ${bare} END)`;
  const value = `TRY_CAST(${exact} AS DOUBLE)`;
  const digits = `ltrim(regexp_replace(${written}, '[^0-9]', '', 'g'), '0')`;
  const significant = (number: string) =>
    `trim(regexp_replace(regexp_replace(${number}, '[eE].*$', ''), '[^0-9]', '', 'g'), '0')`;
  const printed = `printf('%.*e', least(length(${digits}) - 1, 60)::INTEGER, ${value})`;
  return `(length(${digits}) > 15 AND ${significant(`${value}::VARCHAR`)} <> rtrim(${digits}, '0')
    AND ${significant(printed)} <> rtrim(${digits}, '0'))`;
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
    parse: `CASE WHEN ${isKind(names, 'd', 't', 'b', 'l')} THEN NULL
      WHEN ${isKind(names, 'n')} THEN ${binaryToDecimal(names.text, type, fits)}
      WHEN ${isKind(names, 'w')} THEN ${writtenToDecimal(names.text, type, fits)}
      WHEN regexp_full_match(${text}, ${PLAIN}) AND regexp_full_match(${text}, ${fits}) THEN TRY_CAST(${text} AS ${type}) END`,
  };
}

/** Each digit of JSON counts. With an exponent it is a binary number as a program printed it. */
function writtenToDecimal(text: string, type: string, fits: string): string {
  const value = `TRY_CAST(${text} AS ${type})`;
  return `(CASE WHEN regexp_full_match(${text}, ${fits}) THEN ${value}
      WHEN contains(lower(${text}), 'e') AND ${value}::DOUBLE = TRY_CAST(${text} AS DOUBLE) THEN ${value} END)`;
}

/**
 * A workbook sometimes stores 12.34 as 12.340000000000002: its numbers count as Excel shows them, with 15 digits. If
 * they then still have more decimals than fit, that is an error. So are more digits than a binary number prints:
 * somebody wrote them out, and each counts.
 */
function binaryToDecimal(text: string, type: string, fits: string): string {
  const shown = `format('{:.15g}', TRY_CAST(${text} AS DOUBLE))`;
  const value = `TRY_CAST(CASE WHEN contains(lower(${text}), 'e') THEN ${shown} ELSE ${text} END AS ${type})`;
  const digits = `length(ltrim(regexp_replace(${text}, '[eE].*$|[^0-9]', '', 'g'), '0'))`;
  return `(CASE WHEN regexp_full_match(${text}, ${fits}) THEN TRY_CAST(${text} AS ${type})
      WHEN regexp_full_match(${text}, ${WITH_EXPONENT}) AND ${digits} <= 17 AND format('{:.15g}', ${value}::DOUBLE) = ${shown} THEN ${value} END)`;
}

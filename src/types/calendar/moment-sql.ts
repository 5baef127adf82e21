import type { Field } from '../../domain/dataset.ts';
import { literal } from '../../sql/sql.ts';
import { type CellNames, isKind, type TypeRule, type TypeSql } from '../type-sql.ts';
import { hasNames, inDigits, inFormat, strptime } from './by-format.ts';
import { HOURS_AHEAD, strptimeFormat, YEAR } from './strptime.ts';

const ISO_DATE = `${YEAR}-[0-9]{2}-[0-9]{2}`;
const clock = (point: string): string =>
  `([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](${point}[0-9]{1,6}0*)?)?`;
const CLOCK = clock('[.,]');
const OFFSET = `( ?(Z|${HOURS_AHEAD}))`;
/** The end of a text with a time of day and an offset behind it; the first group is the end of the time. */
const WITH_OFFSET = `(:[0-9]{2}(?:[.,][0-9]+)?) ?(?:Z|${HOURS_AHEAD})$`;

/** True where the text of a date and time has an offset. */
export function carriesOffset(text: string): string {
  return `regexp_matches(${text}, '${WITH_OFFSET}')`;
}

interface Moment {
  readonly type: 'DATE' | 'TIMESTAMP' | 'TIME';
  /** A text in the default format, and its value. */
  readonly pattern: string;
  readonly read: (text: string, offset: 'utc' | null) => string;
  /** The value, or null where it is not a valid one. */
  readonly held: (value: string) => string;
  /** True for a valid value: `infinity`, years past 9999 and 24:00:00 can be cast, and print back unchanged. */
  readonly within: (value: string) => string;
  /** Text that needs no cleaning, although it prints differently: with a T, without seconds, with zeros at its end. */
  readonly plain: string | null;
  /** Kind of the workbook cells that hold such values, always written in the default format. */
  readonly kind: 'd' | 't';
}

const withinYears = (value: string): string =>
  `${value} >= TIMESTAMP '0001-01-01' AND ${value} < TIMESTAMP '10000-01-01'`;

const DATE: Moment = {
  type: 'DATE',
  // A date cell may have a time; only midnight is a date.
  pattern: `${ISO_DATE}([T ]00:00(:00(\\.0+)?)?)?`,
  read: (text) => `TRY_CAST(left(${text}, 10) AS DATE)`,
  held: (value) => value,
  within: (value) => `${value} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'`,
  plain: null,
  kind: 'd',
};
const DATETIME: Moment = {
  type: 'TIMESTAMP',
  pattern: `${ISO_DATE}([T ]${CLOCK}${OFFSET}?)?`,
  // A cast with a time zone needs seconds.
  read: (text, offset) =>
    offset === null
      ? `TRY_CAST(regexp_replace(replace(${text}, ',', '.'), '${WITH_OFFSET}', '\\1') AS TIMESTAMP)`
      : `timezone('UTC', TRY_CAST(regexp_replace(replace(replace(${text}, ',', '.'), ' Z', 'Z'), '^(.{10}[T ][0-9]{1,2}:[0-9]{2})( ?[Z+-]|$)', '\\1:00\\2') AS TIMESTAMPTZ))`,
  // The last hours of the year 9999 west of Greenwich are in the year 10000.
  held: (value) => `list_filter([${value}], lambda x: ${withinYears('x')})[1]`,
  within: withinYears,
  plain: `${ISO_DATE}([T ]${clock('[.]')})?`,
  kind: 'd',
};
const TIME: Moment = {
  type: 'TIME',
  pattern: CLOCK,
  read: (text) => `TRY_CAST(replace(${text}, ',', '.') AS TIME)`,
  held: (value) => value,
  // 24:00:00 is a time for the engine, but not for a clock.
  within: (value) => `${value} < TIME '24:00:00'`,
  plain: clock('[.]'),
  kind: 't',
};

function moment(kind: Moment): TypeRule {
  return (field: Field, names: CellNames): TypeSql => {
    const { formats } = field;
    const own = names.kind === null ? 'false' : `${names.kind} = '${kind.kind}'`;
    const default_ = `CASE WHEN regexp_full_match(${names.text}, '${kind.pattern}') THEN ${kind.read(names.text, field.offset)} END`;
    const text = formats.map((format) => inFormat(field, format, names.text, kind.type));
    const strict = `CASE WHEN regexp_full_match(${names.text}, '${kind.type === 'DATE' ? ISO_DATE : kind.pattern}') THEN ${kind.read(names.text, field.offset)} END`;
    return {
      ...quickly(kind, field, names, own),
      sound: null,
      quickValue: names.cast,
      parse: kind.held(`CASE WHEN ${own} THEN ${default_}
        WHEN ${isKind(names, 'n', 'w')} THEN ${inDigits(field, names.text, kind.type)}
        WHEN ${isKind(names, 'b', 'l', kind.kind === 'd' ? 't' : 'd')} THEN NULL
        ELSE ${text.length === 0 ? strict : `coalesce(${text.join(', ')})`} END`),
    };
  };
}

/** A round trip through the first format: text that prints back unchanged needs no further test. */
function quickly(
  kind: Moment,
  field: Field,
  names: CellNames,
  own: string,
): { readonly cast: string; readonly quick: string } {
  const [first] = field.formats;
  const plain = first === undefined ? null : strptimeFormat(first, field.name).format;
  const iso = plain === null || (kind.type === 'DATE' && plain === '%Y-%m-%d');
  if (iso || names.kind !== null) {
    // With further formats it matters whether a workbook holds a date as text.
    const anyKind = names.kind === null || (iso && field.formats.length < 2);
    return {
      cast: `TRY_CAST(${names.raw} AS ${kind.type})`,
      quick: `${anyKind ? '' : `${own} AND `}${isPlain(kind, names)}`,
    };
  }
  // Names print back in English only; for other languages the pattern is the test.
  if (hasNames(field, first as string)) {
    const value = inFormat(field, first as string, names.raw, kind.type);
    return { cast: value, quick: kind.within(names.cast) };
  }
  const value = `${kind.type === 'TIME' ? `DATE '2000-01-01' + ` : ''}${names.cast}`;
  return {
    cast: strptime(names.raw, plain, kind.type),
    quick: `strftime(${value}, ${literal(plain)}) = ${names.raw}`,
  };
}

/**
 * True for text without any doubt: it prints back unchanged, which is the cheaper test, or has one of the plain forms.
 * Text with a T never prints back.
 */
function isPlain(kind: Moment, { raw, cast }: CellNames): string {
  const same = `CASE WHEN ${kind.within(cast)} THEN ${cast}::VARCHAR END = ${raw}`;
  if (kind.plain === null) return same;
  return `(CASE WHEN NOT contains(${raw}, 'T') AND ${same} THEN true
    WHEN ${kind.within(cast)} THEN regexp_full_match(${raw}, '${kind.plain}') ELSE false END)`;
}

export const dateSql = moment(DATE);
export const datetimeSql = moment(DATETIME);
export const timeSql = moment(TIME);

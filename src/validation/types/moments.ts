import type { Field } from '../../domain/dataset.ts';
import { literal } from '../../warehouse/sql.ts';
import { HOURS_AHEAD, strptimeFormat, YEAR } from './strptime.ts';
import { type CellNames, isKind, type TypeRule, type TypeSql } from './type-sql.ts';

const ISO_DATE = `${YEAR}-[0-9]{2}-[0-9]{2}`;
const CLOCK = '([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,6}0*)?)?';
const OFFSET = `( ?(Z|${HOURS_AHEAD}))`;

interface Moment {
  readonly type: 'DATE' | 'TIMESTAMP' | 'TIME';
  /** Text of the default format, and the value it has. */
  readonly pattern: string;
  readonly read: (text: string) => string;
  /** The value, or null where it is none of ours. */
  readonly held: (value: string) => string;
  /** Text as it prints in the default format; the quick test is a round trip. */
  readonly printed: (value: string) => string;
  /** Kind of the workbook cells that hold such values, always written in the default format. */
  readonly kind: 'd' | 't';
}

const DATE: Moment = {
  type: 'DATE',
  // A date cell may carry a time; only midnight is a date.
  pattern: `${ISO_DATE}([T ]00:00(:00(\\.0+)?)?)?`,
  read: (text) => `TRY_CAST(left(${text}, 10) AS DATE)`,
  held: (value) => value,
  // `infinity` and years past 9999 cast, and print back as they were.
  printed: (value) =>
    `CASE WHEN ${value} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN ${value}::VARCHAR END`,
  kind: 'd',
};
const DATETIME: Moment = {
  type: 'TIMESTAMP',
  pattern: `${ISO_DATE}([T ]${CLOCK}${OFFSET}?)?`,
  // The plain cast to TIMESTAMP ignores an offset, and the one with a zone wants seconds.
  read: (text) =>
    `timezone('UTC', TRY_CAST(regexp_replace(replace(replace(${text}, ',', '.'), ' Z', 'Z'), '^(.{10}[T ][0-9]{1,2}:[0-9]{2})( ?[Z+-]|$)', '\\1:00\\2') AS TIMESTAMPTZ))`,
  // The last hours of the year 9999 west of Greenwich are in the year 10000.
  held: (value) =>
    `list_filter([${value}], lambda x: x >= TIMESTAMP '0001-01-01' AND x < TIMESTAMP '10000-01-01')[1]`,
  printed: (value) =>
    `CASE WHEN ${value} >= TIMESTAMP '0001-01-01' AND ${value} < TIMESTAMP '10000-01-01' THEN ${value}::VARCHAR END`,
  kind: 'd',
};
const TIME: Moment = {
  type: 'TIME',
  pattern: CLOCK,
  read: (text) => `TRY_CAST(replace(${text}, ',', '.') AS TIME)`,
  held: (value) => value,
  // 24:00:00 is a time for the engine, and none for a clock.
  printed: (value) => `CASE WHEN ${value} < TIME '24:00:00' THEN ${value}::VARCHAR END`,
  kind: 't',
};

function moment(kind: Moment): TypeRule {
  return (field: Field, names: CellNames): TypeSql => {
    const formats = field.formats.map((format) => strptimeFormat(format, field.name));
    const first = formats[0];
    const iso = first === undefined || (kind.type === 'DATE' && first.format === '%Y-%m-%d');
    const own = names.kind === null ? 'false' : `${names.kind} = '${kind.kind}'`;
    const default_ = `CASE WHEN regexp_full_match(${names.text}, '${kind.pattern}') THEN ${kind.read(names.text)} END`;
    const text = formats.map(
      ({ format, pattern }) =>
        `CASE WHEN regexp_full_match(${names.text}, ${literal(pattern)}) THEN ${strptime(names.text, format, kind.type)} END`,
    );
    const strict = `CASE WHEN regexp_full_match(${names.text}, '${kind.type === 'DATE' ? ISO_DATE : kind.pattern}') THEN ${kind.read(names.text)} END`;
    const quickly =
      iso || names.kind !== null
        ? {
            cast: `TRY_CAST(${names.raw} AS ${kind.type})`,
            quick: `${iso ? '' : `${own} AND `}${kind.printed(names.cast)} = ${names.raw}`,
          }
        : {
            cast: strptime(names.raw, first.format, kind.type),
            quick: `strftime(${kind.type === 'TIME' ? `DATE '2000-01-01' + ` : ''}${names.cast}, ${literal(first.format)}) = ${names.raw}`,
          };
    return {
      ...quickly,
      sound: null,
      quickValue: names.cast,
      parse: kind.held(`CASE WHEN ${own} THEN ${default_}
        WHEN ${isKind(names, 'n', 'b', kind.kind === 'd' ? 't' : 'd')} THEN NULL
        ELSE ${text.length === 0 ? strict : `coalesce(${text.join(', ')})`} END`),
    };
  };
}

function strptime(text: string, format: string, type: Moment['type']): string {
  // The engine's reader knows no Z.
  const zoned = format.endsWith('%z') ? `regexp_replace(${text}, 'Z$', '+00:00')` : text;
  const read = `try_strptime(${zoned}, ${literal(format)})`;
  // With an offset the engine answers a moment with a zone: ours are UTC.
  return `(${format.includes('%z') ? `timezone('UTC', ${read})` : read})::${type}`;
}

export const date = moment(DATE);
export const datetime = moment(DATETIME);
export const time = moment(TIME);

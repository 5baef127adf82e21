import { boolean } from './boolean.ts';
import { date } from './calendar/date.ts';
import { datetime } from './calendar/datetime.ts';
import { time } from './calendar/time.ts';
import { year } from './calendar/year.ts';
import { yearmonth } from './calendar/yearmonth.ts';
import type { FieldType } from './field-type.ts';
import { array, object } from './json.ts';
import { integer } from './number/integer.ts';
import { number } from './number/number.ts';
import { text } from './text.ts';

/** All types of fields, in the order in which the documentation names them. */
export const TYPES: readonly FieldType[] = [
  text,
  integer,
  number,
  boolean,
  date,
  datetime,
  time,
  year,
  yearmonth,
  object,
  array,
];

const BY_NAME: ReadonlyMap<string, FieldType> = new Map(TYPES.map((type) => [type.name, type]));

/** The type of this name; the configuration lets no other names pass. */
export function typeOf(name: string): FieldType {
  const found = BY_NAME.get(name);
  if (found === undefined) throw new TypeError(`there is no field type '${name}'`);
  return found;
}

export function fieldType(field: { readonly type: string }): FieldType {
  return typeOf(field.type);
}

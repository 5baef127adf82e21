import type { FieldType } from '../../domain/dataset.ts';
import { boolean } from './boolean.ts';
import { integer } from './integer.ts';
import { array, object } from './json.ts';
import { date, datetime, time } from './moments.ts';
import { number } from './number.ts';
import { text } from './text.ts';
import type { TypeRule } from './type-sql.ts';
import { year, yearmonth } from './year.ts';

export const TYPE_RULES: Readonly<Record<FieldType, TypeRule>> = {
  string: text,
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
};

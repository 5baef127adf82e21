import type { FieldType } from '../field-type.ts';
import { isKind, type TypeRule } from '../type-sql.ts';
import { inDigits, inFormat } from './by-format.ts';
import { YEAR } from './strptime.ts';

const YEAR_MONTH = `'${YEAR}-(0[1-9]|1[0-2])'`;

const sql: TypeRule = (field, names) => {
  const formats = field.formats.map(
    (format) => `strftime(${inFormat(field, format, names.text, 'DATE')}, '%Y-%m')`,
  );
  const iso = `CASE WHEN regexp_full_match(${names.text}, ${YEAR_MONTH}) THEN ${names.text} END`;
  return {
    cast: null,
    quick: formats.length === 0 ? `regexp_full_match(${names.raw}, ${YEAR_MONTH})` : 'false',
    sound: null,
    quickValue: `nullif(${names.raw}, '')`,
    // Excel turns a typed 2025-06 into the first of June.
    parse: `CASE WHEN ${isKind(names, 'd')}
      THEN CASE WHEN regexp_full_match(${names.text}, '[0-9]{4}-[0-9]{2}-01([T ]00:00(:00(\\.0+)?)?)?') THEN left(${names.text}, 7) END
    WHEN ${isKind(names, 'n', 'w')} THEN strftime(${inDigits(field, names.text, 'DATE')}, '%Y-%m')
    WHEN ${isKind(names, 't', 'b', 'l')} THEN NULL
    ELSE ${formats.length === 0 ? iso : `coalesce(${formats.join(', ')})`} END`,
  };
};

export const yearmonth: FieldType = { name: 'yearmonth', column: () => 'VARCHAR(7)', sql };

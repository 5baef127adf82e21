import type { CellNames, TypeRule, TypeSql } from './type-sql.ts';

/** JSON text is kept as it is written. */
function json(type: 'OBJECT' | 'ARRAY'): TypeRule {
  return (_, names: CellNames): TypeSql => ({
    cast: null,
    quick: 'false',
    sound: null,
    quickValue: 'NULL::JSON',
    parse: `CASE WHEN json_valid(${names.text}) THEN CASE WHEN json_type(${names.text}) = '${type}' THEN ${names.text}::JSON END END`,
  });
}

export const object = json('OBJECT');
export const array = json('ARRAY');

import type { FieldType } from './field-type.ts';
import type { CellNames, TypeRule, TypeSql } from './type-sql.ts';

/**
 * The engine accepts a comma before a closing bracket, NaN and Infinity, which other readers refuse, PostgreSQL among
 * them. Without the strings they are easy to find.
 */
function strictly(text: string): string {
  const bare = `regexp_replace(${text}, '"([^"\\\\]|\\\\.)*"', '""', 'g')`;
  return `NOT regexp_matches(${bare}, ',\\s*[\\]}]|(?i)nan|inf')`;
}

/** JSON text is kept as it is written. */
function json(type: 'OBJECT' | 'ARRAY'): TypeRule {
  return (_, names: CellNames): TypeSql => ({
    cast: null,
    quick: 'false',
    sound: null,
    quickValue: 'NULL::JSON',
    parse: `CASE WHEN json_valid(${names.text}) AND ${strictly(names.text)}
      THEN CASE WHEN json_type(${names.text}) = '${type}' THEN ${names.text}::JSON END END`,
  });
}

export const object: FieldType = { name: 'object', column: () => 'JSON', sql: json('OBJECT') };
export const array: FieldType = { name: 'array', column: () => 'JSON', sql: json('ARRAY') };

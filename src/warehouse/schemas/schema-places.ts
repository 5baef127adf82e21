import { isSchemaWord, type SchemaWord } from '../../domain/schema-names.ts';
import { relationPlaces } from './relation-places.ts';
import { Neighbours, type SqlToken } from './sql-tokens.ts';

/** A word among the tokens that means a schema. */
export interface SchemaPlace {
  readonly i: number;
  readonly schema: SchemaWord;
}

export interface SchemaPlaces {
  /** Before the point of a name. */
  readonly qualifying: readonly SchemaPlace[];
  /** By themselves, as in `CREATE SCHEMA core`. */
  readonly alone: readonly SchemaPlace[];
}

/**
 * Where the five words mean schemas. An alias, a column, a table or a WITH query may be called like one: in a text that has
 * such a name too, the word is a schema where a table is named, and before a table that the text names elsewhere.
 */
export function schemaPlaces(tokens: readonly SqlToken[]): SchemaPlaces {
  const around = new Neighbours(tokens);
  const [alone, before]: [SchemaPlace[], SchemaPlace[]] = [[], []];
  const shared = new Set<SchemaWord>();
  for (const [i] of tokens.entries()) {
    const schema = around.name(i);
    if (!isSchemaWord(schema)) continue;
    if (around.sign(i + 1) === '.') {
      if (around.sign(i - 1) !== '.' && around.sign(i + 2) !== '*') before.push({ i, schema });
    } else if (isSchemaItself(around, i)) alone.push({ i, schema });
    else shared.add(schema);
  }
  if (!before.some(({ schema }) => shared.has(schema))) return { qualifying: before, alone };
  const places = relationPlaces(tokens);
  const tableAt = (i: number) => `${around.name(i)}.${around.name(i + 2)}`;
  const tables = new Set([...places].map(tableAt));
  const isTable = (i: number) => {
    const after = around.sign(i + 3);
    return places.has(i) || (after === '.' ? tables.has(tableAt(i)) : after === '(');
  };
  return { qualifying: before.filter(({ i, schema }) => !shared.has(schema) || isTable(i)), alone };
}

/** `CREATE SCHEMA core`, `DROP SCHEMA IF EXISTS core`, `ON SCHEMA core, mart`, `SET search_path = core, mart`. */
function isSchemaItself(around: Neighbours, i: number): boolean {
  let at = i;
  while (around.sign(at - 1) === ',') at -= 2;
  at--;
  if (around.sign(at) === '=' || around.word(at) === 'to') return around.word(at - 1) === 'search_path';
  while (['if', 'not', 'exists'].includes(around.word(at))) at--;
  return around.word(at) === 'schema';
}

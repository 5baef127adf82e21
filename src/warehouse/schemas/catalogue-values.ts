import { Neighbours, type SqlToken } from './sql-tokens.ts';

/** Columns of the catalogues of both engines that hold the name of a schema. */
const SCHEMA_COLUMNS = new Set([
  ...['nspname', 'schemaname', 'schema_name', 'table_schema', 'constraint_schema', 'sequence_schema'],
  ...['routine_schema', 'view_schema', 'trigger_schema', 'event_object_schema'],
]);

/** Functions that take the name of a table or sequence as a text. */
const OF_RELATIONS = new Set([
  ...['nextval', 'currval', 'setval', 'to_regclass', 'pg_get_serial_sequence', 'has_table_privilege'],
  ...['pg_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_total_relation_size'],
  ...['create_distributed_table', 'create_reference_table'],
]);

const OF_SCHEMAS = new Set(['to_regnamespace', 'has_schema_privilege']);

/** How many tokens of a list of values are searched backwards for the word before the list. */
const LOOKED_BACK = 40;

/** The meaning of a text, or of the place of a bound value, by the tokens around it; null for a mere value. */
export function catalogueMeaning(
  tokens: readonly SqlToken[],
  i: number,
): 'schema' | 'relation' | 'code' | null {
  const around = new Neighbours(tokens);
  const before = around.word(i - 1);
  if (before === 'do' || (before !== '' && around.word(i - 3) === 'do' && around.word(i - 2) === 'language'))
    return 'code';
  if (before === 'as' && definesFunction(tokens, i)) return 'code';
  const cast = around.sign(i + 1) === ':' ? around.word(i + 3) : before === '' ? around.word(i + 2) : '';
  if (cast === 'regclass') return 'relation';
  if (around.sign(i - 1) === '=' && SCHEMA_COLUMNS.has(around.name(i - 2))) return 'schema';
  const open = openingBracket(tokens, i);
  if (open === null) return null;
  const call = around.word(open - 1);
  const isOneOf = around.name(around.word(open - 2) === 'not' ? open - 3 : open - 2);
  if (call === 'in' && SCHEMA_COLUMNS.has(isOneOf)) return 'schema';
  if (OF_RELATIONS.has(call)) return 'relation';
  return OF_SCHEMAS.has(call) ? 'schema' : null;
}

/** The opening bracket of a list of values that this value is part of; null where anything else comes before it. */
function openingBracket(tokens: readonly SqlToken[], i: number): number | null {
  for (let at = i - 1; at >= Math.max(0, i - LOOKED_BACK); at--) {
    const { kind, text } = tokens[at] as SqlToken;
    if (kind === 'sign' && text === '(') return at;
    if (kind === 'sign' && text !== ',') return null;
    if (kind === 'quoted') return null;
  }
  return null;
}

/** `CREATE FUNCTION … AS $$ … $$`: the body is SQL as well. */
function definesFunction(tokens: readonly SqlToken[], i: number): boolean {
  for (let at = i - 1; at >= 0; at--) {
    const { kind, text } = tokens[at] as SqlToken;
    if (kind === 'sign' && text === ';') return false;
    if (kind === 'name' && /^(function|procedure)$/i.test(text)) return true;
  }
  return false;
}

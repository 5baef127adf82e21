import { isSchemaWord, SCHEMA_WORDS, type SchemaNames, type SchemaWord } from '../../domain/schema-names.ts';
import { quoteName } from '../sql.ts';
import { catalogueMeaning } from './catalogue-values.ts';
import { relationPlaces } from './relation-places.ts';
import { foldedName, Neighbours, type SqlToken, sqlTokens } from './sql-tokens.ts';

/** What a bound value is: the name of a schema alone, or of something in one, as `'core.citizens'`. */
export type HoleMeaning = 'schema' | 'relation';

export interface RenamedText {
  readonly text: string;
  /** The bound values that name schemas, by their place from 0 on. */
  readonly holes: ReadonlyMap<number, HoleMeaning>;
}

const MENTIONS = new RegExp(`\\b(${SCHEMA_WORDS.join('|')})\\b`, 'i');
/** Statements that name schemas in their values alone. */
const LOOKS_UP = /schema|nspname|regclass|(next|curr|set)val|create_(distributed|reference)_table/i;

/**
 * SQL text with the schemas' own names in the place of the five words: where a word stands before a point and not after
 * one, after SCHEMA, and as a text where the catalogue is asked. Texts, comments and quoted names otherwise stay as they
 * are, and so do aliases, columns and WITH queries that are called like a schema.
 */
export function renameSchemas(sql: string, names: SchemaNames): RenamedText {
  const holes = new Map<number, HoleMeaning>();
  if (!MENTIONS.test(sql) && !LOOKS_UP.test(sql)) return { text: sql, holes };
  const tokens = sqlTokens(sql);
  const edits = new Map<SqlToken, string>();
  renameQualified(tokens, names, edits);
  let cut = 0;
  for (const [i, token] of tokens.entries()) {
    const place = token.text === '\0' ? cut++ : Number(token.text.slice(1)) - 1;
    if (token.kind === 'name' || token.kind === 'quoted' || token.kind === 'sign') continue;
    const meaning = catalogueMeaning(tokens, i);
    if (meaning === null) continue;
    if (token.kind !== 'hole') edits.set(token, renamedLiteral(token.text, meaning, names));
    else if (meaning !== 'code') holes.set(place, meaning);
  }
  return { text: edited(sql, edits), holes };
}

/** A value that names a schema, or something in one, with the schema's own name. */
export function renameValue(value: string, meaning: HoleMeaning, names: SchemaNames): string {
  if (meaning === 'schema') return isSchemaWord(value) ? names[value] : value;
  const [first, point] = sqlTokens(value);
  if (first === undefined || point?.text !== '.') return value;
  const schema = foldedName(first);
  return isSchemaWord(schema) ? `${quoteName(names[schema])}${value.slice(point.at)}` : value;
}

function edited(sql: string, edits: ReadonlyMap<SqlToken, string>): string {
  let out = '';
  let from = 0;
  for (const [{ at, text }, instead] of [...edits].sort(([one], [two]) => one.at - two.at)) {
    out += sql.slice(from, at) + instead;
    from = at + text.length;
  }
  return out + sql.slice(from);
}

/** The text inside quotes or dollar quotes, renamed; what stands around it stays. */
function renamedLiteral(written: string, meaning: HoleMeaning | 'code', names: SchemaNames): string {
  const renamed = (inner: string) =>
    meaning === 'code' ? renameSchemas(inner, names).text : renameValue(inner, meaning, names);
  const [, tag = '', body] = /^(\$[^$]*\$)([\s\S]*)\1$/.exec(written) ?? [];
  if (body !== undefined) return `${tag}${renamed(body)}${tag}`;
  const open = written.indexOf("'") + 1;
  const inner = renamed(written.slice(open, -1).replaceAll("''", "'"));
  return `${written.slice(0, open)}${inner.replaceAll("'", "''")}'`;
}

/** What the words of the five schemas are where they stand in a text. */
interface Mentions {
  /** Before a point and not after one: a schema, or a table or alias that is called like one. */
  readonly qualifying: readonly { readonly i: number; readonly schema: SchemaWord }[];
  /** Words that name something else too: an alias, a column, a table. */
  readonly shared: ReadonlySet<SchemaWord>;
}

function renameQualified(
  tokens: readonly SqlToken[],
  names: SchemaNames,
  edits: Map<SqlToken, string>,
): void {
  const around = new Neighbours(tokens);
  const edit = (i: number, schema: SchemaWord) => edits.set(tokens[i] as SqlToken, quoteName(names[schema]));
  const { qualifying, shared } = mentions(tokens, around, edit);
  const doubtful = qualifying.some(({ schema }) => shared.has(schema));
  const places = doubtful ? relationPlaces(tokens) : new Set<number>();
  const tableAt = (i: number) => `${around.name(i)}.${around.name(i + 2)}`;
  const tables = new Set([...places].map(tableAt));
  for (const { i, schema } of qualifying) {
    if (around.sign(i + 2) === '*') continue;
    const after = around.sign(i + 3);
    const isTable = places.has(i) || (after === '.' ? tables.has(tableAt(i)) : after === '(');
    if (!shared.has(schema) || isTable) edit(i, schema);
  }
}

function mentions(
  tokens: readonly SqlToken[],
  around: Neighbours,
  edit: (i: number, schema: SchemaWord) => void,
): Mentions {
  const qualifying: { readonly i: number; readonly schema: SchemaWord }[] = [];
  const shared = new Set<SchemaWord>();
  for (const [i] of tokens.entries()) {
    const schema = around.name(i);
    if (!isSchemaWord(schema)) continue;
    if (isSchemaItself(around, i)) edit(i, schema);
    else if (around.sign(i + 1) !== '.') shared.add(schema);
    else if (around.sign(i - 1) !== '.') qualifying.push({ i, schema });
  }
  return { qualifying, shared };
}

/** `CREATE SCHEMA core`, `DROP SCHEMA IF EXISTS core`, `ON SCHEMA core, mart`, `SET search_path = core, mart`. */
function isSchemaItself(around: Neighbours, i: number): boolean {
  let at = i;
  while (around.sign(at - 1) === ',') at -= 2;
  do at--;
  while (['if', 'not', 'exists', 'to'].includes(around.word(at)) || around.sign(at) === '=');
  return around.word(at) === 'schema' || around.word(at) === 'search_path';
}

import { isSchemaWord, SCHEMA_WORDS, type SchemaNames } from '../../domain/schema-names.ts';
import { quoteName } from '../../sql/sql.ts';
import { catalogueMeaning } from './catalogue-values.ts';
import { schemaPlaces } from './schema-places.ts';
import { foldedName, type SqlToken, sqlTokens } from './sql-tokens.ts';

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
 * SQL text with the configured names in place of the five words: for a word before a point and not after one, for a word
 * after SCHEMA, and for a text that a catalogue query compares with. Other texts, comments and quoted names stay unchanged,
 * and so do aliases, columns and WITH queries that have the name of a schema.
 */
export function renameSchemas(sql: string, names: SchemaNames): RenamedText {
  const holes = new Map<number, HoleMeaning>();
  if (!MENTIONS.test(sql) && !LOOKS_UP.test(sql)) return { text: sql, holes };
  const tokens = sqlTokens(sql);
  const edits = new Map<SqlToken, string>();
  const { qualifying, alone } = schemaPlaces(tokens);
  for (const { i, schema } of [...qualifying, ...alone])
    edits.set(tokens[i] as SqlToken, quoteName(names[schema]));
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

/** The text inside quotes or dollar quotes, renamed; the quotes stay as they are. */
function renamedLiteral(written: string, meaning: HoleMeaning | 'code', names: SchemaNames): string {
  const renamed = (inner: string) =>
    meaning === 'code' ? renameSchemas(inner, names).text : renameValue(inner, meaning, names);
  const [, tag = '', body] = /^(\$[^$]*\$)([\s\S]*)\1$/.exec(written) ?? [];
  if (body !== undefined) return `${tag}${renamed(body)}${tag}`;
  const open = written.indexOf("'") + 1;
  const inner = renamed(written.slice(open, -1).replaceAll("''", "'"));
  return `${written.slice(0, open)}${inner.replaceAll("'", "''")}'`;
}

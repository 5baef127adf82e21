/** The five schemas by the words under which models, commands and messages know them. */
export const SCHEMA_WORDS = ['meta', 'stage', 'core', 'history', 'mart'] as const;
export type SchemaWord = (typeof SCHEMA_WORDS)[number];

/** What each schema is called in the database. */
export type SchemaNames = Readonly<Record<SchemaWord, string>>;

export const DEFAULT_SCHEMAS: SchemaNames = {
  meta: 'meta',
  stage: 'stage',
  core: 'core',
  history: 'history',
  mart: 'mart',
};

export function isSchemaWord(text: string): text is SchemaWord {
  return (SCHEMA_WORDS as readonly string[]).includes(text);
}

/** What PostgreSQL keeps of a name. */
const MAX_BYTES = 63;

/** Schemas that the engines have by themselves, and the one that `migrate --drop-raw` removes. */
const TAKEN = ['main', 'public', 'information_schema', 'temp', 'system', 'raw'];

/** What is wrong with the name that is wanted for a schema, as a sentence without its point; null where nothing is. */
export function schemaNameProblem(word: SchemaWord, name: string): string | null {
  const folded = name.toLowerCase();
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return `'${name}' is no schema name: it has letters, digits and _, and begins with a letter or _`;
  if (name.length > MAX_BYTES) return `'${name}' is too long: a schema name has ${MAX_BYTES} bytes at most`;
  if (folded.startsWith('pg_') || TAKEN.includes(folded))
    return `'${name}' is no name for a schema of Tidemark: the database uses it for something else`;
  if (folded !== word && isSchemaWord(folded))
    return `'${name}' is what models call another schema; choose a name that is none of ${SCHEMA_WORDS.join(', ')}`;
  return null;
}

import { basename } from 'node:path';
import { SCHEMA_WORDS, type SchemaNames } from '../../domain/schema-names.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';

/** DuckDB names the database after its file, up to the first point. */
export function databaseOf(file: string): string {
  return basename(file).split('.')[0] ?? '';
}

/**
 * Throws `bad-config` for a file that is called like one of the schemas: DuckDB then cannot tell `core.citizens` in the
 * database `core` from the same in the schema.
 */
export function refuseSameName(file: string, names: SchemaNames): void {
  const database = databaseOf(file);
  const word = SCHEMA_WORDS.find((each) => names[each].toLowerCase() === database.toLowerCase());
  if (word === undefined) return;
  throw new TidemarkError('bad-config', {
    message: `The warehouse file ${basename(file)} has the name of the schema ${names[word]}, and DuckDB cannot tell one from the other.`,
    hint: `Give the file another name, or the schema: \`schemas: {${word}: …}\` in datasets_config.yml.`,
  });
}

import { quoteName } from '../sql/sql.ts';
import { schemaPlaces } from '../warehouse/schemas/schema-places.ts';
import { Neighbours, type SqlToken, sqlTokens } from '../warehouse/schemas/sql-tokens.ts';

/** A core table as a model names it: `core.citizens`, or `core.citizens_live`, which means the same. */
export interface CoreReference {
  /** The name as written, without the schema. */
  readonly name: string;
  readonly table: string;
}

/**
 * The SQL with a temporary view of the same name in place of every core table, and the references found. Unknown tables
 * stay unchanged, and so do the same text inside strings and aliases that are called like the schema.
 */
export function redirectCore(
  text: string,
  tables: ReadonlySet<string>,
  temporarySchema: string,
): { readonly text: string; readonly references: readonly CoreReference[] } {
  const tokens = sqlTokens(text);
  const around = new Neighbours(tokens);
  const found = new Map<string, CoreReference>();
  let out = '';
  let from = 0;
  for (const { i, schema } of schemaPlaces(tokens).qualifying) {
    const reference = schema === 'core' ? referenceTo(around.name(i + 2), tables) : null;
    if (reference === null) continue;
    found.set(reference.name, reference);
    const [first, last] = [tokens[i], tokens[i + 2]] as [SqlToken, SqlToken];
    out += `${text.slice(from, first.at)}${temporarySchema}.${quoteName(reference.name)}`;
    from = last.at + last.text.length;
  }
  return { text: out + text.slice(from), references: [...found.values()] };
}

function referenceTo(name: string, tables: ReadonlySet<string>): CoreReference | null {
  if (tables.has(name)) return { name, table: name };
  const base = name.replace(/_live$/, '');
  return base !== name && tables.has(base) ? { name, table: base } : null;
}

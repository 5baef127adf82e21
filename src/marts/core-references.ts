import { quoteName } from '../warehouse/sql.ts';

/** A stretch of SQL without names, or a name with all its parts between dots. */
const TOKEN =
  /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))*/gu;
const PART = /"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu;

/** A core table as a model names it: `core.citizens`, or `core.citizens_live`, which means the same. */
export interface CoreReference {
  /** The name as written, without the schema. */
  readonly name: string;
  readonly table: string;
}

/**
 * The SQL with a temporary view of the same name in place of every core table, and the references found. Unknown tables
 * stay unchanged, and so does the same text inside strings.
 */
export function redirectCore(
  text: string,
  tables: ReadonlySet<string>,
  temporarySchema: string,
): { readonly text: string; readonly references: readonly CoreReference[] } {
  const found = new Map<string, CoreReference>();
  const out = text.replace(TOKEN, (token) => {
    if (token.startsWith("'") || token.startsWith('$')) return token;
    const [schema = '', name = '', ...rest] = token.match(PART) ?? [];
    if (rest.length > 1 || folded(schema) !== 'core') return token;
    const reference = referenceTo(folded(name), tables);
    if (reference === null) return token;
    found.set(reference.name, reference);
    return [temporarySchema, quoteName(reference.name), ...rest].join('.');
  });
  return { text: out, references: [...found.values()] };
}

function referenceTo(name: string, tables: ReadonlySet<string>): CoreReference | null {
  if (tables.has(name)) return { name, table: name };
  const base = name.replace(/_live$/, '');
  return base !== name && tables.has(base) ? { name, table: base } : null;
}

/** Names without quotes mean the same in any case. */
function folded(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase();
}

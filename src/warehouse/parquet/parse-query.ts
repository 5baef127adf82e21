import { literal } from '../../sql/sql.ts';
import { withMemory } from './in-memory.ts';

/** A node of a parsed query, in the words of the parser. */
export type QueryNode = Readonly<Record<string, unknown>>;

/**
 * Reads one SELECT into its tree; null where this parser does not know its words, such as those that only PostgreSQL
 * has.
 */
export async function parseQuery(text: string, signal: AbortSignal | undefined): Promise<QueryNode | null> {
  const written = await withMemory(signal, async (connection) => {
    const rows = await (await connection.run(`SELECT json_serialize_sql(${literal(text)})`)).getRows();
    return String(rows[0]?.[0]);
  });
  const parsed = JSON.parse(written) as { readonly statements?: readonly { readonly node?: QueryNode }[] };
  return parsed.statements?.[0]?.node ?? null;
}

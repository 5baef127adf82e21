import { literal } from '../../sql/sql.ts';
import { withMemory } from './in-memory.ts';

/** An expression as a tree of plain values (`class`, `type` and members), and its text written again from that tree. */
export interface ParsedExpression {
  readonly tree: unknown;
  readonly text: string;
}

/**
 * Reads one SQL expression, or says what is wrong with the text. The parser here knows the grammar that both engines
 * share.
 */
export async function parseExpression(
  text: string,
  signal: AbortSignal | undefined,
): Promise<ParsedExpression | { readonly error: string }> {
  if (text.includes('\0')) return { error: 'it holds a character NUL' };
  // Also without brackets around it: `a) OR (b` must not close ours.
  const bare = await serialize(`SELECT ${text}\n`, signal);
  const whole = `SELECT (${text}\n)`;
  const parsed = bare.error ? bare : await serialize(whole, signal);
  if (parsed.error) return { error: (parsed.error_message ?? 'it is not SQL').split('\n')[0] as string };
  const list = parsed.statements?.[0]?.node?.select_list;
  if (parsed.statements?.length !== 1 || list?.length !== 1)
    return { error: 'it is more than one expression' };
  // From the parser's own text of the tree: its numbers are wider than JavaScript's.
  const printed = await ask(`SELECT json_deserialize_sql(json_serialize_sql(${literal(whole)}))`, signal);
  return { tree: list[0], text: printed.replace(/^SELECT /, '') };
}

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node?: { readonly select_list?: readonly unknown[] } }[];
}

async function serialize(statement: string, signal: AbortSignal | undefined): Promise<Serialized> {
  return JSON.parse(await ask(`SELECT json_serialize_sql(${literal(statement)})`, signal)) as Serialized;
}

function ask(statement: string, signal: AbortSignal | undefined): Promise<string> {
  return withMemory(signal, async (connection) => {
    const rows = await (await connection.run(statement)).getRows();
    return String(rows[0]?.[0]);
  });
}

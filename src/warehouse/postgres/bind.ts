import type { Client, QueryArrayResult } from 'pg';
import type { Sql, Value } from '../../sql/sql.ts';

/** Runs a statement with its values bound; rows come as arrays of text. */
export async function runBound(client: Client, statement: Sql): Promise<QueryArrayResult<(string | null)[]>> {
  const text = placeholders(statement);
  const values = statement.values.map((value) => (typeof value === 'bigint' ? String(value) : value));
  // Without values it uses the simple protocol, which accepts several statements and returns an array.
  const query = { text, rowMode: 'array' as const, ...(values.length > 0 ? { values } : {}) };
  const result = (await client.query(query as never)) as unknown;
  return (Array.isArray(result) ? result.at(-1) : result) as QueryArrayResult<(string | null)[]>;
}

/**
 * Numbers and booleans get the type that a literal of the same text would have; texts and nulls get the type of their
 * place.
 */
function placeholders(statement: Sql): string {
  let out = statement.strings[0] ?? '';
  statement.values.forEach((value, i) => {
    out += `$${i + 1}${typeOf(value)}${statement.strings[i + 1] ?? ''}`;
  });
  return out;
}

function typeOf(value: Value): string {
  if (typeof value === 'boolean') return '::boolean';
  if (typeof value === 'bigint') return '::bigint';
  if (typeof value !== 'number') return '';
  if (!Number.isSafeInteger(value)) return '::double precision';
  return Math.abs(value) > 0x7fffffff ? '::bigint' : '::integer';
}

/** The statement with its values written into it, for COPY, which accepts no bound values. */
export function inlined(statement: Sql): string {
  let out = statement.strings[0] ?? '';
  statement.values.forEach((value, i) => {
    out += `${literalOf(value)}${statement.strings[i + 1] ?? ''}`;
  });
  return out;
}

function literalOf(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return typeof value === 'number' && value < 0 ? `(${value})` : String(value);
  if (value.includes('\0')) throw new TypeError('a value cannot contain a NUL character');
  // The E form means the same with either setting of standard_conforming_strings.
  return ` E'${value.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;
}

import type { Client } from 'pg';
import { command, option, words } from '../../errors/advice.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { knexOn, type RunStatement } from '../knex-on-connection.ts';
import { renamedRun } from '../schemas/renamed-session.ts';
import { Conflict } from '../until-no-conflict.ts';
import type { SchemaChange } from '../warehouse.ts';
import { readRows } from './cells.ts';
import { Locks } from './locks.ts';
import { needsSession } from './needs-session.ts';
import { postgresSession } from './session.ts';
import type { TransactionParts } from './transaction.ts';

/** One transaction for a whole change of the schema, under a lock that all processes share. */
export async function alterPostgres<T>(
  parts: TransactionParts,
  keep: boolean,
  work: (schema: SchemaChange) => Promise<T>,
): Promise<T> {
  const { client } = parts;
  const locks = new Locks(parts);
  const session = postgresSession({ ...parts, begin: async () => {}, takeLocks: async () => {} });
  const { statements } = session;
  let refusal: TidemarkError | null = null;
  const runOne: RunStatement = (text, bindings) =>
    statements.run(() => {
      if (parts.isPooled()) refusal ??= refusalOf(text);
      if (refusal) throw refusal;
      return run(client, text, bindings);
    });
  const knex = await knexOn(renamedRun(runOne, parts.schemas));
  try {
    // It reads committed data, so that it sees what an earlier holder of the lock did.
    await locks.take(['migrate'], 'exclusive');
    const answer = await work({ knex, session });
    await statements.end();
    if (statements.failure) throw statements.failure;
    parts.signal?.throwIfAborted();
    await client.query(keep ? 'COMMIT' : 'ROLLBACK');
    return answer;
  } catch (error) {
    await statements.end();
    await client.query('ROLLBACK').catch(parts.spoil);
    if (statements.failure instanceof Conflict) throw statements.failure;
    if (refusal) throw refusal;
    throw isOwn(error) ? error : (statements.failure ?? parts.translate(error));
  } finally {
    await knex.destroy();
  }
}

/** The error for a migration that relies on its session, which behind a pooler belongs to others too. */
function refusalOf(text: string): TidemarkError | null {
  const left = needsSession(text);
  if (left === null) return null;
  return new TidemarkError('database-refused', {
    message: `A migration would leave ${left} with its session, and a connection pooler shares sessions between callers.`,
    hint: words`Change the migration, or give \`${command('migrate')}\` the address of the server itself with ${option('databaseUrl')}.`,
  });
}

/** Only the driver's errors carry a five-character state or a socket's code. */
function isOwn(error: unknown): boolean {
  return typeof (error as { code?: unknown }).code !== 'string' || 'hint' in (error as object);
}

async function run(client: Client, text: string, bindings: readonly unknown[]) {
  const query = { text, rowMode: 'array', ...(bindings.length > 0 ? { values: [...bindings] } : {}) };
  const answered = (await client.query(query as never)) as unknown;
  const result = (Array.isArray(answered) ? answered.at(-1) : answered) as Parameters<typeof readRows>[0];
  return { rows: readRows<object>(result), rowCount: result.rowCount ?? 0 };
}

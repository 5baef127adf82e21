import type { Client } from 'pg';
import type { Address } from './address.ts';
import { open, type Route } from './connect.ts';
import { cutLine, socketOf } from './line.ts';
import type { BegunTransaction } from './settings.ts';
import type { Answer } from './watch.ts';

/**
 * Asks on another connection what the server is doing for a transaction. Throws if the server does not answer in time.
 */
export async function askServer(
  address: Address,
  route: Route,
  transaction: BegunTransaction | null,
  timeoutMs: number,
): Promise<Answer> {
  return onOwnLine(address, route, timeoutMs, 'cannot say', async (client) => {
    if (transaction === null) return 'cannot say';
    const { rows } = await client.query(
      `SELECT state, wait_event_type FROM pg_stat_activity WHERE pid = $1 AND (xact_start = $2 OR xact_start IS NULL)`,
      [transaction.pid, transaction.began],
    );
    return meaning(rows[0] as Activity | undefined);
  });
}

/**
 * Ends a transaction whose connection is dead, so that its locks are free at once and not only when the server notices.
 */
export async function endTransaction(
  address: Address,
  route: Route,
  { pid, began }: BegunTransaction,
  timeoutMs: number,
): Promise<void> {
  await onOwnLine(address, route, timeoutMs, undefined, async (client) => {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND xact_start = $2`,
      [pid, began],
    );
  });
}

interface Activity {
  readonly state: string | null;
  readonly wait_event_type: string | null;
}

/** Nobody may see what the process of another role is doing; but at least the process exists. */
function meaning(activity: Activity | undefined): Answer {
  if (activity === undefined) return 'waits for us';
  if (activity.state === null || activity.state === 'disabled') return 'cannot say';
  return activity.state === 'active' && activity.wait_event_type !== 'Client' ? 'works' : 'waits for us';
}

/**
 * A server that accepts the connection and then does not answer in time is running; behind a pooler all its connections
 * may be busy.
 */
async function onOwnLine<T>(
  address: Address,
  route: Route,
  timeoutMs: number,
  late: T,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await open(address, route, timeoutMs);
  socketOf(client).unref();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, late);
  });
  try {
    return await Promise.race([work(client), tooLate]);
  } finally {
    clearTimeout(timer);
    cutLine(client);
  }
}

import { createHash } from 'node:crypto';
import type { Client } from 'pg';

export type LockMode = 'exclusive' | 'shared';

/** Advisory locks have 64-bit numbers; this one belongs to a name. */
export function lockNumber(name: string): string {
  return createHash('sha256').update(`tidemark:${name}`).digest().readBigInt64BE(0).toString();
}

/** A lock that nobody holds takes less. */
const SHORT_MS = 200;

/**
 * The locks of one transaction. They belong to the connection, not to the transaction, because the snapshot of a
 * transaction is taken with its first statement: a lock awaited inside would come with a snapshot from before it.
 */
export class Locks {
  readonly held = new Map<string, LockMode>();
  readonly #timeoutMs: number;
  #waitedMs = 0;
  #shortened = false;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** What of these is not held yet, in name order. */
  missing(names: readonly string[], mode: LockMode): string[] {
    const lacks = (name: string) => {
      const held = this.held.get(name);
      return held === undefined || (held === 'shared' && mode === 'exclusive');
    };
    return [...new Set(names)].filter(lacks).sort();
  }

  /** Takes them; the waits of one transaction together last as long as the lock timeout. */
  async take(client: Client, names: readonly string[], mode: LockMode): Promise<void> {
    const take = mode === 'shared' ? 'pg_advisory_lock_shared' : 'pg_advisory_lock';
    for (const name of names) {
      if (this.#waitedMs > SHORT_MS) await this.#shorten(client);
      const asked = Date.now();
      await client.query(`SELECT ${take}($1)`, [lockNumber(name)]);
      this.#waitedMs += Date.now() - asked;
      this.held.set(name, mode);
    }
  }

  async #shorten(client: Client): Promise<void> {
    this.#shortened = true;
    await client.query(`SET lock_timeout = ${Math.max(1, Math.round(this.#timeoutMs - this.#waitedMs))}`);
  }

  async release(client: Client): Promise<void> {
    if (this.held.size > 0) await client.query('SELECT pg_advisory_unlock_all()');
    this.held.clear();
    if (this.#shortened) await client.query(`SET lock_timeout = ${Math.max(1, Math.round(this.#timeoutMs))}`);
    this.#shortened = false;
  }
}

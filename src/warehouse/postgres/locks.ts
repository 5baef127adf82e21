import { createHash } from 'node:crypto';
import type { Client } from 'pg';

export type LockMode = 'exclusive' | 'shared';

/** Advisory locks have 64-bit numbers; this one belongs to a name. */
export function lockNumber(name: string): string {
  return createHash('sha256').update(`tidemark:${name}`).digest().readBigInt64BE(0).toString();
}

/**
 * The locks of one transaction. They belong to the connection, not to the transaction, because the snapshot of a
 * transaction is taken with its first statement: a lock awaited inside would come with a snapshot from before it.
 */
export class Locks {
  readonly held = new Map<string, LockMode>();

  /** What of these is not held yet, in name order. */
  missing(names: readonly string[], mode: LockMode): string[] {
    const lacks = (name: string) => {
      const held = this.held.get(name);
      return held === undefined || (held === 'shared' && mode === 'exclusive');
    };
    return [...new Set(names)].filter(lacks).sort();
  }

  /** Takes them; each wait ends with the connection's lock timeout. */
  async take(client: Client, names: readonly string[], mode: LockMode): Promise<void> {
    const take = mode === 'shared' ? 'pg_advisory_lock_shared' : 'pg_advisory_lock';
    for (const name of names) {
      await client.query(`SELECT ${take}($1)`, [lockNumber(name)]);
      this.held.set(name, mode);
    }
  }

  async release(client: Client): Promise<void> {
    if (this.held.size === 0) return;
    await client.query('SELECT pg_advisory_unlock_all()');
    this.held.clear();
  }
}

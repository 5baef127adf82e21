import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { answered } from './line.ts';
import { begunOf, type OnBegun, setLocal, setLockTimeout, type TransactionSettings } from './settings.ts';

export type LockMode = 'exclusive' | 'shared';

/** Advisory locks have 64-bit numbers; this one belongs to a name. */
export function lockNumber(name: string): string {
  return createHash('sha256').update(`tidemark:${name}`).digest().readBigInt64BE(0).toString();
}

/** A lock that nobody holds takes less. */
const SHORT_MS = 200;

const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ';

/**
 * The locks of one transaction, which the server frees with it. The waits of all attempts together last as long as the
 * lock timeout.
 */
export class Locks {
  readonly held = new Map<string, LockMode>();
  readonly #client: Client;
  readonly #settings: TransactionSettings;
  readonly #onBegun: OnBegun;
  #begun = false;
  #waitedMs = 0;

  constructor(client: Client, settings: TransactionSettings, onBegun: OnBegun) {
    this.#client = client;
    this.#settings = settings;
    this.#onBegun = onBegun;
  }

  /** What of these is not held yet, in name order. */
  missing(names: readonly string[], mode: LockMode): string[] {
    const lacks = (name: string) => {
      const held = this.held.get(name);
      return held === undefined || (held === 'shared' && mode === 'exclusive');
    };
    return [...new Set(names)].filter(lacks).sort();
  }

  /** Takes them in a transaction that reads what is committed, so that no snapshot comes from before a wait. */
  async take(names: readonly string[], mode: LockMode): Promise<void> {
    if (!this.#begun) {
      await this.#begin(`BEGIN ISOLATION LEVEL READ COMMITTED; ${setLocal(this.#settings)}`);
    }
    for (const name of names) {
      if (this.#waitedMs > SHORT_MS)
        await this.#client.query(setLockTimeout(this.#settings.lockTimeoutMs - this.#waitedMs));
      const asked = performance.now();
      await this.#answered(`SELECT ${call('xact_lock', name, mode)}`).finally(() => {
        this.#waitedMs += performance.now() - asked;
      });
      this.held.set(name, mode);
    }
  }

  /**
   * Begins the transaction that works on one snapshot, with the locks held without a gap. The server takes the snapshot
   * of a transaction with its first statement, that is, before it waits for a lock: so the locks are awaited in a
   * transaction of their own and handed over. In between the session holds them; a pooler cannot come in there,
   * because all of it is one message.
   */
  async beginSnapshot(): Promise<void> {
    const begin = `${SNAPSHOT}; ${setLocal(this.#settings)}`;
    if (!this.#begun) {
      await this.#begin(begin);
      return;
    }
    const each = (action: string) =>
      [...this.held].map(([name, mode]) => `SELECT ${call(action, name, mode)};`).join(' ');
    const handOver = `${each('lock')} COMMIT; ${SNAPSHOT}; ${each('xact_lock')} ${each('unlock')}
      ${setLocal(this.#settings)}`;
    await this.#begin(handOver).catch(async (error) => {
      // The one moment in which a failure, such as a cancellation, could leave locks with the session.
      await this.#client.query('ROLLBACK; SELECT pg_advisory_unlock_all()').catch(() => {});
      throw error;
    });
  }

  #answered(text: string): Promise<unknown> {
    const leftMs = Math.max(0, this.#settings.lockTimeoutMs - this.#waitedMs);
    return answered(this.#client, leftMs, this.#client.query(text));
  }

  async #begin(text: string): Promise<void> {
    const transaction = begunOf(await this.#answered(text));
    this.#begun = true;
    this.#onBegun(transaction, true);
  }

  /** After a rollback: nothing is held any more. */
  forget(): void {
    this.held.clear();
    this.#begun = false;
  }

  get begun(): boolean {
    return this.#begun;
  }
}

function call(action: string, name: string, mode: LockMode): string {
  return `pg_advisory_${action}${mode === 'shared' ? '_shared' : ''}('${lockNumber(name)}'::bigint)`;
}

import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { answered } from './line.ts';
import { begunOf, type OnBegun, setLocal, setLockTimeout, type TransactionSettings } from './settings.ts';

export type LockMode = 'exclusive' | 'shared';

/**
 * The number of the advisory lock for a name; these locks have 64-bit numbers. All pipelines of a database share them, so
 * pipelines whose logs are in different schemas get different numbers.
 */
function lockNumber(name: string, metaSchema = 'meta'): string {
  const whose = metaSchema === 'meta' ? '' : `${metaSchema}:`;
  return createHash('sha256').update(`tidemark:${whose}${name}`).digest().readBigInt64BE(0).toString();
}

/** A lock that nobody else holds is taken within this time. */
const SHORT_MS = 200;

const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ';

interface LockParts {
  readonly client: Client;
  readonly settings: TransactionSettings;
  readonly onBegun: OnBegun;
  readonly schemas: SchemaRenaming;
}

/**
 * The locks of one transaction, which the server frees with it. The waits of all attempts together last as long as the
 * lock timeout.
 */
export class Locks {
  readonly held = new Map<string, LockMode>();
  readonly #client: Client;
  readonly #settings: TransactionSettings;
  readonly #onBegun: OnBegun;
  readonly #metaSchema: string;
  #begun = false;
  #waitedMs = 0;

  constructor({ client, settings, onBegun, schemas }: LockParts) {
    this.#client = client;
    this.#settings = settings;
    this.#onBegun = onBegun;
    this.#metaSchema = schemas.of('meta');
  }

  /** The locks among these that are not held yet, in name order. */
  missing(names: readonly string[], mode: LockMode): string[] {
    const lacks = (name: string) => {
      const held = this.held.get(name);
      return held === undefined || (held === 'shared' && mode === 'exclusive');
    };
    return [...new Set(names)].filter(lacks).sort();
  }

  /** Takes them in a transaction that reads committed data, so that no snapshot is older than a wait. */
  async take(names: readonly string[], mode: LockMode): Promise<void> {
    if (!this.#begun) {
      await this.#begin(`BEGIN ISOLATION LEVEL READ COMMITTED; ${setLocal(this.#settings)}`);
    }
    for (const name of names) {
      if (this.#waitedMs > SHORT_MS)
        await this.#client.query(setLockTimeout(this.#settings.lockTimeoutMs - this.#waitedMs));
      const asked = performance.now();
      await this.#answered(`SELECT ${this.#call('xact_lock', name, mode)}`).finally(() => {
        this.#waitedMs += performance.now() - asked;
      });
      this.held.set(name, mode);
    }
  }

  /**
   * Begins the transaction that works on one snapshot, and keeps the locks held without a gap. The server takes the
   * snapshot of a transaction with its first statement, that is, before it waits for a lock. So the locks are taken in
   * a transaction of their own and handed over. In between the session holds them; a pooler cannot interrupt this,
   * because all of it is one message.
   */
  async beginSnapshot(): Promise<void> {
    const begin = `${SNAPSHOT}; ${setLocal(this.#settings)}`;
    if (!this.#begun) {
      await this.#begin(begin);
      return;
    }
    const each = (action: string) =>
      [...this.held].map(([name, mode]) => `SELECT ${this.#call(action, name, mode)};`).join(' ');
    const handOver = `${each('lock')} COMMIT; ${SNAPSHOT}; ${each('xact_lock')} ${each('unlock')}
      ${setLocal(this.#settings)}`;
    await this.#begin(handOver).catch(async (error) => {
      // The only moment in which a failure, such as a cancellation, could leave locks with the session.
      await this.#client.query('ROLLBACK; SELECT pg_advisory_unlock_all()').catch(() => {});
      throw error;
    });
  }

  #call(action: string, name: string, mode: LockMode): string {
    const number = lockNumber(name, this.#metaSchema);
    return `pg_advisory_${action}${mode === 'shared' ? '_shared' : ''}('${number}'::bigint)`;
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

  /** After a rollback: no lock is held any more. */
  forget(): void {
    this.held.clear();
    this.#begun = false;
  }

  get begun(): boolean {
    return this.#begun;
  }
}

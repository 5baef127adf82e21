import type { Client } from 'pg';
import { type Patience, pause } from '../until-no-conflict.ts';
import type { Address } from './address.ts';
import { askServer, endTransaction } from './ask.ts';
import { connect, type Route } from './connect.ts';
import { postgresError } from './errors.ts';
import { keepAliveOf } from './keep-alive.ts';
import { bytesThrough, cutLine, farewell, isOwedAnswer, loginPid, lostLine, requestCancel } from './line.ts';
import { takesNoWrites } from './session-attributes.ts';
import type { BegunTransaction, OnBegun, TransactionSettings } from './settings.ts';
import { watch } from './watch.ts';

interface Member {
  readonly client: Client;
  readonly settings: TransactionSettings;
  /** The server process of the connection, as far as it is known. */
  transaction: BegunTransaction | null;
  /** A unit of work uses it. */
  works: boolean;
  broken: boolean;
}

/** A connection that one unit of work has for itself. */
export interface Lent {
  readonly client: Client;
  readonly settings: TransactionSettings;
  /** Called with the server's transaction that the connection now has. */
  readonly onBegun: OnBegun;
  /** The transaction runs in another server process than the login named: a pooler is in between. */
  readonly isPooled: () => boolean;
  /** Marks the connection as one that cannot be used again. */
  readonly spoil: () => void;
}

const LAST_WORDS_MS = 3000;
const CANCELLATIONS = 8;
const BETWEEN_CANCELLATIONS_MS = 500;

/**
 * The connections of one warehouse: a unit of work takes an idle one or makes one. Their number has no limit at which a
 * unit would wait, because a unit inside a unit would wait for itself; units are few.
 */
export class Pool {
  readonly #address: Address;
  readonly #patience: Patience;
  readonly place: string;
  readonly #idle: Member[] = [];
  /** What the server still has to be told about lost connections. */
  readonly #lastWords: Promise<void>[] = [];
  #route: Route | null = null;

  constructor(address: Address, patience: Patience, place: string) {
    this.#address = address;
    this.#patience = patience;
    this.place = place;
  }

  error(error: unknown): Error {
    const { signal, lockTimeoutMs } = this.#patience;
    if (signal?.aborted) return signal.reason as Error;
    return postgresError(error, { place: this.place, waitedMs: lockTimeoutMs, role: this.#address.user });
  }

  /** Runs `work` on a connection. A connection that failed in an unknown state is not used again. */
  async use<T>(work: (lent: Lent) => Promise<T>): Promise<T> {
    const member = await this.#take();
    const { signal } = this.#patience;
    const cancel = () => void this.#cancel(member);
    signal?.addEventListener('abort', cancel);
    member.transaction = null;
    member.works = true;
    const unwatch = this.#watch(member);
    try {
      return await work({
        client: member.client,
        settings: member.settings,
        onBegun: (transaction, writes) => {
          member.transaction = transaction;
          if (writes && transaction.state.readOnly) throw takesNoWrites(transaction.state, this.place);
        },
        isPooled: () => member.transaction !== null && member.transaction.pid !== loginPid(member.client),
        spoil() {
          member.broken = true;
        },
      });
    } finally {
      unwatch();
      member.works = false;
      signal?.removeEventListener('abort', cancel);
      if (member.broken || signal?.aborted) void farewell(member.client);
      else this.#idle.push(member);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#lastWords.splice(0));
    await Promise.all(this.#idle.splice(0).map(({ client }) => farewell(client)));
  }

  async #take(): Promise<Member> {
    for (let member = this.#idle.pop(); member; member = this.#idle.pop()) {
      if (!member.broken) return member;
    }
    try {
      const { client, route, checksCaller } = await connect(this.#address, this.#route, this.#patience);
      this.#route = route;
      const { lockTimeoutMs } = this.#patience;
      const settings = { lockTimeoutMs, keepAlive: keepAliveOf(this.#address.parameters), checksCaller };
      const member: Member = { client, settings, transaction: null, works: false, broken: false };
      const dead = () => {
        member.broken = true;
      };
      client.on('error', dead);
      client.on('end', dead);
      return member;
    } catch (error) {
      throw this.error(error);
    }
  }

  /** Ends the wait for an answer that cannot come, and the transaction on the server, if the server can be reached. */
  #watch(member: Member): () => void {
    const { client, settings } = member;
    const route = this.#route as Route;
    if (settings.keepAlive === null) return () => {};
    return watch(
      {
        isOwed: () => isOwedAnswer(client),
        bytes: () => bytesThrough(client),
        ask: (timeoutMs) => askServer(this.#address, route, member.transaction, timeoutMs),
        onLost: (reason) => {
          const { transaction } = member;
          if (transaction)
            this.#lastWords.push(
              endTransaction(this.#address, route, transaction, LAST_WORDS_MS).catch(() => {}),
            );
          cutLine(client, lostLine(reason));
        },
      },
      settings.keepAlive,
    );
  }

  /**
   * Asks the server to cancel what the connection runs, and asks again where the request came between two statements;
   * if that does not help, cuts the connection.
   */
  async #cancel(member: Member): Promise<void> {
    for (let i = 0; i < CANCELLATIONS && member.works; i++) {
      await requestCancel(this.#route as Route, member.client).catch(() => {});
      await pause(BETWEEN_CANCELLATIONS_MS);
    }
    if (member.works) cutLine(member.client);
  }
}

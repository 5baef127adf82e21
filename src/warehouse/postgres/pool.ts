import type { Client } from 'pg';
import type { Patience } from '../attempts.ts';
import type { Address } from './address.ts';
import { connect, type Route } from './connect.ts';
import { postgresError } from './errors.ts';

interface Member {
  readonly client: Client;
  readonly pid: number;
  broken: boolean;
}

/**
 * The connections of one warehouse: a unit of work takes an idle one or makes one. There is no upper bound to wait
 * at, since a unit inside a unit would wait for itself; units are few.
 */
export class Pool {
  readonly #address: Address;
  readonly #patience: Patience;
  readonly place: string;
  readonly #idle: Member[] = [];
  #route: Route | null = null;

  constructor(address: Address, patience: Patience, place: string) {
    this.#address = address;
    this.#patience = patience;
    this.place = place;
  }

  error(error: unknown): Error {
    const { signal, lockTimeoutMs } = this.#patience;
    if (signal?.aborted) return signal.reason as Error;
    return postgresError(error, { place: this.place, waitedMs: lockTimeoutMs });
  }

  /** Runs `work` on a connection. One that failed in a way that leaves its state unknown is not used again. */
  async use<T>(work: (client: Client, spoil: () => void) => Promise<T>): Promise<T> {
    const member = await this.#take();
    const { signal } = this.#patience;
    const cancel = () => void this.#cancel(member);
    signal?.addEventListener('abort', cancel);
    try {
      return await work(member.client, () => {
        member.broken = true;
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
      if (member.broken || signal?.aborted) void member.client.end().catch(() => {});
      else this.#idle.push(member);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((member) => member.client.end().catch(() => {})));
  }

  async #take(): Promise<Member> {
    for (let member = this.#idle.pop(); member; member = this.#idle.pop()) {
      if (!member.broken) return member;
    }
    try {
      const { client, route } = await connect(this.#address, this.#route, this.#patience);
      this.#route = route;
      const member: Member = {
        client,
        pid: (client as unknown as { processID: number }).processID,
        broken: false,
      };
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

  /** Asks the server to stop what the connection runs; where that cannot be asked, cuts the line. */
  async #cancel(member: Member): Promise<void> {
    try {
      const { client } = await connect(this.#address, this.#route, { lockTimeoutMs: 1000 });
      await client.query('SELECT pg_cancel_backend($1)', [member.pid]).finally(() => client.end());
    } catch {
      (
        member.client as unknown as { connection: { stream: { destroy(): void } } }
      ).connection.stream.destroy();
    }
  }
}

import type { Client, ClientConfig } from 'pg';
import type { Patience } from '../attempts.ts';
import type { Address, Host } from './address.ts';
import { connectTimeoutMs, keepAliveOf } from './keep-alive.ts';
import { farewell } from './line.ts';
import { SET_CHECK_CALLER } from './settings.ts';
import { type Tls, tlsAttempts } from './tls.ts';

/** A way to connect that worked; later connections take it at once. */
export interface Route extends Host {
  readonly tls: Tls;
}

/** A connection and what was learned about the server on the way. */
export interface Connected {
  readonly client: Client;
  readonly route: Route;
  /** The server can look for a lost caller during a statement; not every system can. */
  readonly checksCaller: boolean;
}

/** Connects along the known route, or finds one: each host in turn, with and without TLS as sslmode allows. */
export async function connect(address: Address, known: Route | null, patience: Patience): Promise<Connected> {
  const routes = known
    ? [known]
    : address.hosts.flatMap((host) =>
        tlsAttempts(address.parameters, host.host).map((tls): Route => ({ ...host, tls })),
      );
  let first: unknown = null;
  for (const [i, route] of routes.entries()) {
    patience.signal?.throwIfAborted();
    try {
      return await greet(await open(address, route), route);
    } catch (error) {
      // What the server says about itself is worth more than that the fallback failed as well.
      if (first === null || isNoTls(first)) first = error;
      if (routes[i + 1]?.host === route.host && !isNoTls(error) && !isLoginRefused(error)) break;
    }
  }
  throw first;
}

/** Logs in; nothing is asked of the server yet. */
export async function open(address: Address, route: Route, timeoutMs?: number): Promise<Client> {
  const { default: pg } = await import('pg');
  const { parameters } = address;
  const keepAlive = keepAliveOf(parameters);
  const config: ClientConfig & { sslnegotiation?: string } = {
    host: route.host,
    port: route.port,
    user: address.user,
    database: address.database,
    // Undefined would make pg read variables of its own; a function without an answer asks the password file.
    ...(address.password === undefined ? {} : { password: address.password }),
    ssl: route.tls,
    application_name: parameters.get('application_name') ?? 'tidemark',
    connectionTimeoutMillis: timeoutMs ?? connectTimeoutMs(parameters),
    keepAlive: keepAlive !== null,
    keepAliveInitialDelayMillis: keepAlive?.idleMs ?? 0,
    // Every value arrives as text and is read by cells.ts alone.
    types: { getTypeParser: () => (text: unknown) => text } as never,
  };
  const options = parameters.get('options');
  if (options) config.options = options;
  if (parameters.get('sslnegotiation') === 'direct' && route.tls) config.sslnegotiation = 'direct';
  const client = new pg.Client(config);
  // Without a listener the death of an idle connection ends the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    void farewell(client);
    throw error;
  }
}

/** A transaction that does nothing: a pooler that takes none is found out here, and what the server cannot do. */
async function greet(client: Client, route: Route): Promise<Connected> {
  try {
    const checksCaller = await client.query(`BEGIN; ${SET_CHECK_CALLER}; ROLLBACK`).then(
      () => true,
      async (error) => {
        // 22023: the value cannot be on this system.
        if ((error as { code?: string }).code !== '22023') throw error;
        await client.query('ROLLBACK');
        return false;
      },
    );
    return { client, route, checksCaller };
  } catch (error) {
    void farewell(client);
    throw error;
  }
}

function isNoTls(error: unknown): boolean {
  return /does not support SSL/i.test((error as Error).message);
}

function isLoginRefused(error: unknown): boolean {
  return (error as { code?: string }).code === '28000';
}

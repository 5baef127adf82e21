import type { Client, ClientConfig } from 'pg';
import type { Patience } from '../attempts.ts';
import type { Address, Host } from './address.ts';
import { type Tls, tlsAttempts } from './tls.ts';

/** A way to connect that worked; later connections take it at once. */
export interface Route extends Host {
  readonly tls: Tls;
}

const CONNECT_TIMEOUT_S = 10;
/** A statement longer than this is stuck; a load of a hundred million rows is not. */
const STATEMENT_TIMEOUT_MS = 6 * 3600 * 1000;
/** Between two statements of a transaction lie seconds of work at most; a stopped process must not hold locks for long. */
const IDLE_TIMEOUT_MS = 10 * 60 * 1000;

/** Connects along the known route, or finds one: each host in turn, with and without TLS as sslmode allows. */
export async function connect(
  address: Address,
  known: Route | null,
  patience: Patience,
): Promise<{ client: Client; route: Route }> {
  const routes = known
    ? [known]
    : address.hosts.flatMap((host) =>
        tlsAttempts(address.parameters, host.host).map((tls): Route => ({ ...host, tls })),
      );
  let first: unknown = null;
  for (const [i, route] of routes.entries()) {
    patience.signal?.throwIfAborted();
    try {
      return { client: await open(address, route, patience), route };
    } catch (error) {
      // What the server says about itself is worth more than that the fallback failed as well.
      if (first === null || isNoTls(first)) first = error;
      if (routes[i + 1]?.host === route.host && !isNoTls(error) && !isLoginRefused(error)) break;
    }
  }
  throw first;
}

async function open(address: Address, route: Route, patience: Patience): Promise<Client> {
  const { default: pg } = await import('pg');
  const { parameters } = address;
  const config: ClientConfig & { sslnegotiation?: string } = {
    host: route.host,
    port: route.port,
    user: address.user,
    database: address.database,
    // Undefined would make pg read variables of its own; a function without an answer asks the password file.
    ...(address.password === undefined ? {} : { password: address.password }),
    ssl: route.tls,
    application_name: parameters.get('application_name') ?? 'tidemark',
    connectionTimeoutMillis: (Number(parameters.get('connect_timeout')) || CONNECT_TIMEOUT_S) * 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
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
    await client.query(settings(patience.lockTimeoutMs));
    // Lets a busy server process notice a caller that was killed; not every system can.
    await client.query('SET client_connection_check_interval = 2000').catch(() => {});
    return client;
  } catch (error) {
    client.end().catch(() => {});
    throw error;
  }
}

/** The same text for the same value, whatever role, database and server are set to. */
function settings(lockTimeoutMs: number): string {
  return `SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1;
    SET standard_conforming_strings = on; SET client_encoding = 'UTF8'; SET client_min_messages = warning;
    SET lock_timeout = ${Math.max(1, Math.round(lockTimeoutMs))};
    SET idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS};
    SELECT set_config('statement_timeout', '${STATEMENT_TIMEOUT_MS}', false)
      WHERE current_setting('statement_timeout') = '0'`;
}

function isNoTls(error: unknown): boolean {
  return /does not support SSL/i.test((error as Error).message);
}

function isLoginRefused(error: unknown): boolean {
  return (error as { code?: string }).code === '28000';
}

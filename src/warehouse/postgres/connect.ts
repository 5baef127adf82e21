import type { Client, ClientConfig } from 'pg';
import type { Patience } from '../until-no-conflict.ts';
import type { Address, Host } from './address.ts';
import { requireChannelBinding } from './channel-binding.ts';
import { connectTimeoutMs, keepAliveOf } from './keep-alive.ts';
import { answered, farewell } from './line.ts';
import { isOnlyPreferred, isWanted, noneWanted, type ServerState } from './session-attributes.ts';
import { SET_CHECK_CALLER } from './settings.ts';
import { type Tls, tlsAttempts } from './tls.ts';

/** A way to connect that worked; later connections use it at once. */
export interface Route extends Host {
  readonly tls: Tls;
}

/** A connection, and what was learned about the server with it. */
export interface Connected {
  readonly client: Client;
  readonly route: Route;
  readonly state: ServerState;
  /** The server can check during a statement whether its caller is gone; not every system can. */
  readonly checksCaller: boolean;
}

/**
 * Connects along the known route, or finds one: it tries each host in turn, with and without TLS as sslmode allows,
 * until a server is what target_session_attrs demands.
 */
export async function connect(address: Address, known: Route | null, patience: Patience): Promise<Connected> {
  const { parameters } = address;
  const routes = known ? [known] : routesOf(address);
  let first: unknown = null;
  let second: Connected | null = null;
  let unwanted = false;
  let done: Route | null = null;
  for (const route of routes) {
    if (done !== null && isSameHost(done, route)) continue;
    patience.signal?.throwIfAborted();
    try {
      const connected = await greet(await open(address, route), route, patience);
      if (isWanted(parameters, connected.state)) {
        if (second) void farewell(second.client);
        return connected;
      }
      done = route;
      unwanted = true;
      if (second === null && isOnlyPreferred(parameters)) second = connected;
      else void farewell(connected.client);
    } catch (error) {
      // An error of the server says more than the failure of the fallback.
      if (first === null || isNoTls(first)) first = error;
      if (!isNoTls(error) && !isLoginRefused(error)) done = route;
    }
  }
  if (second) return second;
  throw unwanted ? noneWanted(parameters, serversShown(address)) : first;
}

function routesOf(address: Address): Route[] {
  const hosts = [...address.hosts];
  if (address.parameters.get('load_balance_hosts') === 'random')
    for (let i = hosts.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [hosts[i], hosts[j]] = [hosts[j] as Host, hosts[i] as Host];
    }
  return hosts.flatMap((host) =>
    tlsAttempts(address.parameters, host.host).map((tls): Route => ({ ...host, tls })),
  );
}

/** The hosts of an address, safe to print. */
export function serversShown(address: Address): string {
  const show = (host: string) => (host.includes(':') ? `[${host}]` : host);
  return address.hosts.map(({ host, port }) => `${show(host)}:${port}`).join(',');
}

/** The first server of an address, as a URI names it; a socket's is this machine's. */
export function serverOf({ hosts }: Address): string {
  const { host = '', port = 5432 } = hosts[0] ?? {};
  if (host === '' || host.startsWith('/') || host.startsWith('@')) return `localhost:${port}`;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Logs in; sends no statement yet. */
export async function open(address: Address, route: Route, timeoutMs?: number): Promise<Client> {
  const { default: pg } = await import('pg');
  const { parameters } = address;
  const keepAlive = keepAliveOf(parameters);
  const config: ClientConfig & { sslnegotiation?: string; enableChannelBinding?: boolean } = {
    host: route.host,
    port: route.port,
    user: address.user,
    database: address.database,
    // With undefined, pg would read variables of its own; a function without an answer makes it read the password file.
    ...(address.password === undefined ? {} : { password: address.password }),
    ssl: route.tls,
    application_name:
      parameters.get('application_name') ?? parameters.get('fallback_application_name') ?? 'tidemark',
    connectionTimeoutMillis: timeoutMs ?? connectTimeoutMs(parameters),
    keepAlive: keepAlive !== null,
    keepAliveInitialDelayMillis: keepAlive?.idleMs ?? 0,
    // Every value arrives as text, and only cells.ts reads it.
    types: { getTypeParser: () => (text: unknown) => text } as never,
  };
  const options = parameters.get('options');
  if (options) config.options = options;
  if (parameters.get('sslnegotiation') === 'direct' && route.tls) config.sslnegotiation = 'direct';
  const mustBind = parameters.get('channel_binding') === 'require';
  if (mustBind) config.enableChannelBinding = true;
  const client = new pg.Client(config);
  if (mustBind) requireChannelBinding(client, route.tls !== false);
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

const STATE = `SELECT current_setting('transaction_read_only') AS read_only, pg_is_in_recovery() AS standby`;

/**
 * A transaction that does nothing. It shows what the server is and can do, and whether a pooler accepts no
 * transactions.
 */
async function greet(client: Client, route: Route, patience: Patience): Promise<Connected> {
  const ask = async (more: string) =>
    stateOf(
      await answered(client, patience.lockTimeoutMs, client.query(`BEGIN; ${more} ${STATE}; ROLLBACK`)),
    );
  try {
    try {
      return { client, route, state: await ask(`${SET_CHECK_CALLER};`), checksCaller: true };
    } catch (error) {
      // 22023: the server's system cannot do that.
      if ((error as { code?: string }).code !== '22023') throw error;
      await client.query('ROLLBACK');
      return { client, route, state: await ask(''), checksCaller: false };
    }
  } catch (error) {
    void farewell(client);
    throw error;
  }
}

function stateOf(results: unknown): ServerState {
  const rows = (results as readonly { readonly rows: readonly Record<string, string>[] }[]).flatMap(
    (r) => r.rows,
  );
  return { readOnly: rows[0]?.read_only === 'on', standby: rows[0]?.standby === 't' };
}

function isSameHost(one: Host, other: Host): boolean {
  return one.host === other.host && one.port === other.port;
}

function isNoTls(error: unknown): boolean {
  return /does not support SSL/i.test((error as Error).message);
}

function isLoginRefused(error: unknown): boolean {
  return (error as { code?: string }).code === '28000';
}

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { connectTimeoutMs, keepAliveOf } from './keep-alive.ts';
import { isParameter, refuseUnkept, VARIABLES } from './parameters.ts';
import { checkSessionAttributes } from './session-attributes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Host {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
}

/** A connection as libpq would understand the address and the PG* variables. */
export interface Address {
  readonly hosts: readonly Host[];
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** Every other parameter by libpq's name: sslmode, sslrootcert, connect_timeout … */
  readonly parameters: ReadonlyMap<string, string>;
}

export function parseAddress(url: string, environment: Environment): Address {
  const match = /^postgres(?:ql)?:\/\/(?:([^/?]*)@)?([^/?@]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url);
  if (!match) throw badAddress('it is not of the form postgres://user@host:5432/database');
  const [, login = '', hostText = '', database = '', query = ''] = match;
  const given = parseQuery(query);
  const at = login.indexOf(':');
  setGiven(given, 'user', decode(at < 0 ? login : login.slice(0, at)));
  if (at >= 0) setGiven(given, 'password', decode(login.slice(at + 1)));
  setGiven(given, 'dbname', decode(database));
  const places = hostText === '' ? [] : hostText.split(',').map(parseHost);
  if (places.some((place) => place.host !== ''))
    given.set('host', places.map((place) => place.host).join(','));
  if (places.some((place) => place.port !== ''))
    given.set('port', places.map((place) => place.port).join(','));
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const value = environment[variable];
    if (!given.has(name) && value !== undefined && value !== '') given.set(name, value);
  }
  refuseUnkept(given, environment);
  checkSessionAttributes(given);
  keepAliveOf(given);
  connectTimeoutMs(given);
  const user = given.get('user') ?? accountName();
  return {
    hosts: hostsOf(given),
    user,
    database: given.get('dbname') ?? user,
    password: given.get('password'),
    parameters: given,
  };
}

function parseQuery(query: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? '' : decode(pair.slice(at + 1));
    if (name === 'ssl' && value === 'true') given.set('sslmode', 'require');
    else if (isParameter(name)) setGiven(given, name, value);
    else throw badAddress(`libpq has no parameter "${name}"`);
  }
  return given;
}

function setGiven(given: Map<string, string>, name: string, value: string): void {
  if (value !== '') given.set(name, value);
}

/** `name`, `name:port`, `[::1]:port`, `%2Fvar%2Frun:port`. */
function parseHost(text: string): { host: string; port: string } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(text);
  if (!match) throw badAddress('the host is not of the form name:port');
  return { host: decode((match[1] ?? '').replace(/^\[|\]$/g, '')), port: match[2] ?? '' };
}

function hostsOf(given: ReadonlyMap<string, string>): Host[] {
  const names = (given.get('hostaddr') ?? given.get('host') ?? '').split(',');
  const ports = (given.get('port') ?? '').split(',');
  return names.map((name, i) => {
    const text = (ports.length === 1 ? ports[0] : ports[i]) || '5432';
    const port = Number(text);
    if (!/^\d+$/.test(text) || port < 1 || port > 65535)
      throw badAddress('the port is not a number from 1 to 65535');
    return { host: name === '' ? defaultHost(port) : name, port };
  });
}

/** libpq searches for the server's socket first; where it is depends on how libpq was built. */
function defaultHost(port: number): string {
  const folders = ['/var/run/postgresql', '/tmp'];
  return folders.find((folder) => existsSync(join(folder, `.s.PGSQL.${port}`))) ?? 'localhost';
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'postgres';
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badAddress('a % in it is not followed by two hexadecimal digits');
  }
}

function badAddress(why: string): TidemarkError {
  return new TidemarkError('usage', {
    message: `The database address cannot be used: ${why}.`,
    hint: 'Write postgres://user@host:5432/database; special characters in a password are percent-encoded.',
  });
}

import { describe, expect, it } from 'vitest';
import type { TidemarkError } from '../../../../src/errors/tidemark-error.ts';
import { parseAddress } from '../../../../src/warehouse/postgres/address.ts';
import { keepAliveOf } from '../../../../src/warehouse/postgres/keep-alive.ts';
import { tlsAttempts } from '../../../../src/warehouse/postgres/tls.ts';

const parsed = (url: string, environment: Record<string, string> = {}) => {
  const { hosts, user, database, password, parameters } = parseAddress(url, environment);
  const places = hosts.map(({ host, port }) => `${host} ${port}`).join(', ');
  return { places, user, database, password, sslmode: parameters.get('sslmode') };
};

describe('a PostgreSQL address', () => {
  it.each([
    ['postgres://u:p@h:6000/d', { places: 'h 6000', user: 'u', password: 'p', database: 'd' }],
    ['postgresql://u@h', { places: 'h 5432', user: 'u', password: undefined, database: 'u' }],
    ['postgres://u%40x:p%2Fq%3A@h/d%20e', { user: 'u@x', password: 'p/q:', database: 'd e' }],
    ['postgres://u:p@ss@h/d', { places: 'h 5432', password: 'p@ss' }],
    ['postgres://u@[::1]:6000/d', { places: '::1 6000' }],
    ['postgres://u@%2Fvar%2Frun/d', { places: '/var/run 5432' }],
    ['postgres:///d?host=/sockets&port=7000&user=u', { places: '/sockets 7000', user: 'u', database: 'd' }],
    ['postgres://u@a:1,b:2/d', { places: 'a 1, b 2' }],
    ['postgres://u@h/d?sslmode=require&application_name=x', { sslmode: 'require' }],
    ['postgres://u@h/d?ssl=true', { sslmode: 'require' }],
  ])('%s is read as libpq reads it', (url, expected) => {
    expect(parsed(url)).toMatchObject(expected);
  });

  it('takes what it lacks from the PG* variables, and nothing it has', () => {
    const environment = {
      ...{ PGHOST: 'envhost', PGPORT: '7777', PGUSER: 'envuser', PGPASSWORD: 'envword', PGDATABASE: 'envdb' },
      PGSSLMODE: 'verify-full',
    };
    expect(parsed('postgres://', environment)).toEqual({
      ...{
        places: 'envhost 7777',
        user: 'envuser',
        database: 'envdb',
        password: 'envword',
        sslmode: 'verify-full',
      },
    });
    expect(parsed('postgres://me:own@here:1/mine?sslmode=disable', environment)).toEqual({
      ...{ places: 'here 1', user: 'me', database: 'mine', password: 'own', sslmode: 'disable' },
    });
  });

  it.each([
    ['postgres://u:secret@h:port/d'],
    ['postgres://u:secret@h:70000/d'],
    ['postgres://u:secret%zz@h/d'],
    ['postgres://u:secret@h/d?nonsense=1'],
  ])('%s is refused without showing the password', (url) => {
    const message = (() => {
      try {
        parseAddress(url, {});
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toMatch(/^The database address cannot be used/);
    expect(message).not.toContain('secret');
  });
});

describe('a parameter of an address', () => {
  const messageOf = (url: string, environment: Record<string, string> = {}) => {
    try {
      parseAddress(url, environment);
      return 'accepted';
    } catch (error) {
      return `${(error as TidemarkError).exitCode} ${(error as Error).message}`;
    }
  };

  it.each([
    ['channel_binding=perhaps'],
    ['gssencmode=require'],
    ['client_encoding=latin1'],
    ['replication=database'],
    ['requirepeer=postgres'],
    ['require_auth=scram-sha-256'],
    ['sslcrldir=/x'],
    ['passfile=/x'],
    ['krbsrvname=postgres'],
    ['target_session_attrs=fast'],
    ['load_balance_hosts=always'],
    ['keepalives_idle=soon'],
    ['tcp_user_timeout=1s'],
    ['connect_timeout=x'],
  ])('%s is refused by its name, because it cannot be kept', (parameter) => {
    const name = parameter.slice(0, parameter.indexOf('='));
    expect(messageOf(`postgres://u:secret@h/d?${parameter}`)).toMatch(new RegExp(`^2 .*${name}`));
  });

  it.each([
    ['channel_binding=prefer&gssencmode=prefer&client_encoding=UTF8&replication=false&sslcompression=0'],
    ['keepalives=1&keepalives_idle=30&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=30000'],
    ['channel_binding=require&target_session_attrs=read-write&load_balance_hosts=random&connect_timeout=5'],
  ])('%s is taken', (parameters) => {
    expect(messageOf(`postgres://u@h/d?${parameters}`)).toBe('accepted');
  });

  it('is refused from a variable by the name of the variable', () => {
    expect(messageOf('postgres://u@h/d', { PGREQUIREAUTH: 'none' })).toMatch(/^2 .*PGREQUIREAUTH=none/);
  });
});

describe('keepalives', () => {
  const of = (...given: [string, string][]) => keepAliveOf(new Map(given));

  it('have defaults, which 0 asks for too', () => {
    expect(of()).toEqual({ idleMs: 10_000, intervalMs: 5000, count: 3, limitMs: 25_000 });
    expect(of(['keepalives_idle', '0'], ['tcp_user_timeout', '0'])).toEqual(of());
  });

  it('are as the address says, in seconds, and the limit in milliseconds', () => {
    const given: [string, string][] = [
      ['keepalives_idle', '60'],
      ['keepalives_interval', '7'],
      ['keepalives_count', '9'],
    ];
    expect(of(...given)).toEqual({ idleMs: 60_000, intervalMs: 7000, count: 9, limitMs: 123_000 });
    expect(of(...given, ['tcp_user_timeout', '8000'])).toMatchObject({
      idleMs: 4000,
      intervalMs: 2000,
      limitMs: 8000,
    });
  });

  it('are off where the address says so', () => {
    expect(of(['keepalives', '0'])).toBeNull();
  });
});

describe('sslmode', () => {
  const ways = (mode: string | null, host = 'h', more: [string, string][] = []) =>
    tlsAttempts(new Map(mode === null ? more : [['sslmode', mode], ...more]), host).map((way) =>
      way === false ? 'plain' : way.rejectUnauthorized ? 'verified' : 'tls',
    );

  it.each([
    [null, ['tls', 'plain']],
    ['disable', ['plain']],
    ['allow', ['plain', 'tls']],
    ['prefer', ['tls', 'plain']],
    ['require', ['tls']],
  ])('%s tries %j', (mode, expected) => {
    expect(ways(mode)).toEqual(expected);
  });

  it('verifies with the system certificates where asked to', () => {
    expect(ways('verify-full', 'h', [['sslrootcert', 'system']])).toEqual(['verified']);
    expect(ways(null, 'h', [['sslrootcert', 'system']])).toEqual(['verified']);
  });

  it('refuses to go on unverified where the root certificate is missing', () => {
    expect(() => ways('verify-ca', 'h', [['sslrootcert', '/no/such/file']])).toThrow(/root certificate/);
  });

  it('never asks a socket for TLS', () => {
    expect(ways('require', '/var/run/postgresql')).toEqual(['plain']);
  });
});

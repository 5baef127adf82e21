import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { TidemarkError } from '../../errors/tidemark-error.ts';

/** One way to connect: without TLS, or with these options. */
export type Tls = false | ConnectionOptions;

/**
 * The ways to try, in order, as libpq's sslmode demands: `prefer` (the default) and `allow` have a fallback. Through a
 * socket, TLS is never used.
 */
export function tlsAttempts(parameters: ReadonlyMap<string, string>, host: string): readonly Tls[] {
  if (host.startsWith('/')) return [false];
  const rootFile = parameters.get('sslrootcert');
  const mode = parameters.get('sslmode') ?? (rootFile === 'system' ? 'verify-full' : 'prefer');
  switch (mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, options(parameters, host, 'none')];
    case 'prefer':
      return [options(parameters, host, 'none'), false];
    case 'require':
      // As in libpq: if there is a root certificate, it is used as in verify-ca.
      return [options(parameters, host, existsSync(rootPath(parameters)) ? 'ca' : 'none')];
    case 'verify-ca':
      return [options(parameters, host, 'ca')];
    case 'verify-full':
      return [options(parameters, host, 'full')];
    default:
      throw new TidemarkError('usage', {
        message: `sslmode cannot be "${mode}".`,
        hint: 'It is one of disable, allow, prefer, require, verify-ca, verify-full.',
      });
  }
}

function options(parameters: ReadonlyMap<string, string>, host: string, verify: 'none' | 'ca' | 'full'): Tls {
  const certificate = readOptional(parameters.get('sslcert'), 'postgresql.crt');
  const key = certificate && readOptional(parameters.get('sslkey'), 'postgresql.key');
  const passphrase = parameters.get('sslpassword');
  const lists = parameters.get('sslcrl');
  const lowest = parameters.get('ssl_min_protocol_version') as ConnectionOptions['minVersion'];
  const highest = parameters.get('ssl_max_protocol_version') as ConnectionOptions['maxVersion'];
  return {
    rejectUnauthorized: verify !== 'none',
    ...(parameters.get('sslsni') === '0' || /^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ...(verify === 'ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(verify === 'none' || parameters.get('sslrootcert') === 'system' ? {} : { ca: readRoot(parameters) }),
    ...(certificate ? { cert: certificate } : {}),
    ...(key ? { key } : {}),
    ...(passphrase ? { passphrase } : {}),
    ...(lists && existsSync(lists) ? { crl: readFileSync(lists) } : {}),
    ...(lowest ? { minVersion: lowest } : {}),
    ...(highest ? { maxVersion: highest } : {}),
  };
}

function rootPath(parameters: ReadonlyMap<string, string>): string {
  return parameters.get('sslrootcert') ?? join(homedir(), '.postgresql', 'root.crt');
}

function readRoot(parameters: ReadonlyMap<string, string>): Buffer {
  try {
    return readFileSync(rootPath(parameters));
  } catch (error) {
    throw new TidemarkError('database-refused', {
      message: `The root certificate ${rootPath(parameters)} cannot be read, so that the server cannot be verified.`,
      hint: 'Give its path as sslrootcert or PGSSLROOTCERT, or write sslrootcert=system.',
      cause: error,
    });
  }
}

function readOptional(path: string | undefined, usual: string): Buffer | undefined {
  const file = path ?? join(homedir(), '.postgresql', usual);
  return existsSync(file) ? readFileSync(file) : undefined;
}

import { TidemarkError } from '../../errors/tidemark-error.ts';
import { Conflict, lockBusy } from '../until-no-conflict.ts';
import { missingGrant } from './grants.ts';
import { poolerRefusal } from './pooler-refusal.ts';

interface DriverError extends Error {
  readonly code?: string;
  readonly errors?: readonly DriverError[];
}

const SOCKET_CODES =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_\w+|ETIMEDOUT|EPIPE|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOENT|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE|ERR_STREAM_DESTROYED)$/;

/**
 * What a failure means: a conflict to retry, or the error to end with. No message contains the address or a password.
 */
export function postgresError(
  error: unknown,
  about: { readonly place: string; readonly waitedMs: number; readonly role: string },
): Error {
  if (error instanceof TidemarkError || error instanceof Conflict) return error;
  const known = error as DriverError;
  const code = known.code ?? known.errors?.[0]?.code ?? '';
  const text = known.message || known.errors?.[0]?.message || String(error);
  if (code === '40001' || code === '40P01') return new Conflict('rows', error);
  if (code === '55P03') return lockBusy(about.waitedMs, error);
  const refusal = poolerRefusal(code, text, about.place);
  if (refusal) return refusal;
  if (code === '25006') {
    return new TidemarkError('database-read-only', {
      message: `The database at ${about.place} takes no writes: ${reason(code, text)}.`,
      cause: error,
    });
  }
  if (isUnreachable(code, text)) {
    return new TidemarkError('database-unreachable', {
      message: `The database at ${about.place} does not answer: ${reason(code, text)}.`,
      cause: error,
    });
  }
  if (isRefusal(code, text)) {
    const grant = code === '42501' ? missingGrant(reason(code, text), about.role) : null;
    return new TidemarkError('database-refused', {
      message: `The database at ${about.place} refuses: ${reason(code, text)}.`,
      ...(grant === null ? {} : { hint: `Have an administrator run: ${grant}` }),
      cause: error,
    });
  }
  if (code === '53100' || code === 'ENOSPC') {
    return new TidemarkError('disk-full', {
      message: 'The disk of the database is full; nothing was changed.',
      cause: error,
    });
  }
  return failedStatement(code, text, error);
}

function isUnreachable(code: string, text: string): boolean {
  // 57P01-57P05: shut down, crashed, starting, dropped, idle too long; 53300: no free connection; 08: connection.
  if (SOCKET_CODES.test(code) || /^(08|57P0|53300)/.test(code)) return true;
  return /connection (was )?terminated|connection ended|client was closed|timeout expired|not queryable|client has encountered a connection error/i.test(
    text,
  );
}

function isRefusal(code: string, text: string): boolean {
  // 28: login; 3D000: no such database; 42501: missing right.
  if (/^(28|3D000|42501)/.test(code)) return true;
  if (/^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS|ERR_SSL|ERR_OSSL)/.test(code)) return true;
  return /does not support SSL|SASL|certificate|password/i.test(text) && !/^[0-9A-Z]{5}$/.test(code);
}

function failedStatement(code: string, text: string, error: unknown): TidemarkError {
  const line = reason(code, text);
  // Data exceptions and violated constraints quote the value, which may be personal.
  const masked = /^(22|23)/.test(code);
  const shown = masked ? line.replace(/"[^"]*"/g, '…') : line;
  return new TidemarkError('statement-failed', {
    message: `The database could not carry out a statement: ${shown}.`,
    ...(masked ? {} : { cause: error }),
  });
}

function reason(code: string, text: string): string {
  const line = (text.split('\n')[0] ?? '').trim().replace(/\.$/, '');
  return line === '' ? code : line;
}

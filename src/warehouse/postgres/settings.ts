import type { KeepAlive } from './keep-alive.ts';
import type { ServerState } from './session-attributes.ts';

/** Settings that the server gets at the start of every transaction. */
export interface TransactionSettings {
  readonly lockTimeoutMs: number;
  /** Null where the address switches keepalives off. */
  readonly keepAlive: KeepAlive | null;
  /** The server runs on a system on which it can check during a statement whether its caller is gone. */
  readonly checksCaller: boolean;
}

/** A statement longer than this is stuck; a load of a hundred million rows is not. */
const STATEMENT_TIMEOUT_MS = 6 * 3600 * 1000;
/** A transaction works for seconds at most between two statements; a stopped process must not hold locks for long. */
const IDLE_TIMEOUT_MS = 5 * 60 * 1000;
const CHECK_CALLER_MS = 2000;

export const SET_CHECK_CALLER = `SET LOCAL client_connection_check_interval = ${CHECK_CALLER_MS}`;

/**
 * With these settings a value has the same text whatever role, database and server are set to. All of them end with the
 * transaction: behind a pooler the next transaction may run on another connection of the server, and another caller's
 * on this one. The last statement takes the snapshot.
 */
export function setLocal(settings: TransactionSettings): string {
  return `SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on; SET LOCAL client_encoding = 'UTF8';
    SET LOCAL client_min_messages = warning; ${setLockTimeout(settings.lockTimeoutMs)};
    SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS};
    ${settings.keepAlive === null ? '' : setKeepAlive(settings.keepAlive)}
    ${settings.checksCaller ? `${SET_CHECK_CALLER};` : ''}
    SELECT set_config('statement_timeout', '${STATEMENT_TIMEOUT_MS}', true)
      WHERE current_setting('statement_timeout') = '0';
    SELECT pg_backend_pid() AS pid, CAST(now() AS TEXT) AS began,
      current_setting('transaction_read_only') AS read_only, pg_is_in_recovery() AS standby`;
}

/** The answer of the last statement of `setLocal`. */
export interface BegunTransaction {
  /** The server's process; behind a pooler it is another one in every transaction. */
  readonly pid: number;
  /** When the transaction began; together with the process this identifies it. */
  readonly began: string;
  readonly state: ServerState;
}

/** Called with the server's transaction that a connection now has; throws where it should write and cannot. */
export type OnBegun = (transaction: BegunTransaction, writes: boolean) => void;

export function begunOf(answered: unknown): BegunTransaction {
  const results = answered as readonly { readonly rows: readonly Record<string, string>[] }[];
  const row = results.at(-1)?.rows[0] ?? {};
  return {
    pid: Number(row.pid),
    began: String(row.began),
    state: { readOnly: row.read_only === 'on', standby: row.standby === 't' },
  };
}

export function setLockTimeout(ms: number): string {
  return `SET LOCAL lock_timeout = ${Math.max(1, Math.round(ms))}`;
}

/** The server notices a dead caller as soon as a caller would notice a dead server. */
function setKeepAlive({ idleMs, intervalMs, count, limitMs }: KeepAlive): string {
  const seconds = (ms: number) => Math.max(1, Math.round(ms / 1000));
  return `SET LOCAL tcp_keepalives_idle = ${seconds(idleMs)};
    SET LOCAL tcp_keepalives_interval = ${seconds(intervalMs)}; SET LOCAL tcp_keepalives_count = ${count};
    SET LOCAL tcp_user_timeout = ${Math.round(limitMs)};`;
}

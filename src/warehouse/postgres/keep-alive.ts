import { TidemarkError } from '../../errors/tidemark-error.ts';

/** How long the other end of a connection may be silent before the connection counts as dead. */
export interface KeepAlive {
  /** Silence before the first question, in milliseconds. */
  readonly idleMs: number;
  /** How long an answer may take, and the time from one question to the next, in milliseconds. */
  readonly intervalMs: number;
  /** Questions without an answer after which the connection counts as dead. */
  readonly count: number;
  /** The longest silence without any answer, in milliseconds. */
  readonly limitMs: number;
}

const IDLE_S = 10;
const INTERVAL_S = 5;
const COUNT = 3;

/**
 * libpq's keepalives, keepalives_idle, keepalives_interval (seconds), keepalives_count and tcp_user_timeout
 * (milliseconds), with its rule that 0 means the default; null where keepalives are switched off. Throws `usage` for a
 * value that is not a whole number.
 */
export function keepAliveOf(parameters: ReadonlyMap<string, string>): KeepAlive | null {
  const given = (name: string) => wholeNumber(name, parameters.get(name));
  const idleMs = (given('keepalives_idle') || IDLE_S) * 1000;
  const intervalMs = (given('keepalives_interval') || INTERVAL_S) * 1000;
  const count = given('keepalives_count') || COUNT;
  const limitMs = given('tcp_user_timeout') || idleMs + intervalMs * count;
  if (given('keepalives') === 0) return null;
  // With a short limit the questions must come early enough to be answered within it.
  return {
    idleMs: Math.min(idleMs, limitMs / 2),
    intervalMs: Math.min(intervalMs, limitMs / 4),
    count,
    limitMs,
  };
}

/** libpq's connect_timeout in milliseconds: 0 or less means for ever there, and the default here. */
export function connectTimeoutMs(parameters: ReadonlyMap<string, string>): number {
  const seconds = wholeNumber('connect_timeout', parameters.get('connect_timeout')) ?? 0;
  return (seconds > 0 ? seconds : CONNECT_TIMEOUT_S) * 1000;
}

const CONNECT_TIMEOUT_S = 10;

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*-?\d{1,9}\s*$/.test(text)) return Math.max(0, Number(text));
  throw new TidemarkError('usage', {
    message: `The database address cannot be used: ${name} is "${text}" and not a whole number.`,
    hint: `Write ${name}=10, or leave it out.`,
  });
}

import { connect as connectSocket, type Socket } from 'node:net';
import type { Client } from 'pg';
import type { Host } from './address.ts';

const CANCEL_TIMEOUT_MS = 2000;
const CANCEL_REQUEST = 80877102;

/**
 * Asks the server to cancel what a connection runs, by the key of its login. A pooler passes the request on to the
 * server process that works for the connection, which need not be the one that the login named. Sent without TLS, as
 * libpq did; the server answers by closing. Throws where no server accepts it.
 */
export async function requestCancel(host: Host, client: Client): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const request = Buffer.alloc(16);
  [16, CANCEL_REQUEST, processID, secretKey].forEach((word, i) => void request.writeInt32BE(word, i * 4));
  await new Promise<void>((resolve, reject) => {
    const socket = host.host.startsWith('/')
      ? connectSocket(`${host.host}/.s.PGSQL.${host.port}`)
      : connectSocket(host.port, host.host);
    socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy(new Error('the server takes no cancellation')));
    socket.on('connect', () => void socket.write(request));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** The process of the server that the login named. */
export function loginPid(client: Client): number {
  return (client as unknown as { processID: number }).processID;
}

export function socketOf(client: Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

interface DriverClient {
  readonly readyForQuery: boolean;
  readonly _activeQuery: { readonly writableEnded?: boolean } | null;
}

/** Bytes that were sent and received; bytes that the system has not accepted yet do not count. */
export function bytesThrough(client: Client): number {
  const socket = socketOf(client);
  return socket.bytesRead + socket.bytesWritten - socket.writableLength;
}

/** We wait for an answer of the server: a statement runs, and we have neither more to send nor more to read first. */
export function isOwedAnswer(client: Client): boolean {
  const { readyForQuery, _activeQuery: query } = client as unknown as DriverClient;
  if (readyForQuery || query === null) return false;
  const { writableLength, readableLength } = socketOf(client);
  const isFed = query.writableEnded === false;
  return readableLength === 0 && (!isFed || writableLength > 0);
}

/** Ends a connection without a goodbye, which might reach nobody; whoever waits for it fails with the reason. */
export function cutLine(client: Client, reason?: Error): void {
  socketOf(client).destroy(reason);
}

const FAREWELL_MS = 1000;

/** Says goodbye and closes; cuts the connection if there is no answer. Never throws. */
export async function farewell(client: Client): Promise<void> {
  const late = setTimeout(() => cutLine(client), FAREWELL_MS);
  await client.end().catch(() => {});
  clearTimeout(late);
}

/** Extra time beyond a limit that the server itself was given. */
const GRACE_MS = 5000;

/**
 * Waits no longer than the limit that the server was given, even if the network loses its answer; then cuts the
 * connection.
 */
export async function answered<T>(client: Client, limitMs: number, statement: Promise<T>): Promise<T> {
  const late = setTimeout(() => {
    const reason = `no answer came within ${Math.round((limitMs + GRACE_MS) / 1000)} s`;
    cutLine(client, lostLine(reason));
  }, limitMs + GRACE_MS);
  try {
    return await statement;
  } finally {
    clearTimeout(late);
  }
}

export function lostLine(reason: string): Error {
  return Object.assign(new Error(reason), { code: 'ETIMEDOUT' });
}

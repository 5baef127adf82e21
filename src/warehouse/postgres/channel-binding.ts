import type { Client } from 'pg';
import { TidemarkError } from '../../errors/tidemark-error.ts';

interface Logins {
  readonly stream: { destroy(reason: Error): void };
  on(event: string, listener: (message: { readonly mechanisms?: readonly string[] }) => void): void;
}

/**
 * libpq's channel_binding=require: the server has to prove that this very TLS connection ends at it. Set before the
 * login, because a server without that proof must not get the password.
 */
export function requireChannelBinding(client: Client, isTls: boolean): void {
  const { connection } = client as unknown as { readonly connection: Logins };
  let bound = false;
  const refuse = () =>
    connection.stream.destroy(
      new TidemarkError('database-refused', {
        message: 'The server offers no channel binding, which channel_binding=require asks for.',
        hint: 'Write channel_binding=prefer if the server need not prove that it ends the TLS line.',
      }),
    );
  connection.on('authenticationSASL', ({ mechanisms = [] }) => {
    bound = isTls && mechanisms.includes('SCRAM-SHA-256-PLUS');
    if (!bound) refuse();
  });
  for (const event of ['authenticationCleartextPassword', 'authenticationMD5Password'])
    connection.on(event, refuse);
  connection.on('authenticationOk', () => {
    if (!bound) refuse();
  });
}

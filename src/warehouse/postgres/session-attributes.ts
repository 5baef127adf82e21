import { TidemarkError } from '../../errors/tidemark-error.ts';

/** The kind of a server, as far as target_session_attrs needs it. */
export interface ServerState {
  readonly standby: boolean;
  readonly readOnly: boolean;
}

const WANTED: Readonly<Record<string, { is(state: ServerState): boolean; words: string }>> = {
  any: { is: () => true, words: '' },
  'read-write': { is: ({ readOnly }) => !readOnly, words: 'takes writes' },
  'read-only': { is: ({ readOnly }) => readOnly, words: 'is read-only' },
  primary: { is: ({ standby }) => !standby, words: 'is a primary' },
  standby: { is: ({ standby }) => standby, words: 'is a standby' },
  'prefer-standby': { is: ({ standby }) => standby, words: 'is a standby' },
};

const attributes = (given: ReadonlyMap<string, string>) => given.get('target_session_attrs') ?? 'any';

/** Throws `usage` where libpq has no such value. */
export function checkSessionAttributes(given: ReadonlyMap<string, string>): void {
  const refuse = (name: string, value: string, values: readonly string[]): never => {
    throw new TidemarkError('usage', {
      message: `The database address cannot be used: ${name} cannot be "${value}".`,
      hint: `It is one of ${values.join(', ')}.`,
    });
  };
  const wanted = attributes(given);
  if (!Object.hasOwn(WANTED, wanted)) refuse('target_session_attrs', wanted, Object.keys(WANTED));
  const balance = given.get('load_balance_hosts') ?? 'disable';
  if (!['disable', 'random'].includes(balance)) refuse('load_balance_hosts', balance, ['disable', 'random']);
  const bindings = ['disable', 'prefer', 'require'];
  const binding = given.get('channel_binding') ?? 'prefer';
  if (!bindings.includes(binding)) refuse('channel_binding', binding, bindings);
}

/** Whether the server is what target_session_attrs demands. */
export function isWanted(given: ReadonlyMap<string, string>, state: ServerState): boolean {
  return WANTED[attributes(given)]?.is(state) ?? true;
}

/** Where a standby is only preferred, any server is better than no server. */
export function isOnlyPreferred(given: ReadonlyMap<string, string>): boolean {
  return attributes(given) === 'prefer-standby';
}

/** The error where no host that answered is what the address demands. */
export function noneWanted(given: ReadonlyMap<string, string>, place: string): TidemarkError {
  return new TidemarkError('database-unreachable', {
    message: `No server of ${place} ${WANTED[attributes(given)]?.words}, which target_session_attrs=${attributes(given)} asks for.`,
  });
}

/** The error of a write that the server does not accept. */
export function takesNoWrites({ standby }: ServerState, place: string): TidemarkError {
  const why = standby
    ? 'it is a standby, which copies another server'
    : 'it is set to read-only (default_transaction_read_only)';
  return new TidemarkError('database-read-only', {
    message: `The database at ${place} takes no writes now: ${why}.`,
  });
}

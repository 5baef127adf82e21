import { TidemarkError } from '../../errors/tidemark-error.ts';

/** pgbouncer gives all of its own errors this state, those that pass and those that never will. */
const POOLER_STATE = '08P01';

/** What a pooler will say again however often it is asked; null for everything that may pass. */
export function poolerRefusal(code: string, text: string, place: string): TidemarkError | null {
  if (code !== POOLER_STATE) return null;
  const parameter = /unsupported startup parameter(?: in options)?: (\S+)/i.exec(text)?.[1];
  if (parameter) {
    return new TidemarkError('database-refused', {
      message: `The connection pooler at ${place} refuses the parameter ${parameter}.`,
      hint: `Remove ${parameter} from the address and the PG* variables, and set for the role what it sets (ALTER ROLE … SET).`,
    });
  }
  if (/transaction blocks not allowed/i.test(text)) {
    return new TidemarkError('database-refused', {
      message: `The connection pooler at ${place} takes no transactions, because its pool_mode is statement.`,
      hint: 'Set pool_mode to transaction or session, or give the address of the server itself.',
    });
  }
  if (!PERMANENT.test(text)) return null;
  const line = (text.split('\n')[0] ?? '').trim().replace(/\.$/, '');
  return new TidemarkError('database-refused', {
    message: `The connection pooler at ${place} refuses: ${line}.`,
  });
}

const PERMANENT =
  /no such (database|user)|authentication failed|auth failed|login rejected|(SSL|TLS) required|not allowed|invalid server parameter/i;

import { TidemarkError } from '../../errors/tidemark-error.ts';

/** pgbouncer gives this state to all of its own errors, both temporary and permanent ones. */
const POOLER_STATE = '08P01';

/** A permanent error of a pooler, which every repetition would get again; null for every temporary one. */
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

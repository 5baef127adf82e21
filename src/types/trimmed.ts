import { literal } from '../sql/sql.ts';

/** White space of any script, no-break spaces and the byte-order mark: removed at both ends of every cell. */
const BLANKS =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

export function trimmed(text: string): string {
  return `trim(${text}, ${literal(BLANKS)})`;
}

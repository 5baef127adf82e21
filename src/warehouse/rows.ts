import type { Cell } from './warehouse.ts';

/** Rows as objects. fromEntries defines members, so that a column called `__proto__` stays one. */
export function rowsOf<R extends object>(names: readonly string[], rows: Iterable<readonly Cell[]>): R[] {
  const out: R[] = [];
  for (const row of rows) out.push(Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])) as R);
  return out;
}

/** `2025-06-01 10:00:00.500000` and the like as `2025-06-01T10:00:00.5`; a zone of +00 becomes `Z`. */
export function isoTimestamp(text: string): string {
  return trimFraction(text.replace(' ', 'T').replace(/\+00(:?00)?$/, 'Z'));
}

/** A fraction of a second without the zeros at its end. */
export function trimFraction(text: string): string {
  return text.replace(/(\.\d*?)0+(?=Z?$)/, '$1').replace(/\.(?=Z?$)/, '');
}

export function exactInteger(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** JSON text without white space between its tokens; numbers keep their digits. */
export function compactJson(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''));
}

import type { RawCell } from '../reader.ts';

/**
 * The members of one JSON object with their values as written, in order. Pairs, because keys are data and may occur
 * twice.
 */
export type Members = readonly (readonly [key: string, cell: RawCell])[];

export class NotAnObject extends Error {}

/**
 * Reads a line that holds one JSON object. Numbers keep their own digits (JSON.parse would round them), texts are
 * decoded, nested values stay JSON text. A member that occurs twice becomes an error cell with the values as written,
 * and so does a member whose nested object has a key twice. Throws NotAnObject with the reason.
 */
export function readMembers(line: string): Members {
  check(line);
  const sources = new Map<string, string[]>();
  const twins = new Set<string>();
  let at = skipBlanks(line, line.indexOf('{') + 1);
  while (line[at] !== '}') {
    const keyEnd = valueEnd(line, at);
    const key = JSON.parse(line.slice(at, keyEnd)) as string;
    const start = skipBlanks(line, line.indexOf(':', keyEnd) + 1);
    const end = valueEnd(line, start);
    if (hasTwins(line, start)) twins.add(key);
    const written = sources.get(key);
    if (written !== undefined) twins.add(key);
    sources.set(key, [...(written ?? []), line.slice(start, end)]);
    at = skipBlanks(line, end);
    if (line[at] === ',') at = skipBlanks(line, at + 1);
  }
  return [...sources].map(([key, values]) => [
    key,
    twins.has(key) ? { text: values.join(', '), kind: 'e' } : cellOf(values[0] as string),
  ]);
}

/** No real data is nested deeper, and walking it would take time that grows with the square of its length. */
const MOST_NESTED = 200;

/** If a nested object has two members of one name, readers keep only one of them, and not all readers the same one. */
function hasTwins(line: string, start: number, depth = 0): boolean {
  if (depth > MOST_NESTED) throw new NotAnObject(`values in it are nested more than ${MOST_NESTED} deep`);
  let found = false;
  if (line[start] === '[') {
    for (let at = skipBlanks(line, start + 1); line[at] !== ']'; ) {
      found = hasTwins(line, at, depth + 1) || found;
      at = afterValue(line, valueEnd(line, at));
    }
    return found;
  }
  if (line[start] !== '{') return false;
  const keys = new Set<string>();
  for (let at = skipBlanks(line, start + 1); line[at] !== '}'; ) {
    const keyEnd = valueEnd(line, at);
    const key = JSON.parse(line.slice(at, keyEnd)) as string;
    if (keys.has(key)) found = true;
    keys.add(key);
    const value = skipBlanks(line, line.indexOf(':', keyEnd) + 1);
    found = hasTwins(line, value, depth + 1) || found;
    at = afterValue(line, valueEnd(line, value));
  }
  return found;
}

/** Position of the next value or of the closing bracket. */
function afterValue(line: string, end: number): number {
  const at = skipBlanks(line, end);
  return line[at] === ',' ? skipBlanks(line, at + 1) : at;
}

/** The line is valid JSON after this, so the code that walks through it needs no checks of its own. */
function check(line: string): void {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new NotAnObject(`it is not valid JSON (${(error as Error).message.split(' in JSON')[0]})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NotAnObject('it is not a JSON object');
  }
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && /\s/.test(line[at] as string)) at++;
  return at;
}

/** The end of the value (or key) that starts at `from`. */
function valueEnd(line: string, from: number): number {
  const nested = line[from] === '{' || line[from] === '[';
  if (line[from] === '"') return stringEnd(line, from);
  let depth = 0;
  for (let at = from; at < line.length; at++) {
    const char = line[at];
    if (char === '"') at = stringEnd(line, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && depth > 0) {
      if (--depth === 0 && nested) return at + 1;
    } else if (!nested && (char === ',' || char === '}' || /\s/.test(char as string))) return at;
  }
  return line.length;
}

function stringEnd(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') return at + 1;
  }
  return line.length;
}

function cellOf(source: string): RawCell {
  if (source === 'null') return { text: '', kind: '_' };
  if (source === 'true' || source === 'false') return { text: source.toUpperCase(), kind: 'l' };
  if (source.startsWith('"')) {
    const text = JSON.parse(source) as string;
    return { text, kind: text === '' ? '_' : 's' };
  }
  return { text: source, kind: /^[{[]/.test(source) ? 's' : 'w' };
}

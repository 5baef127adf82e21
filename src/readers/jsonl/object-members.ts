import type { RawCell } from '../reader.ts';
import { decodeString } from '../records/json-string.ts';
import { hashOfName } from '../records/name-hash.ts';
import { SeenNames } from '../records/seen-names.ts';
import { checkJson, type JsonWatcher } from '../records/strict-json.ts';

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
  const { sources, twins } = walked(line);
  return [...sources].map(([key, values]) => [
    key,
    twins.has(key) ? { text: values.join(', '), kind: 'e' } : cellOf(values[0] as string),
  ]);
}

/** The line is an object of valid JSON after this. */
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

/** JSON.parse takes half a character (a lone surrogate), and the strict reader does not. */
const HALF = /\\u[dD][89a-fA-F][\da-fA-F]{2}|\p{Surrogate}/gu;

function walked(line: string): MemberSources {
  const members = new MemberSources(line);
  // The scan only tells places: what it sees there is as long as what is there.
  checkJson(
    line.replace(HALF, (half) => (half.length === 1 ? '?' : '\\u0000')),
    members,
  );
  return members;
}

/** No real data is nested deeper. */
const MOST_NESTED = 200;

/** The values of an object's own members, as they are written, while a scan goes through the object. */
class MemberSources implements JsonWatcher {
  readonly sources = new Map<string, string[]>();
  /** Members that occur twice, or hold an object in which one does: readers keep only one, and not all the same. */
  readonly twins = new Set<string>();
  readonly #line: string;
  readonly #seen = new SeenNames();
  #key = '';
  #start = 0;
  /** How many objects and arrays are open; 1 in the object itself. */
  #level = 0;

  constructor(line: string) {
    this.#line = line;
    this.#seen.begin(line);
  }

  name(start: number, end: number): void {
    if (this.#level === 1) this.#key = decodeString(this.#line, start, end);
    const hash = hashOfName(this.#line, start, end);
    if (this.#seen.isSecond(this.#level, start, end, hash)) this.twins.add(this.#key);
  }

  scalar(start: number, end: number): void {
    this.#begin(start);
    if (this.#level === 1) this.#end(end);
  }

  open(start: number): void {
    this.#begin(start);
    this.#seen.open(++this.#level);
  }

  close(end: number): void {
    this.#seen.close(this.#level--);
    if (this.#level === 1) this.#end(end);
  }

  #begin(start: number): void {
    if (this.#level > MOST_NESTED + 1) {
      throw new NotAnObject(`values in it are nested more than ${MOST_NESTED} deep`);
    }
    if (this.#level === 1) this.#start = start;
  }

  #end(end: number): void {
    const written = this.#line.slice(this.#start, end);
    const before = this.sources.get(this.#key);
    if (before === undefined) this.sources.set(this.#key, [written]);
    else before.push(written);
  }
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

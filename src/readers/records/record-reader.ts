import { showMember } from '../../domain/record-path.ts';
import { decodeString } from './json-string.ts';
import { ABSENT, type JsonValue, NULL } from './json-value.ts';
import { knownMember, type Place, shownUnread } from './member-tree.ts';
import { hashOfName } from './name-hash.ts';
import { SeenNames } from './seen-names.ts';
import type { JsonWatcher } from './strict-json.ts';

const QUOTE = 0x22;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const SMALL_F = 0x66;
/** More of them in one record help nobody, and a hostile record must not fill the memory with their paths. */
const MOST_DOUBLED = 1000;

/** Collects what paths read while a scan goes through a record. It is made once and used for one record after another. */
export class RecordReader implements JsonWatcher {
  values: JsonValue[] = [];
  unread: string[] = [];
  doubled: string[] = [];
  readonly #record: Place;
  readonly #count: number;
  readonly #seen = new SeenNames();
  #text = '';
  #level = 0;
  /** Where paths lead on from the member whose value comes next. */
  #next: Place | null = null;
  // Of the objects and arrays that are open, by their level from 1 on:
  readonly #places: (Place | null)[] = [];
  readonly #starts: number[] = [];
  readonly #isObject: boolean[] = [];
  /** Members that no path reads are not listed: the whole is read, or listed itself. */
  readonly #isQuiet: boolean[] = [false];
  /** Where the scan is: a member's name from quote to quote, or the number of an element. */
  readonly #stepStart: number[] = [];
  readonly #stepEnd: number[] = [];

  constructor(record: Place, count: number) {
    this.#record = record;
    this.#count = count;
  }

  begin(text: string): void {
    this.#text = text;
    this.#level = 0;
    this.#next = this.#record;
    this.#seen.begin(text);
    this.values = new Array<JsonValue>(this.#count).fill(ABSENT);
    this.unread = [];
    this.doubled = [];
  }

  name(start: number, end: number): void {
    const level = this.#level;
    this.#stepStart[level] = start;
    this.#stepEnd[level] = end;
    const hash = hashOfName(this.#text, start, end);
    if (this.#seen.isSecond(level, start, end, hash)) this.#addDoubled();
    const place = this.#places[level] as Place | null;
    const member = place === null ? undefined : knownMember(place, this.#text, start, end, hash);
    this.#next = member?.place ?? null;
    if (place === null || this.#next !== null || this.#isQuiet[level]) return;
    this.unread.push(member?.shown ?? shownUnread(place, decodeString(this.#text, start, end)));
  }

  scalar(start: number, end: number, code: number): void {
    const place = this.#placeOfValue();
    if (place === null) return;
    if (place.reads.length > 0) this.#put(place, this.#scalar(start, end, code));
    else if (code !== SMALL_N && !this.#isQuiet[this.#level]) this.unread.push(showMember(place.path));
  }

  open(start: number, isObject: boolean): void {
    const place = this.#placeOfValue();
    let quiet = this.#isQuiet[this.#level] as boolean;
    if (place !== null && !quiet) {
      const leadsOn = isObject ? place.intoObject : place.intoArray;
      quiet = place.reads.length > 0 || !leadsOn;
      if (quiet && place.reads.length === 0) this.unread.push(showMember(place.path));
    }
    const level = ++this.#level;
    this.#places[level] = place;
    this.#starts[level] = start;
    this.#isObject[level] = isObject;
    this.#isQuiet[level] = quiet;
    this.#stepStart[level] = -1;
    if (isObject) this.#seen.open(level);
  }

  close(end: number): void {
    const level = this.#level--;
    const isObject = this.#isObject[level] as boolean;
    if (isObject) this.#seen.close(level);
    const place = this.#places[level] as Place | null;
    if (place === null || place.reads.length === 0) return;
    const text = this.#text.slice(this.#starts[level], end);
    this.#put(place, { kind: isObject ? 'object' : 'array', text });
  }

  /** Where paths lead on from the value that begins now. */
  #placeOfValue(): Place | null {
    const level = this.#level;
    if (level === 0 || this.#isObject[level]) return this.#next;
    const element = (this.#stepStart[level] as number) + 1;
    this.#stepStart[level] = element;
    const place = this.#places[level] as Place | null;
    return place === null || !place.intoArray ? null : (place.elements.get(element) ?? null);
  }

  #put(place: Place, value: JsonValue): void {
    for (const i of place.reads) this.values[i] = value;
  }

  #scalar(start: number, end: number, code: number): JsonValue {
    if (code === QUOTE) return { kind: 'string', text: decodeString(this.#text, start, end) };
    if (code === SMALL_N) return NULL;
    const text = this.#text.slice(start, end);
    return { kind: code === SMALL_T || code === SMALL_F ? 'boolean' : 'number', text };
  }

  #addDoubled(): void {
    if (this.doubled.length === MOST_DOUBLED) return;
    const path = [];
    for (let level = 1; level <= this.#level; level++) {
      const start = this.#stepStart[level] as number;
      const end = this.#stepEnd[level] as number;
      path.push(this.#isObject[level] ? decodeString(this.#text, start, end) : start);
    }
    this.doubled.push(showMember(path));
  }
}

import type { RecordPath } from '../../domain/record-path.ts';
import { decodeString } from './json-string.ts';
import { checkJson, type JsonWatcher } from './strict-json.ts';

const QUOTE = 0x22;
const SMALL_N = 0x6e;

/** A place on the way to members that are masked. */
interface Way {
  /** A member that is masked is here. */
  ends: boolean;
  readonly members: Map<string, Way>;
  /** Where ways lead on from each element of an array: what is personal in one is so in all. */
  elements: Way | null;
}

const way = (): Way => ({ ends: false, members: new Map(), elements: null });

/**
 * A record's text with `mask` as a string in place of the values at the paths, and otherwise as it is written. What is on the
 * way to such a value in place of an object or array is masked too; null and the empty string stay. Throws JsonFault for what
 * is not strict JSON.
 */
export function maskMembers(text: string, paths: readonly RecordPath[], mask: string): string {
  const watcher = new MaskedPlaces(text, waysOf(paths));
  checkJson(text, watcher);
  let out = '';
  let at = 0;
  for (const [start, end] of watcher.found) {
    out += text.slice(at, start) + JSON.stringify(mask);
    at = end;
  }
  return out + text.slice(at);
}

function waysOf(paths: readonly RecordPath[]): Way {
  const root = way();
  for (const path of paths) {
    let place = root;
    for (const step of path) {
      if (typeof step === 'number') {
        place.elements ??= way();
        place = place.elements;
      } else {
        const next = place.members.get(step) ?? way();
        place.members.set(step, next);
        place = next;
      }
    }
    place.ends = true;
  }
  return root;
}

/** Collects where the values that are masked begin and end, in the order of the text. */
class MaskedPlaces implements JsonWatcher {
  readonly found: (readonly [start: number, end: number])[] = [];
  readonly #text: string;
  #next: Way | null;
  readonly #open: { readonly way: Way | null; readonly isObject: boolean; readonly from: number | null }[] =
    [];

  constructor(text: string, root: Way) {
    this.#text = text;
    this.#next = root;
  }

  name(start: number, end: number): void {
    this.#next = this.#open.at(-1)?.way?.members.get(decodeString(this.#text, start, end)) ?? null;
  }

  scalar(start: number, end: number, code: number): void {
    const isEmpty = code === SMALL_N || (code === QUOTE && end - start === 2);
    if (this.#wayOfValue() !== null && !isEmpty) this.found.push([start, end]);
  }

  open(start: number, isObject: boolean): void {
    const here = this.#wayOfValue();
    const leadsOn = here !== null && (isObject ? here.members.size > 0 : here.elements !== null);
    const isMasked = here !== null && (here.ends || !leadsOn);
    this.#open.push({ way: isMasked ? null : here, isObject, from: isMasked ? start : null });
    this.#next = null;
  }

  close(end: number): void {
    const from = this.#open.pop()?.from ?? null;
    if (from !== null) this.found.push([from, end]);
  }

  #wayOfValue(): Way | null {
    const around = this.#open.at(-1);
    return around === undefined || around.isObject ? this.#next : (around.way?.elements ?? null);
  }
}

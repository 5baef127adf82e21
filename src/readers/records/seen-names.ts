import { decodeString } from './json-string.ts';

/** Above so many members in one object a table is quicker than looking through them. */
const FEW = 32;
/** Numbers kept for a name: hash, start, end, and whether it was reported. */
const WIDTH = 4;

/** The names of the members of all objects that are open, each object's own: which of them occurs twice? */
export class SeenNames {
  #text = '';
  /** Names of objects with few members, those of inner objects above those of outer ones. */
  #names = new Int32Array(64 * WIDTH);
  #top = 0;
  /** Where the names of an open object begin, by its level. */
  readonly #begins: number[] = [];
  /** Objects with many members, by their level: names, and whether each was reported. */
  readonly #tables: (Map<string, boolean> | null)[] = [];

  begin(text: string): void {
    this.#text = text;
    this.#top = 0;
  }

  open(level: number): void {
    this.#begins[level] = this.#top;
    this.#tables[level] = null;
  }

  close(level: number): void {
    this.#top = this.#begins[level] as number;
    this.#tables[level] = null;
  }

  /** Notes a name from quote to quote. True at its second occurrence in the object, and not again at a third. */
  isSecond(level: number, start: number, end: number, hash: number): boolean {
    const table = this.#tables[level];
    if (table) return this.#secondInTable(table, start, end);
    const begin = this.#begins[level] as number;
    const names = this.#names;
    for (let at = begin; at < this.#top; at += WIDTH) {
      if (names[at] !== hash || !this.#same(at, start, end)) continue;
      const first = names[at + 3] === 0;
      names[at + 3] = 1;
      return first;
    }
    if (this.#top - begin === FEW * WIDTH) {
      return this.#secondInTable(this.#intoTable(level), start, end);
    }
    this.#push(start, end, hash);
    return false;
  }

  #push(start: number, end: number, hash: number): void {
    if (this.#top === this.#names.length) {
      const larger = new Int32Array(this.#names.length * 2);
      larger.set(this.#names);
      this.#names = larger;
    }
    this.#names[this.#top] = hash;
    this.#names[this.#top + 1] = start;
    this.#names[this.#top + 2] = end;
    this.#names[this.#top + 3] = 0;
    this.#top += WIDTH;
  }

  #same(at: number, start: number, end: number): boolean {
    return this.#name(at) === decodeString(this.#text, start, end);
  }

  #name(at: number): string {
    return decodeString(this.#text, this.#names[at + 1] as number, this.#names[at + 2] as number);
  }

  #intoTable(level: number): Map<string, boolean> {
    const table = new Map<string, boolean>();
    const begin = this.#begins[level] as number;
    for (let at = begin; at < this.#top; at += WIDTH) {
      table.set(this.#name(at), this.#names[at + 3] === 1);
    }
    this.#top = begin;
    this.#tables[level] = table;
    return table;
  }

  #secondInTable(table: Map<string, boolean>, start: number, end: number): boolean {
    const name = decodeString(this.#text, start, end);
    const reported = table.get(name);
    table.set(name, reported !== undefined);
    return reported === false;
  }
}

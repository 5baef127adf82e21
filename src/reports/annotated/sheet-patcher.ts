import { columnLetters } from '../../domain/finding.ts';
import { attributeOf, localName, prefixOf, withAttribute } from '../package/xml-tags.ts';
import type { Annotation } from './annotation.ts';

const LT = 60;
const GT = 62;

/** The elements of a sheet that follow the place of `legacyDrawing`. */
const LATER = new Set([
  'legacyDrawingHF',
  'drawingHF',
  'picture',
  'oleObjects',
  'controls',
  'webPublishItems',
  'tableParts',
  'extLst',
  'AlternateContent',
]);

export interface SheetPatch {
  /** By row, then in the order of their columns. */
  readonly touched: ReadonlyMap<number, readonly Annotation[]>;
  /** The style of a touched cell, made from the style that it has. */
  readonly restyle: (style: number, severity: Annotation['severity']) => number;
  /** Inserted where a sheet refers to the shapes of its comments, unless it already refers to some. */
  readonly legacyDrawing: (prefix: string) => string;
}

/**
 * Streams the XML of a sheet and changes only the style numbers of touched cells. A touched cell that is blank and
 * missing is inserted, empty. Everything else is copied unchanged.
 */
export class SheetPatcher {
  /** The relation of the shapes that the sheet already had. */
  oldLegacyDrawing: string | null = null;
  readonly done: Annotation[] = [];

  readonly #patch: SheetPatch;
  #bytes: Buffer = Buffer.alloc(0);
  /** Where the next tag is searched for, and up to where bytes were passed on. */
  #pos = 0;
  #sent = 0;
  #out: Buffer[] = [];
  #depth = 0;
  #place: 'head' | 'data' | 'row' | 'tail' = 'head';
  #prefix = '';
  #columns: { readonly from: number; readonly to: number; readonly style: number }[] = [];
  #row = 0;
  #rowGiven = false;
  #rowStyle: number | null = null;
  #column = -1;
  #waiting: Annotation[] = [];
  #drawn = false;

  constructor(patch: SheetPatch) {
    this.#patch = patch;
  }

  async *run(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    for await (const chunk of chunks) {
      this.#bytes = Buffer.concat([this.#bytes.subarray(this.#sent), chunk]);
      this.#pos -= this.#sent;
      this.#sent = 0;
      while (this.#next());
      this.#send(this.#pos);
      yield* this.#out.splice(0);
    }
    this.#send(this.#bytes.length);
    yield* this.#out.splice(0);
    if (this.#place !== 'tail' || this.#depth !== 0) throw new Error('the sheet ends early');
  }

  /** Passes one tag; false when more bytes are needed. */
  #next(): boolean {
    const bytes = this.#bytes;
    const start = bytes.indexOf(LT, this.#pos);
    if (start < 0) {
      this.#pos = bytes.length;
      return false;
    }
    this.#pos = start;
    // `<![CDATA[` is the longest start that must be recognised.
    if (start + 9 > bytes.length && bytes.indexOf(GT, start) < 0) return false;
    const second = bytes[start + 1];
    if (second === 33 || second === 63) return this.#skip(start, second === 63);
    const end = tagEnd(bytes, start + 1);
    if (end < 0) return false;
    if (second === 47) this.#close(start);
    else this.#open(start, end);
    this.#pos = end;
    return true;
  }

  #skip(start: number, instruction: boolean): boolean {
    const head = this.#bytes.toString('latin1', start, start + 9);
    const mark = instruction ? '?>' : head.startsWith('<!--') ? '-->' : ']]>';
    const at = this.#bytes.indexOf(mark, start + 2, 'latin1');
    if (at < 0) return false;
    this.#pos = at + mark.length;
    return true;
  }

  #open(start: number, end: number): void {
    const bytes = this.#bytes;
    const empty = bytes[end - 2] === 47;
    if (this.#place === 'row') {
      if (isNamed(bytes, start + 1, 'c')) this.#cell(start, end);
    } else {
      const name = nameAt(bytes, start + 1);
      const local = localName(name);
      if (this.#depth === 0) this.#prefix = prefixOf(name);
      if (this.#place === 'data' && local === 'row') this.#openRow(start, end, empty);
      else if (this.#place === 'head') this.#head(local, start, end, empty);
      else if (this.#place === 'tail' && this.#depth === 1) this.#tail(local, start, end);
    }
    if (!empty) this.#depth++;
  }

  #close(start: number): void {
    this.#depth--;
    if (this.#place === 'row') {
      if (!isNamed(this.#bytes, start + 2, 'row')) return;
      this.#fill(Number.POSITIVE_INFINITY, start);
      this.#place = 'data';
    } else if (this.#place === 'data' && this.#depth === 1) {
      this.#place = 'tail';
    } else if (this.#place === 'tail' && this.#depth === 0) {
      this.#draw(start);
    }
  }

  #head(local: string, start: number, end: number, empty: boolean): void {
    if (local === 'sheetData' && this.#depth === 1) this.#place = empty ? 'tail' : 'data';
    if (local !== 'col') return;
    const tag = this.#bytes.toString('utf8', start, end);
    const style = Number(attributeOf(tag, 'style') ?? 0);
    const from = Number(attributeOf(tag, 'min')) - 1;
    const to = Number(attributeOf(tag, 'max')) - 1;
    if (style > 0) this.#columns.push({ from, to, style });
  }

  #tail(local: string, start: number, end: number): void {
    if (local === 'legacyDrawing') {
      if (this.#drawn) throw new Error('the parts of the sheet are in no known order');
      const tag = this.#bytes.toString('utf8', start, end);
      const id = /\s(?:[^\s=:]+:)?id\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag);
      this.oldLegacyDrawing = id?.[1] ?? id?.[2] ?? null;
      this.#drawn = true;
    } else if (LATER.has(local)) this.#draw(start);
  }

  #draw(at: number): void {
    if (this.#drawn || this.done.length === 0) return;
    this.#drawn = true;
    this.#insert(at, this.#patch.legacyDrawing(this.#prefix));
  }

  #openRow(start: number, end: number, empty: boolean): void {
    const tag = this.#bytes.toString('utf8', start, end);
    const given = attributeOf(tag, 'r');
    this.#rowGiven = given !== null;
    this.#row = given === null ? this.#row + 1 : Number(given);
    this.#column = -1;
    this.#rowStyle = /^(1|true|on)$/.test(attributeOf(tag, 'customFormat') ?? '')
      ? Number(attributeOf(tag, 's') ?? 0)
      : null;
    this.#want();
    if (empty) return;
    this.#place = 'row';
    const widened = this.#widened(tag);
    if (widened !== tag) this.#replace(start, end, widened);
  }

  #want(): void {
    this.#waiting = [...(this.#patch.touched.get(this.#row) ?? [])];
  }

  /** `spans` is a hint about the extent of a row's cells; an inserted cell must not be outside it. */
  #widened(tag: string): string {
    const spans = /^(\d+):(\d+)$/.exec(attributeOf(tag, 'spans') ?? '');
    if (spans === null || this.#waiting.length === 0) return tag;
    const columns = this.#waiting.map(({ column }) => column + 1);
    const from = Math.min(Number(spans[1]), ...columns);
    const to = Math.max(Number(spans[2]), ...columns);
    return from === Number(spans[1]) && to === Number(spans[2])
      ? tag
      : withAttribute(tag, 'spans', `${from}:${to}`);
  }

  #cell(start: number, end: number): void {
    // The cells of rows without touched cells are not read, unless the first cell gives the row's number.
    if (this.#waiting.length === 0 && (this.#rowGiven || this.#column >= 0)) return;
    const tag = this.#bytes.toString('utf8', start, end);
    const address = /^([A-Z]{1,3})(\d+)$/i.exec(attributeOf(tag, 'r') ?? '');
    if (address === null) this.#column++;
    else {
      this.#column = columnOf(address[1] ?? '');
      if (!this.#rowGiven && Number(address[2]) !== this.#row) {
        this.#row = Number(address[2]);
        this.#want();
      }
    }
    this.#fill(this.#column, start);
    const next = this.#waiting[0];
    if (next?.column !== this.#column) return;
    this.#waiting.shift();
    this.done.push(next);
    const style = this.#patch.restyle(Number(attributeOf(tag, 's') ?? 0), next.severity);
    this.#replace(start, end, withAttribute(tag, 's', String(style)));
  }

  /** Inserts the missing touched cells that belong before a column. */
  #fill(before: number, at: number): void {
    for (let next = this.#waiting[0]; next !== undefined && next.column < before; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.done.push(next);
      const { column } = next;
      const base =
        this.#rowStyle ?? this.#columns.find(({ from, to }) => column >= from && column <= to)?.style ?? 0;
      const style = this.#patch.restyle(base, next.severity);
      this.#insert(at, `<${this.#prefix}c r="${columnLetters(column)}${this.#row}" s="${style}"/>`);
    }
  }

  #insert(at: number, text: string): void {
    this.#send(at);
    this.#out.push(Buffer.from(text));
  }

  #replace(start: number, end: number, text: string): void {
    this.#insert(start, text);
    this.#sent = end;
  }

  #send(upTo: number): void {
    if (upTo <= this.#sent) return;
    this.#out.push(this.#bytes.subarray(this.#sent, upTo));
    this.#sent = upTo;
  }
}

/** Position after the `>` that ends the tag whose name starts at `at`; -1 where it has not come yet. */
function tagEnd(bytes: Buffer, at: number): number {
  for (let p = at; p < bytes.length; p++) {
    const byte = bytes[p];
    if (byte === GT) return p + 1;
    if (byte !== 34 && byte !== 39) continue;
    p = bytes.indexOf(byte, p + 1);
    if (p < 0) return -1;
  }
  return -1;
}

function nameAt(bytes: Buffer, at: number): string {
  let end = at;
  for (; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    if (byte <= 32 || byte === 47 || byte === GT) break;
  }
  return bytes.toString('utf8', at, end);
}

/** Whether the local name that starts at `at` is the given one; makes no string, because there are millions of tags. */
function isNamed(bytes: Buffer, at: number, local: string): boolean {
  let start = at;
  let end = at;
  for (; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    if (byte <= 32 || byte === 47 || byte === GT) break;
    if (byte === 58) start = end + 1;
  }
  if (end - start !== local.length) return false;
  for (let i = 0; i < local.length; i++) if (bytes[start + i] !== local.charCodeAt(i)) return false;
  return true;
}

function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

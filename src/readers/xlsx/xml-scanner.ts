import { unreadable } from './refusal.ts';
import { nameCode } from './xml-name.ts';
import { decodeXmlText } from './xml-text.ts';
import { CLOSE, MORE, OPEN, TEXT } from './xml-token.ts';

const LT = 60;
const GT = 62;
const MAX_DEPTH = 256;
const WINDOW = 4096;

/**
 * A pull scanner over UTF-8 XML that comes in chunks. It knows what OOXML parts use: elements, attributes, text, CDATA,
 * comments and instructions; a DOCTYPE is refused, so that no entity is ever defined or fetched. Elements must nest and
 * the root must be closed. Namespace prefixes are dropped from element names.
 *
 * Bytes, not strings, and one object, not one event a token: a sheet of a million cells is three million tokens.
 * Offsets (`start`, `end`, `attributesStart`, `attributesEnd`) point into `bytes` and hold until the next `feed`.
 */
export class XmlScanner {
  bytes: Buffer = Buffer.alloc(0);
  /** After OPEN and CLOSE: `nameCode` of the local name. */
  code = 0;
  /** After OPEN: no CLOSE will follow. */
  empty = false;
  attributesStart = 0;
  attributesEnd = 0;
  /** After `nextAttribute`: its name with prefix, and its raw value. */
  nameStart = 0;
  nameEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  /** After TEXT: the raw bytes; `textIsFinal` when the next token is a tag, so the text has no further pieces. */
  start = 0;
  end = 0;
  textIsFinal = false;
  depth = 0;

  readonly #part: string;
  readonly #root: number;
  readonly #maxToken: number;
  readonly #tooLong: () => Error;
  readonly #stack = new Int32Array(MAX_DEPTH);
  #cdata = false;
  #attribute = 0;
  #pos = 0;
  #window = '';
  #windowStart = 0;
  #windowEnd = 0;
  #store: Buffer = Buffer.alloc(0);
  #rootSeen = false;
  #last = false;

  /**
   * @param root Local name of the root element; a part with another one is not what the workbook takes it for.
   * @param maxToken Bytes of the longest token taken; a longer one would have to be held in memory and throws `tooLong`.
   */
  constructor(part: string, root: string, maxToken: number, tooLong?: () => Error) {
    this.#part = part;
    this.#root = nameCode(root);
    this.#maxToken = maxToken;
    this.#tooLong = tooLong ?? (() => this.#giant());
  }

  /** Goes on with `chunk`, which is copied: what is left of the chunk before stands in front of it. */
  feed(chunk: Buffer): void {
    const rest = this.bytes.subarray(this.#pos);
    if (rest.length > this.#maxToken) throw this.#tooLong();
    const length = rest.length + chunk.length;
    const larger = this.#store.length < length ? Buffer.allocUnsafeSlow(length * 2) : this.#store;
    rest.copy(larger, 0);
    chunk.copy(larger, rest.length);
    this.#store = larger;
    this.bytes = larger.subarray(0, length);
    this.#pos = 0;
    this.#windowEnd = 0;
  }

  /** No more chunks will come. Call `next` until MORE afterwards, then `checkEnd`. */
  finish(): void {
    this.#last = true;
  }

  /** Throws unless exactly one root element was opened and closed. */
  checkEnd(): void {
    if (this.#pos < this.bytes.length || this.depth > 0 || !this.#rootSeen) throw this.cut();
  }

  next(): number {
    const bytes = this.bytes;
    const length = bytes.length;
    for (;;) {
      const p = this.#pos;
      if (p >= length) return MORE;
      if (bytes[p] !== LT) return this.#text(p);
      const second = p + 1 < length ? bytes[p + 1] : -1;
      if (second === -1) return MORE;
      if (second === 47) return this.#close(p + 2);
      if (second !== 33 && second !== 63) return this.#open(p + 1);
      const special = second === 33 ? this.#declaration(p) : this.#skipPast(p, '?>');
      if (special >= 0) return special;
    }
  }

  /** The text of the last TEXT token, references resolved. */
  text(): string {
    return this.#cdata ? this.raw(this.start, this.end) : this.decode(this.start, this.end);
  }

  /** As `text`, but a copy that does not keep the chunk it came from in memory. */
  copiedText(): string {
    const raw = this.raw(this.start, this.end);
    return this.#cdata || !/[&\r]/.test(raw) ? raw : decodeXmlText(raw, this.#part);
  }

  /**
   * ASCII bytes as a string. A few KiB are converted at a time and cut up: one call each costs more than the cell, and
   * one for the whole chunk fills the old heap.
   */
  ascii(start: number, end: number): string {
    if (start < this.#windowStart || end > this.#windowEnd) {
      this.#windowStart = start;
      this.#windowEnd = Math.min(this.bytes.length, Math.max(end, start + WINDOW));
      this.#window = this.bytes.toString('latin1', start, this.#windowEnd);
    }
    return this.#window.substring(start - this.#windowStart, end - this.#windowStart);
  }

  decode(start: number, end: number): string {
    const bytes = this.bytes;
    let odd = false;
    for (let i = start; i < end && !odd; i++) {
      const byte = bytes[i]!;
      odd = byte >= 0x80 || byte === 38 || byte === 13;
    }
    return odd ? decodeXmlText(this.raw(start, end), this.#part) : this.ascii(start, end);
  }

  raw(start: number, end: number): string {
    const text = this.bytes.toString('utf8', start, end);
    if (text.includes('\ufffd') && !this.bytes.subarray(start, end).includes('\ufffd')) {
      throw unreadable(`The part ${this.#part} holds bytes that are not UTF-8 text.`);
    }
    return text;
  }

  /** Steps to the next attribute of the open tag without making strings: sets `nameStart` … `valueEnd`. */
  nextAttribute(): boolean {
    const bytes = this.bytes;
    const end = this.attributesEnd;
    let p = this.#attribute;
    while (p < end && bytes[p]! <= 32) p++;
    if (p >= end) return false;
    this.nameStart = p;
    while (p < end && bytes[p]! > 32 && bytes[p] !== 61) p++;
    this.nameEnd = p;
    while (p < end && bytes[p] !== 34 && bytes[p] !== 39) p++;
    const quote = bytes[p];
    this.valueStart = ++p;
    while (p < end && bytes[p] !== quote) p++;
    if (p >= end) throw this.malformed();
    this.valueEnd = p;
    this.#attribute = p + 1;
    return true;
  }

  /** The value of an attribute by its local name; with `plain`, only one without a prefix. */
  attribute(local: string, plain = false): string | undefined {
    for (const [name, value] of this.attributes()) {
      const colon = name.indexOf(':');
      if (name === local || (!plain && colon >= 0 && name.slice(colon + 1) === local)) return value;
    }
    return undefined;
  }

  attributes(): (readonly [name: string, value: string])[] {
    const found: (readonly [string, string])[] = [];
    this.#attribute = this.attributesStart;
    while (this.nextAttribute()) {
      found.push([this.raw(this.nameStart, this.nameEnd), this.decode(this.valueStart, this.valueEnd)]);
    }
    return found;
  }

  cut(): Error {
    return unreadable(`The workbook is damaged: its part ${this.#part} ends in the middle.`);
  }

  malformed(): Error {
    return unreadable(`The workbook is damaged: its part ${this.#part} is not well-formed XML.`);
  }

  #giant(): Error {
    return unreadable(
      `The part ${this.#part} holds a piece of more than ${this.#maxToken} bytes; no spreadsheet program writes that.`,
    );
  }

  #text(p: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    let q = p + 1;
    while (q < length && bytes[q] !== LT) q++;
    // One byte past '<' must be seen to know whether a comment or CDATA goes on with the text.
    if (q + 1 >= length && !(this.#last && q === length)) return MORE;
    this.start = p;
    this.end = q;
    this.#cdata = false;
    this.textIsFinal = bytes[q + 1] !== 33 && bytes[q + 1] !== 63;
    this.#pos = q;
    return TEXT;
  }

  #close(p: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    let code = 0;
    let q = p;
    for (; q < length; q++) {
      const byte = bytes[q]!;
      if (byte === GT) break;
      if (byte === 58) code = 0;
      else if (byte > 32) code = (Math.imul(code, 31) + byte) | 0;
    }
    if (q >= length) return MORE;
    if (this.depth === 0 || this.#stack[this.depth - 1] !== code) throw this.malformed();
    this.depth--;
    this.code = code;
    this.#pos = q + 1;
    return CLOSE;
  }

  #open(p: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    let code = 0;
    let q = p;
    for (; q < length; q++) {
      const byte = bytes[q]!;
      if (byte <= 32 || byte === GT || byte === 47) break;
      code = byte === 58 ? 0 : (Math.imul(code, 31) + byte) | 0;
    }
    this.attributesStart = q;
    while (q < length && bytes[q] !== GT) {
      const quote = bytes[q]!;
      if (quote === LT) throw this.malformed();
      q++;
      if (quote !== 34 && quote !== 39) continue;
      while (q < length && bytes[q] !== quote) q++;
      q++;
    }
    if (q >= length) return MORE;
    this.empty = bytes[q - 1] === 47;
    this.attributesEnd = this.empty ? q - 1 : q;
    this.#attribute = this.attributesStart;
    this.code = code;
    this.#pos = q + 1;
    if (this.depth === 0) this.#enterRoot();
    if (!this.empty) this.#push(code);
    return OPEN;
  }

  #enterRoot(): void {
    if (this.#rootSeen) throw this.malformed();
    if (this.code !== this.#root)
      throw unreadable(`The workbook is damaged: its part ${this.#part} is of another kind than expected.`);
    this.#rootSeen = true;
  }

  #push(code: number): void {
    if (this.depth === MAX_DEPTH) throw this.malformed();
    this.#stack[this.depth++] = code;
  }

  /** At `<!`: a comment is skipped (-1), CDATA is text, anything else refused. */
  #declaration(p: number): number {
    const head = this.bytes.toString('latin1', p, Math.min(p + 9, this.bytes.length));
    if (head.startsWith('<!--')) return this.#skipPast(p + 4, '-->');
    if (head === '<![CDATA[') {
      const at = this.bytes.indexOf(']]>', p + 9, 'latin1');
      if (at < 0) return MORE;
      this.start = p + 9;
      this.end = at;
      this.#cdata = true;
      this.textIsFinal = false;
      this.#pos = at + 3;
      return TEXT;
    }
    if ('<!--'.startsWith(head) || '<![CDATA['.startsWith(head)) return MORE;
    throw unreadable(
      `The part ${this.#part} holds a document type declaration (DOCTYPE), which no spreadsheet program writes; it is not read.`,
    );
  }

  #skipPast(p: number, mark: string): number {
    const at = this.bytes.indexOf(mark, p, 'latin1');
    if (at < 0) return MORE;
    this.#pos = at + mark.length;
    return -1;
  }
}

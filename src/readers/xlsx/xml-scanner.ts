import { unreadable } from './refusal.ts';
import { bindingsOf, Vocabularies } from './vocabularies.ts';
import { XmlBytes } from './xml-bytes.ts';
import { beginsName, NAME_BYTE, nameCode } from './xml-name.ts';
import { decodeXmlText } from './xml-text.ts';
import { CLOSE, MORE, OPEN, TEXT } from './xml-token.ts';

const LT = 60;
const GT = 62;
const ALTERNATIVE = nameCode('AlternateContent');
const MAX_DEPTH = 256;

/**
 * A pull scanner over UTF-8 XML that comes in chunks, for what OOXML parts use. It refuses a DOCTYPE, so that no entity
 * is ever defined. Elements must nest and the root must be closed; element names lose their prefixes. It reuses one
 * object for all tokens, because a large sheet has millions. Offsets (`start`, `end`, `attributesStart`,
 * `attributesEnd`) point into `bytes` and are valid until the next `feed`.
 */
export class XmlScanner extends XmlBytes {
  /** After OPEN and CLOSE: `nameCode` of the local name; after OPEN it is 0 for a `foreign` element. */
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
  /** After TEXT: the raw bytes. `textIsFinal`: the next token is a tag, so the text has no further piece. */
  start = 0;
  end = 0;
  textIsFinal = false;
  depth = 0;
  /** After OPEN: the element is of another vocabulary than the root. Of these, only AlternateContent has a code. */
  foreign = false;

  readonly #root: number;
  readonly #stack = new Int32Array(MAX_DEPTH);
  #cdata = false;
  #attribute = 0;
  #rootSeen = false;
  readonly #vocabularies = new Vocabularies();
  /** Whether any element below the root bound prefixes of its own. */
  #bound = false;
  #last = false;

  /** @param root Local name of the root element; a part with another root is not of the kind that the workbook says. */
  constructor(part: string, root: string, maxToken: number, tooLong?: () => Error) {
    super(part, maxToken, tooLong);
    this.#root = nameCode(root);
  }

  /** No more chunks will come. Call `next` until MORE afterwards, then `checkEnd`. */
  finish(): void {
    this.#last = true;
  }

  /** Throws unless exactly one root element was opened and closed. */
  checkEnd(): void {
    if (this.pos < this.bytes.length || this.depth > 0 || !this.#rootSeen) throw this.cut();
  }

  next(): number {
    const bytes = this.bytes;
    const length = bytes.length;
    for (;;) {
      const p = this.pos;
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
    return this.#cdata ? this.#cdataText() : this.decode(this.start, this.end);
  }

  /** As `text`, but as a copy that does not keep its chunk in memory. */
  copiedText(): string {
    if (this.#cdata) return this.#cdataText();
    const raw = this.raw(this.start, this.end);
    return /[&\r]/.test(raw) ? decodeXmlText(raw, this.part) : raw;
  }

  /** Whether the last TEXT token is white space only, as between elements. */
  isBlankText(): boolean {
    for (let i = this.start; i < this.end; i++) if (this.bytes[i]! > 32) return false;
    return true;
  }

  /** In CDATA nothing is escaped, but a line end is one character there too. */
  #cdataText(): string {
    return this.raw(this.start, this.end).replace(/\r\n?/g, '\n');
  }

  /**
   * Steps to the next attribute of the open tag without making strings: sets `nameStart` … `valueEnd`. It is strict,
   * because a wrong guess at a name would hide the attribute after it.
   */
  nextAttribute(): boolean {
    const bytes = this.bytes;
    const end = this.attributesEnd;
    const from = this.#attribute;
    let p = from;
    while (p < end && bytes[p]! <= 32) p++;
    if (p >= end) return false;
    if (p === from || !beginsName(bytes[p]!)) throw this.malformed();
    this.nameStart = p;
    while (p < end && NAME_BYTE[bytes[p]!] === 1) p++;
    this.nameEnd = p;
    while (p < end && bytes[p]! <= 32) p++;
    if (bytes[p++] !== 61) throw this.malformed();
    while (p < end && bytes[p]! <= 32) p++;
    const quote = bytes[p];
    if (p >= end || (quote !== 34 && quote !== 39)) throw this.malformed();
    this.valueStart = ++p;
    while (p < end && bytes[p] !== quote) p++;
    if (p >= end) throw this.malformed();
    this.valueEnd = p;
    this.#attribute = p + 1;
    return true;
  }

  /**
   * The value of the attribute that `nextAttribute` stepped to, with references resolved and without blanks at the
   * ends.
   */
  value(): string {
    return this.decode(this.valueStart, this.valueEnd).trim();
  }

  /** The value of an attribute by its local name; with `plain`, only one without a prefix. */
  attribute(local: string, plain = false): string | undefined {
    for (const [name, value] of this.attributes()) {
      const colon = name.indexOf(':');
      if (name === local || (!plain && colon >= 0 && name.slice(colon + 1) === local)) return value;
    }
    return undefined;
  }

  /** The vocabulary of a prefix at the open tag; undefined where no element binds it. */
  vocabularyOf(prefix: string): string | undefined {
    return this.#vocabularies.of(nameCode(prefix));
  }

  attributes(): (readonly [name: string, value: string])[] {
    const found: (readonly [string, string])[] = [];
    this.#attribute = this.attributesStart;
    while (this.nextAttribute()) {
      found.push([this.raw(this.nameStart, this.nameEnd), this.decode(this.valueStart, this.valueEnd)]);
    }
    return found;
  }

  #text(p: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    let q = p + 1;
    while (q < length && bytes[q] !== LT) q++;
    // The byte after '<' must be known to tell whether the text goes on with a comment or CDATA.
    if (q + 1 >= length && !(this.#last && q === length)) return MORE;
    this.start = p;
    this.end = q;
    this.#cdata = false;
    this.textIsFinal = bytes[q + 1] !== 33 && bytes[q + 1] !== 63;
    this.pos = q;
    return TEXT;
  }

  #close(p: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    let code = 0;
    let q = p;
    for (; q < length; q++) {
      const byte = bytes[q]!;
      if (NAME_BYTE[byte] === 0) break;
      code = byte === 58 ? 0 : (Math.imul(code, 31) + byte) | 0;
    }
    while (q < length && bytes[q]! <= 32) q++;
    if (q >= length) return MORE;
    if (bytes[q] !== GT || this.depth === 0 || this.#stack[this.depth - 1] !== code) throw this.malformed();
    this.depth--;
    this.code = code;
    this.pos = q + 1;
    return CLOSE;
  }

  #open(p: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    let code = 0;
    let prefix = 0;
    let colon = 0;
    let q = p;
    for (; q < length; q++) {
      const byte = bytes[q]!;
      if (NAME_BYTE[byte] === 0) break;
      if (byte === 58) {
        if (colon > 0 || q === p) throw this.malformed();
        colon = q;
        prefix = code;
        code = 0;
      } else code = (Math.imul(code, 31) + byte) | 0;
    }
    if (q < length) {
      const byte = bytes[q]!;
      if ((byte > 32 && byte !== GT && byte !== 47) || !beginsName(bytes[p]!)) throw this.malformed();
    }
    this.attributesStart = q;
    let binds = false;
    while (q < length && bytes[q] !== GT) {
      const quote = bytes[q]!;
      if (quote === LT) throw this.malformed();
      q++;
      // As `xmlns` begins.
      if (quote === 120 && bytes[q] === 109) binds = true;
      if (quote !== 34 && quote !== 39) continue;
      while (q < length && bytes[q] !== quote) q++;
      q++;
    }
    if (q >= length) return MORE;
    this.empty = bytes[q - 1] === 47;
    this.attributesEnd = this.empty ? q - 1 : q;
    this.#attribute = this.attributesStart;
    this.code = code;
    this.pos = q + 1;
    if (this.#bound) this.#vocabularies.leave(this.depth);
    if (this.depth === 0) this.#enterRoot(prefix);
    else if (binds) this.#enter();
    const isOurs = this.#vocabularies.isOwn(prefix);
    // A prefix that no element binds is damage, not another vocabulary.
    this.foreign = !isOurs && this.#vocabularies.of(prefix) !== undefined;
    if (!isOurs && code !== ALTERNATIVE) this.code = 0;
    if (!this.empty) this.#push(code);
    return OPEN;
  }

  #enterRoot(prefix: number): void {
    if (this.#rootSeen) throw this.malformed();
    if (this.code !== this.#root)
      throw unreadable(`The workbook is damaged: its part ${this.part} is of another kind than expected.`);
    this.#rootSeen = true;
    this.#vocabularies.enterRoot(prefix, this.#bindings());
  }

  /** A binding of an element below the root is valid for that element and its content. */
  #enter(): void {
    const bound = this.#bindings();
    if (bound.size === 0) return;
    this.#vocabularies.enter(this.depth + 1, bound);
    this.#bound = true;
  }

  #bindings(): ReadonlyMap<number, string> {
    const bound = bindingsOf(this.attributes());
    this.#attribute = this.attributesStart;
    return bound;
  }

  #push(code: number): void {
    if (this.depth === MAX_DEPTH) throw this.malformed();
    this.#stack[this.depth++] = code;
  }

  /** At `<!`: skips a comment (-1), takes CDATA as text, and refuses everything else. */
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
      this.pos = at + 3;
      return TEXT;
    }
    if ('<!--'.startsWith(head) || '<![CDATA['.startsWith(head)) return MORE;
    throw unreadable(
      `The part ${this.part} holds a document type declaration (DOCTYPE), which no spreadsheet program writes; it is not read.`,
    );
  }

  #skipPast(p: number, mark: string): number {
    const at = this.bytes.indexOf(mark, p, 'latin1');
    if (at < 0) return MORE;
    this.pos = at + mark.length;
    return -1;
  }
}

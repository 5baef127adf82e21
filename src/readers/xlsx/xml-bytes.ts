import { unreadable } from './refusal.ts';
import { decodeXmlText } from './xml-text.ts';

const WINDOW = 4096;

/**
 * The bytes of a part that are being scanned, and functions that turn them into text. Offsets point into `bytes` and
 * are valid until the next `feed`.
 */
export class XmlBytes {
  bytes: Buffer = Buffer.alloc(0);

  protected pos = 0;
  protected readonly part: string;
  readonly #maxToken: number;
  readonly #tooLong: () => Error;
  #window = '';
  #windowStart = 0;
  #windowEnd = 0;
  #store: Buffer = Buffer.alloc(0);

  /**
   * @param maxToken Bytes of the longest token that is accepted; a longer one would have to be held in memory, and
   * throws `tooLong`.
   */
  constructor(part: string, maxToken: number, tooLong?: () => Error) {
    this.part = part;
    this.#maxToken = maxToken;
    this.#tooLong = tooLong ?? (() => this.#giant());
  }

  /** Adds `chunk`, which is copied behind the unread bytes of the chunk before. */
  feed(chunk: Buffer): void {
    const rest = this.bytes.subarray(this.pos);
    if (rest.length > this.#maxToken) throw this.#tooLong();
    const length = rest.length + chunk.length;
    const larger = this.#store.length < length ? Buffer.allocUnsafeSlow(length * 2) : this.#store;
    rest.copy(larger, 0);
    chunk.copy(larger, rest.length);
    this.#store = larger;
    this.bytes = larger.subarray(0, length);
    this.pos = 0;
    this.#windowEnd = 0;
  }

  /**
   * ASCII bytes as a string. A few KiB are converted at a time and then cut: a call for each cell would cost more than
   * the cell itself, and one call for the whole chunk would fill the old heap.
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
    return odd ? decodeXmlText(this.raw(start, end), this.part) : this.ascii(start, end);
  }

  raw(start: number, end: number): string {
    const text = this.bytes.toString('utf8', start, end);
    if (text.includes('\ufffd') && !this.bytes.subarray(start, end).includes('\ufffd')) {
      throw unreadable(`The part ${this.part} holds bytes that are not UTF-8 text.`);
    }
    return text;
  }

  cut(): Error {
    return unreadable(`The workbook is damaged: its part ${this.part} ends in the middle.`);
  }

  malformed(): Error {
    return unreadable(`The workbook is damaged: its part ${this.part} is not well-formed XML.`);
  }

  #giant(): Error {
    return unreadable(
      `The part ${this.part} holds a piece of more than ${this.#maxToken} bytes; no spreadsheet program writes that.`,
    );
  }
}

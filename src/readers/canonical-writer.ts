import { closeSync, openSync, write } from 'node:fs';

/** Cells of a canonical record are divided by this; inside a cell it is escaped. */
export const CANONICAL_DELIMITER = '\x1f';

/** Bytes collected before a write: so many that the calls cost little, and few compared with the memory limit. */
const CHUNK = 1 << 20;
/** Room for the row that fills the chunk; a longer row makes the buffer grow. */
const MARGIN = 1 << 16;
/** Cells up to this length are copied character by character; past it a call into the runtime is faster. */
const SHORT = 64;
const SPECIAL = /[\n\r\x1b\x1f]/;

/**
 * Writes the canonical scratch file of reader.ts: `_row`, `_n`, `_kinds`, then `width` cells per record, divided by
 * U+001F. Cells past `width` are left out and missing ones are empty; `_n` shows it. The file must not exist yet.
 * `writeRow` returns a promise only when a chunk is full: await it, so that memory stays bounded. A failed write
 * rejects the next such promise, or `close`.
 */
export class CanonicalWriter {
  readonly #width: number;
  readonly #fd: number;
  /** It grows to the size of a chunk: most sheets are far smaller. */
  #bytes: Buffer = Buffer.allocUnsafeSlow(MARGIN);
  #at = 0;
  #flushed = 0;
  #rows = 0;
  #escaped = false;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(path: string, width: number) {
    this.#width = width;
    this.#fd = openSync(path, 'wx', 0o640);
  }

  /**
   * @param row 1-based number of the row or line. @param n Cells that the record really has. @param kinds One CellKind
   * per cell, or empty where all are text.
   */
  writeRow(row: number, n: number, kinds: string, cells: readonly string[]): void | Promise<void> {
    this.#put(`${row}\x1f${n}\x1f${kinds}`);
    for (let i = 0; i < this.#width; i++) {
      const cell = cells[i] ?? '';
      this.#reserve(cell.length + 1);
      this.#bytes[this.#at++] = 0x1f;
      if (!this.#copyPlain(cell)) this.#put(SPECIAL.test(cell) ? this.#escape(cell) : cell);
    }
    this.#put('\n');
    this.#rows++;
    if (this.#at >= CHUNK) return this.#flush();
  }

  /** Bytes of the file so far, including those that are still being written. */
  get bytes(): number {
    return this.#flushed + this.#at;
  }

  /** Writes what is left and closes the file, also when an earlier write failed. */
  async close(): Promise<{ rows: number; escaped: boolean }> {
    if (!this.#closed) {
      this.#closed = true;
      try {
        await this.#flush();
        await this.#tail;
      } finally {
        closeSync(this.#fd);
      }
    }
    return { rows: this.#rows, escaped: this.#escaped };
  }

  /** Copies a short cell of plain ASCII, as most cells are; false, with nothing written, for any other. */
  #copyPlain(cell: string): boolean {
    const length = cell.length;
    if (length > SHORT) return false;
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < length; i++) {
      const code = cell.charCodeAt(i);
      if (code > 126 || code < 32) return false;
      bytes[at + i] = code;
    }
    this.#at = at + length;
    return true;
  }

  #put(text: string): void {
    this.#reserve(text.length * 3);
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow((this.#at + bytes) * 2);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #escape(cell: string): string {
    this.#escaped = true;
    return cell
      .replaceAll('\x1b', '\x1be')
      .replaceAll('\n', '\x1bn')
      .replaceAll('\r', '\x1br')
      .replaceAll('\x1f', '\x1bu');
  }

  /**
   * Writes the collected bytes; resolves when the bytes before them are on disk, so at most two chunks are in memory.
   */
  #flush(): Promise<void> {
    const before = this.#tail;
    const full = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafeSlow(this.#closed ? 0 : CHUNK + MARGIN);
    this.#flushed += this.#at;
    this.#at = 0;
    this.#tail = before.then(() => writeAll(this.#fd, full));
    // The next flush or close reports the failure; without this line the failure would end the process first.
    this.#tail.catch(() => {});
    return before;
  }
}

function writeAll(fd: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const step = (offset: number): void => {
      write(fd, bytes, offset, bytes.length - offset, null, (error, written) => {
        if (error) reject(error);
        else if (offset + written < bytes.length) step(offset + written);
        else resolve();
      });
    };
    step(0);
  });
}

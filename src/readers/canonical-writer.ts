import { closeSync, openSync, write } from 'node:fs';

/** Cells of a canonical record are divided by this; inside a cell it is escaped. */
export const CANONICAL_DELIMITER = '\x1f';

/** Characters gathered before a write: large enough that the calls do not show, small beside the memory limit. */
const CHUNK = 1 << 20;
const SPECIAL = /[\n\r\x1b\x1f]/;

/**
 * Writes the canonical scratch file of reader.ts: `_row`, `_n`, `_kinds`, then `width` cells a record, divided by U+001F.
 * Cells past `width` are left out and missing ones are empty; `_n` tells. The file must not be there yet.
 * `writeRow` returns a promise only when a chunk is full: await it, so that memory stays bounded. A failed write
 * rejects the next such promise, or `close`.
 */
export class CanonicalWriter {
  readonly #width: number;
  readonly #fd: number;
  #text = '';
  #rows = 0;
  #escaped = false;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(path: string, width: number) {
    this.#width = width;
    this.#fd = openSync(path, 'wx', 0o640);
  }

  /**
   * @param row 1-based number of the row or line.
   * @param n Cells the record really has.
   * @param kinds One CellKind a cell, or empty where all are text.
   */
  writeRow(row: number, n: number, kinds: string, cells: readonly string[]): void | Promise<void> {
    let line = `${row}\x1f${n}\x1f${kinds}`;
    for (let i = 0; i < this.#width; i++) {
      const cell = cells[i];
      line += cell === undefined || cell === '' ? '\x1f' : `\x1f${isPlain(cell) ? cell : this.#escape(cell)}`;
    }
    this.#text += `${line}\n`;
    this.#rows++;
    if (this.#text.length >= CHUNK) return this.#flush();
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

  #escape(cell: string): string {
    this.#escaped = true;
    return cell
      .replaceAll('\x1b', '\x1be')
      .replaceAll('\n', '\x1bn')
      .replaceAll('\r', '\x1br')
      .replaceAll('\x1f', '\x1bu');
  }

  /** Queues the gathered text; resolves when the chunk before it is on its way, so at most two are in memory. */
  #flush(): Promise<void> {
    const before = this.#tail;
    const bytes = Buffer.from(this.#text, 'utf8');
    this.#text = '';
    this.#tail = before.then(() => writeAll(this.#fd, bytes));
    // The failure is met by whoever awaits the next flush or close; without this it would end the process first.
    this.#tail.catch(() => {});
    return before;
  }
}

/** Most cells are short, where a loop beats the call into the pattern engine three to one. */
function isPlain(cell: string): boolean {
  if (cell.length > 40) return !SPECIAL.test(cell);
  for (let i = 0; i < cell.length; i++) {
    const code = cell.charCodeAt(i);
    if (code < 32 && (code === 10 || code === 13 || code === 27 || code === 31)) return false;
  }
  return true;
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

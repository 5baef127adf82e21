import { BareQuotes } from './bare-quotes.ts';
import { type SpecialBytes, specialBytes } from './special-bytes.ts';
import type { TokenizerOptions } from './tokenizer-options.ts';
import {
  afterQuote,
  neverClosed,
  nulByte,
  tooLongCell,
  tooLongRecord,
  tooManyCells,
} from './tokenizer-refusals.ts';
import {
  CELL_START,
  CR,
  ESC,
  ESCAPE_SEEN,
  escapeCode,
  LF,
  PLAIN,
  QUOTE_SEEN,
  QUOTED,
  SEP,
} from './tokenizer-states.ts';
import { rewriteNumber, writeNumber } from './write-number.ts';

const OUT_BYTES = 4 << 20;
/** A record that outgrows this is refused: memory stays bounded whatever the file holds. */
const MAX_RECORD = 128 << 20;

/**
 * Delimited text (RFC 4180, with LF, CRLF, CR or mixed line ends) into the canonical records of reader.ts, byte by byte
 * and exactly: every cell as it was written, every record with the line it starts on and its true number of cells.
 * A quote inside an unquoted cell is text; where two such cells seem to hide a delimiter, the record is marked with a
 * count of 0 cells. Text after a closing quote, a quote never closed, and NUL bytes are refused (`file-unreadable`,
 * with the line). Records without any text are left out and counted.
 *
 * Works from bytes to bytes because ten million short strings would cost more than all the rest together.
 */
export class Tokenizer {
  rows = 0;
  blankRows = 0;
  escaped = false;
  /** Set once `stopAtRow` was met: bytes consumed so far, and the line that comes next. */
  stopped: { readonly offset: number; readonly nextLine: number } | null = null;

  readonly #options: TokenizerOptions;
  readonly #special: SpecialBytes;
  readonly #slack: number;
  readonly #bare = new BareQuotes();
  #out: Buffer;
  #o = 0;
  #state = CELL_START;
  #consumed = 0;
  #line = 1;
  /** Absolute offset of the last CR: an LF right after it belongs to it. */
  #crAt = -2;
  #row = 1;
  #recordAt = 0;
  #cellsAt = 0;
  #cellAt = 0;
  #cellEscapes = 0;
  #cellLine = 1;
  #cells = 0;
  #widthEnd = 0;
  #expected: number;
  #tooLong = false;
  #pendingBlank = 0;

  constructor(options: TokenizerOptions) {
    this.#options = options;
    this.#special = specialBytes(options.dialect);
    this.#slack = (options.width ?? 0) + 128;
    this.#expected = options.width ?? 1;
    this.#out = Buffer.allocUnsafe(OUT_BYTES + this.#slack);
    this.#beginRecord();
  }

  /**
   * Takes the next bytes. False: `stopAtRow` was met, and nothing more is wanted. One long loop over locals on purpose:
   * a call a byte, or a field a byte, costs two thirds of the speed.
   */
  push(chunk: Uint8Array): boolean {
    if (this.stopped) return false;
    this.#makeRoom(chunk.length);
    const { delimiter, quote, escape: before } = this.#options.dialect;
    const { plain: specialPlain, quoted: specialQuoted } = this.#special;
    const end = chunk.length;
    const base = this.#consumed;
    let out = this.#out;
    let o = this.#o;
    let state = this.#state;
    let i = 0;
    while (i < end) {
      let byte = chunk[i] as number;
      if (state === CELL_START) {
        if (byte === LF && this.#crAt === base + i - 1 && this.#cells === 0) {
          this.#crAt = -2;
          i++;
          continue;
        }
        if (byte === quote) {
          state = QUOTED;
          this.#cellLine = this.#line;
          i++;
          continue;
        }
        state = PLAIN;
      }
      if (state === PLAIN) {
        while (specialPlain[byte] === 0) {
          out[o++] = byte;
          if (++i === end) break;
          byte = chunk[i] as number;
        }
        if (i === end) break;
        i++;
        if (byte === delimiter) {
          this.#endCell(o);
          out[o++] = SEP;
          this.#cellAt = o;
          state = CELL_START;
        } else if (byte === LF || byte === CR) {
          if (byte === CR) this.#crAt = base + i - 1;
          this.#line++;
          o = this.#endRecord(o, end - i, base + i);
          out = this.#out;
          state = CELL_START;
          if (this.stopped) break;
        } else if (byte === quote) {
          out[o++] = byte;
          this.#bare.see(o);
        } else o = this.#escape(byte, o);
        continue;
      }
      if (state === QUOTED) {
        while (specialQuoted[byte] === 0) {
          out[o++] = byte;
          if (++i === end) break;
          byte = chunk[i] as number;
        }
        if (i === end) break;
        i++;
        if (byte === quote) state = QUOTE_SEEN;
        else if (byte === before) state = ESCAPE_SEEN;
        else {
          if (byte === CR || (byte === LF && this.#crAt !== base + i - 2)) this.#line++;
          if (byte === CR) this.#crAt = base + i - 1;
          o = this.#escape(byte, o);
        }
        continue;
      }
      if (state === ESCAPE_SEEN) {
        // An escape before anything but a quote or itself is text: 'C:\dir' keeps its backslash.
        if (byte === quote || byte === before) {
          out[o++] = byte;
          i++;
        } else out[o++] = before;
        state = QUOTED;
        continue;
      }
      if (byte === quote) {
        out[o++] = byte;
        i++;
        state = QUOTED;
      } else if (byte === delimiter || byte === LF || byte === CR) state = PLAIN;
      else throw afterQuote(this.#options.file, this.#line, this.#cells + 1, byte);
    }
    this.#o = o;
    this.#state = state;
    this.#consumed = base + i;
    return this.stopped === null;
  }

  /** The file ends here; hands over what is left. */
  end(): void {
    if (this.stopped === null) {
      if (this.#state === QUOTED || this.#state === ESCAPE_SEEN)
        throw neverClosed(this.#options.file, this.#cellLine);
      const started = this.#cells > 0 || this.#o > this.#cellsAt || this.#state !== CELL_START;
      if (started) this.#o = this.#endRecord(this.#o, 0, this.#consumed);
    }
    this.flushWhole();
  }

  /** Hands over the finished records; what is begun is kept. */
  flushWhole(): void {
    const from = this.#recordAt;
    if (from === 0) return;
    this.#options.sink(this.#out.subarray(0, from));
    this.#moveDown(this.#out, from);
  }

  /** A byte that the canonical form escapes; NUL is refused. */
  #escape(byte: number, o: number): number {
    if (byte === 0) throw nulByte(this.#options.file, this.#line);
    this.escaped = true;
    this.#cellEscapes++;
    this.#out[o] = ESC;
    this.#out[o + 1] = escapeCode(byte);
    return o + 2;
  }

  #endCell(o: number): void {
    const { limits, file, width } = this.#options;
    if (this.#tooLong || o - this.#cellAt - this.#cellEscapes > limits.text_cell_bytes)
      throw tooLongCell(file, limits, this.#row, this.#cells + 1);
    if (this.#bare.seen > 0) this.#bare.endCell(o);
    if (this.#cellEscapes > 2) this.#options.manyLines?.(this.#out.subarray(this.#cellAt, o), this.#cellLine);
    this.#cellEscapes = 0;
    if (++this.#cells > limits.columns) throw tooManyCells(file, limits, this.#row);
    if (this.#cells === width) this.#widthEnd = o;
  }

  #endRecord(at: number, ahead: number, offset: number): number {
    let o = at;
    this.#endCell(o);
    const { width, afterRow, stopAtRow, keepBlank } = this.#options;
    const blank = o - this.#cellsAt === this.#cells - 1;
    if (this.#row <= afterRow) o = this.#recordAt;
    else if (blank && !keepBlank) {
      this.#pendingBlank++;
      o = this.#recordAt;
    } else {
      this.#fillWidth(o);
      o = this.#o;
      this.rows++;
      this.blankRows += this.#pendingBlank;
      this.#pendingBlank = 0;
      if (width === null && !this.#bare.hides) this.#expected = this.#cells;
    }
    if (stopAtRow !== undefined && this.#row >= stopAtRow) this.stopped = { offset, nextLine: this.#line };
    if (this.#out.length - o < 2 * ahead + this.#slack && o > 0) {
      this.#options.sink(this.#out.subarray(0, o));
      o = 0;
    }
    this.#recordAt = o;
    this.#beginRecord();
    return this.#o;
  }

  /** Cuts or fills the record to the width, fixes the number of cells written in front, and ends the line. */
  #fillWidth(at: number): void {
    const { width } = this.#options;
    const out = this.#out;
    let o = at;
    if (width !== null) {
      if (this.#cells > width) o = width === 0 ? this.#cellsAt : this.#widthEnd;
      for (let n = this.#cells; n < width; n++) out[o++] = SEP;
    }
    const count = this.#bare.hides ? 0 : this.#cells;
    if (count !== this.#expected)
      o = rewriteNumber(out, this.#expected, count, { from: this.#cellsAt, to: o });
    out[o++] = LF;
    this.#o = o;
  }

  #beginRecord(): void {
    this.#row = this.#line;
    let o = writeNumber(this.#out, this.#recordAt, this.#row);
    this.#out[o++] = SEP;
    o = writeNumber(this.#out, o, this.#expected);
    this.#out[o++] = SEP;
    this.#out[o++] = SEP;
    this.#o = this.#cellsAt = this.#cellAt = o;
    this.#cells = 0;
    this.#cellEscapes = 0;
    this.#bare.beginRecord();
  }

  /** Room for a chunk in the middle of a record: hands over what is finished, and grows only where one record is long. */
  #makeRoom(bytes: number): void {
    const { limits, file } = this.#options;
    if (this.#o - this.#cellAt - this.#cellEscapes > limits.text_cell_bytes) {
      // Goes on without keeping the text: a quote that is never closed is the better message, if that is what it is.
      this.#tooLong = true;
      this.#o = this.#cellAt;
      this.#cellEscapes = 0;
    }
    if (this.#out.length - this.#o >= 2 * bytes + this.#slack) return;
    const from = this.#recordAt;
    const kept = this.#o - from;
    if (kept > MAX_RECORD) throw tooLongRecord(file, this.#row);
    const old = this.#out;
    if (from > 0) this.#options.sink(old.subarray(0, from));
    const needed = kept + 2 * bytes + this.#slack;
    if (needed > old.length) this.#out = Buffer.allocUnsafe(needed * 2);
    this.#moveDown(old, from);
  }

  /** The record that is begun moves to the start of the buffer. */
  #moveDown(source: Buffer, from: number): void {
    source.copy(this.#out, 0, from, this.#o);
    this.#recordAt = 0;
    this.#o -= from;
    this.#cellsAt -= from;
    this.#cellAt -= from;
    this.#bare.moveBy(-from);
    this.#widthEnd -= from;
  }
}

import { BareQuotes } from './bare-quotes.ts';
import { RecordBuffer } from './record-buffer.ts';
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
import { writeNumber } from './write-number.ts';

/** A longer record is refused, so that memory stays bounded for every file. */
const MAX_RECORD = 128 << 20;

/**
 * Turns delimited text (RFC 4180, with LF, CRLF, CR or mixed line ends) into the canonical records of reader.ts, byte
 * by byte and exactly: every cell as written, every record with the line on which it starts and its true number of
 * cells. A quote inside an unquoted cell is text; where two such cells seem to hide a delimiter, the record gets a
 * count of 0 cells. Text after a closing quote, a quote that is never closed, and NUL bytes are refused
 * (`file-unreadable`, with the line). Records without any text are left out and counted. It works from bytes to bytes,
 * because ten million short strings would cost more than everything else together.
 */
export class Tokenizer extends RecordBuffer {
  rows = 0;
  blankRows = 0;
  escaped = false;
  /** What was read may be wrong: its quotes are damaged, or another reading is equally good. */
  doubtful = false;
  /** Set once `stopAtRow` was reached: bytes consumed so far, and the number of the next line. */
  stopped: { readonly offset: number; readonly nextLine: number } | null = null;

  readonly #options: TokenizerOptions;
  #special: SpecialBytes;
  readonly #bare = new BareQuotes();
  #state = CELL_START;
  #consumed = 0;
  #line = 1;
  /** Absolute offset of the last CR: an LF directly after it belongs to it. */
  #crAt = -2;
  #row = 1;
  #cellEscapes = 0;
  #cellLine = 1;
  #cells = 0;
  #tooLong = false;
  #quoted = false;
  #pendingBlank = 0;

  constructor(options: TokenizerOptions) {
    super(options.width, options.sink);
    this.#options = options;
    this.#special = specialBytes(options.dialect);
    this.#beginRecord();
  }

  /**
   * Takes the next bytes. False: `stopAtRow` was reached, and no more bytes are needed. It is one long loop over local
   * variables on purpose: a call per byte, or a field access per byte, costs two thirds of the speed.
   */
  push(chunk: Uint8Array): boolean {
    if (this.stopped) return false;
    this.#makeRoom(chunk.length);
    const { delimiter, quote, escape: before } = this.#options.dialect;
    const { plain: specialPlain, quoted: specialQuoted } = this.#special;
    const end = chunk.length;
    const base = this.#consumed;
    let out = this.out;
    let o = this.o;
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
          this.#quoted = true;
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
          this.cellAt = o;
          state = CELL_START;
        } else if (byte === LF || byte === CR) {
          if (byte === CR) this.#crAt = base + i - 1;
          this.#line++;
          o = this.#endRecord(o, end - i, base + i);
          out = this.out;
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
      else throw this.#doubt(afterQuote(this.#options.file, this.#line, this.#cells + 1, byte));
    }
    this.o = o;
    this.#state = state;
    this.#consumed = base + i;
    return this.stopped === null;
  }

  /**
   * Takes whole lines, between two records, as one record of one cell whose number of cells is 0, because their quotes
   * make no sense.
   */
  pushUnsure(lines: Uint8Array): void {
    const special = this.#special;
    let end = lines.length;
    if (lines[end - 1] === LF) end--;
    if (lines[end - 1] === CR) end--;
    this.#special = { ...special, quoted: special.text };
    this.#state = QUOTED;
    this.push(lines.subarray(0, end));
    this.#special = special;
    this.#state = CELL_START;
    this.#consumed += lines.length - end;
    this.#line++;
    this.#bare.hides = true;
    this.o = this.#endRecord(this.o, 0, this.#consumed);
  }

  /** The file ends here; passes on what is left. */
  end(): void {
    if (this.stopped === null) {
      if (this.#state === QUOTED || this.#state === ESCAPE_SEEN)
        throw this.#doubt(neverClosed(this.#options.file, this.#cellLine));
      const started = this.#cells > 0 || this.o > this.cellsAt || this.#state !== CELL_START;
      this.#line++;
      if (started) this.o = this.#endRecord(this.o, 0, this.#consumed);
    }
    this.flushWhole();
  }

  /** A byte that the canonical form escapes; NUL is refused. */
  #escape(byte: number, o: number): number {
    if (byte === 0) throw nulByte(this.#options.file, this.#line);
    this.escaped = true;
    this.#cellEscapes++;
    this.out[o] = ESC;
    this.out[o + 1] = escapeCode(byte);
    return o + 2;
  }

  #endCell(o: number): void {
    const { limits, file, width } = this.#options;
    if (this.#tooLong || o - this.cellAt - this.#cellEscapes > limits.text_cell_bytes)
      throw this.#doubt(tooLongCell(file, limits, this.#row, this.#cells + 1));
    if (this.#bare.seen > 0) this.#bare.endCell(o);
    if (this.#cellEscapes > 2) this.#options.manyLines?.(this.out.subarray(this.cellAt, o), this.#cellLine);
    this.#cellEscapes = 0;
    if (++this.#cells > limits.columns) throw tooManyCells(file, limits, this.#row);
    if (this.#cells === width) this.widthEnd = o;
  }

  #doubt(error: Error): Error {
    this.doubtful = true;
    return error;
  }

  #endRecord(at: number, ahead: number, offset: number): number {
    let o = at;
    this.#endCell(o);
    const { width, usual, afterRow, stopAtRow, keepBlank } = this.#options;
    const blank = o - this.cellsAt === this.#cells - 1;
    const odd = !blank && usual !== undefined && this.#cells !== usual;
    if ((odd && this.#line - this.#row > 1) || (this.#bare.ends && (odd || this.#quoted)))
      this.doubtful = true;
    if (this.#row <= afterRow) o = this.recordAt;
    else if (blank && !keepBlank) {
      this.#pendingBlank++;
      o = this.recordAt;
    } else {
      this.finishRecord(o, this.#cells, this.#bare.hides);
      o = this.o;
      this.rows++;
      this.blankRows += this.#pendingBlank;
      this.#pendingBlank = 0;
      if (width === null && !this.#bare.hides) this.expected = this.#cells;
    }
    if (stopAtRow !== undefined && this.#row >= stopAtRow) this.stopped = { offset, nextLine: this.#line };
    if (this.out.length - o < 2 * ahead + this.slack && o > 0) {
      this.#options.sink(this.out.subarray(0, o));
      o = 0;
    }
    this.recordAt = o;
    this.#beginRecord();
    return this.o;
  }

  #beginRecord(): void {
    this.#row = this.#line;
    let o = writeNumber(this.out, this.recordAt, this.#row);
    this.out[o++] = SEP;
    o = writeNumber(this.out, o, this.expected);
    this.out[o++] = SEP;
    this.out[o++] = SEP;
    this.o = this.cellsAt = this.cellAt = o;
    this.#cells = 0;
    this.#cellEscapes = 0;
    this.#bare.beginRecord();
  }

  /**
   * Makes room for a chunk in the middle of a record: passes on the finished records, and grows only where one record
   * is long.
   */
  #makeRoom(bytes: number): void {
    const { limits, file } = this.#options;
    if (this.o - this.cellAt - this.#cellEscapes > limits.text_cell_bytes) {
      // Goes on without keeping the text: if a quote is never closed, that is the better message.
      this.#tooLong = true;
      this.o = this.cellAt;
      this.#cellEscapes = 0;
    }
    if (this.out.length - this.o >= 2 * bytes + this.slack) return;
    if (this.o - this.recordAt > MAX_RECORD) throw tooLongRecord(file, this.#row, MAX_RECORD);
    this.growFor(bytes);
  }

  protected override moved(by: number): void {
    this.#bare.moveBy(by);
  }
}

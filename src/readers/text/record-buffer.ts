import { LF, SEP } from './tokenizer-states.ts';
import { rewriteNumber } from './write-number.ts';

/** What it begins with; `growFor` makes room for the chunks of larger files. */
const FIRST_BYTES = 64 << 10;

/** Where a tokenizer writes canonical records: the finished ones, then the current one, all in one buffer. */
export class RecordBuffer {
  protected out: Buffer;
  /** Position of the next byte. */
  protected o = 0;
  protected recordAt = 0;
  protected cellsAt = 0;
  protected cellAt = 0;
  /** Position after the last cell within the width. */
  protected widthEnd = 0;
  /** The number of cells that is written in front before the cells are counted. */
  protected expected: number;
  /** Bytes that a record needs besides its cells. */
  protected readonly slack: number;
  readonly #width: number | null;
  readonly #sink: (records: Buffer) => void;

  constructor(width: number | null, sink: (records: Buffer) => void) {
    this.#width = width;
    this.#sink = sink;
    this.slack = (width ?? 0) + 128;
    this.expected = width ?? 1;
    this.out = Buffer.allocUnsafe(FIRST_BYTES + this.slack);
  }

  /** Passes the finished records on and keeps the current one. */
  flushWhole(): void {
    const from = this.recordAt;
    if (from === 0) return;
    this.#sink(this.out.subarray(0, from));
    this.#moveDown(this.out, from);
  }

  /** Cuts or fills the record to the width, corrects the number of cells written in front, and ends the line. */
  protected finishRecord(at: number, cells: number, unsure: boolean): void {
    const width = this.#width;
    const { out } = this;
    let o = at;
    if (width !== null) {
      if (cells > width) o = width === 0 ? this.cellsAt : this.widthEnd;
      for (let n = cells; n < width; n++) out[o++] = SEP;
    }
    const count = unsure ? 0 : cells;
    if (count !== this.expected) o = rewriteNumber(out, this.expected, count, { from: this.cellsAt, to: o });
    out[o++] = LF;
    this.o = o;
  }

  /** Passes the finished records on, and makes room for the canonical form of this many more bytes. */
  protected growFor(bytes: number): void {
    const from = this.recordAt;
    const old = this.out;
    if (from > 0) this.#sink(old.subarray(0, from));
    const needed = this.o - from + 2 * bytes + this.slack;
    if (needed > old.length) this.out = Buffer.allocUnsafe(needed * 2);
    this.#moveDown(old, from);
  }

  /** Called when the current record moves. */
  protected moved(_by: number): void {}

  /** The current record moves to the start of the buffer. */
  #moveDown(source: Buffer, from: number): void {
    source.copy(this.out, 0, from, this.o);
    this.recordAt = 0;
    this.o -= from;
    this.cellsAt -= from;
    this.cellAt -= from;
    this.widthEnd -= from;
    this.moved(-from);
  }
}

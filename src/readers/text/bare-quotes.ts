/**
 * Follows the quotes inside unquoted cells of a record. They are text (`10"`). But where one cell has an odd number of
 * quotes with text after the first, and a later cell has an odd number and ends with one, the delimiter between them
 * may have been inside quotes, as in `33.83"Shirt, Plaid"`.
 */
export class BareQuotes {
  /** The double quote. The apostrophe is too common in text to be a sign of anything. */
  static readonly SIGN = 0x22;
  /** Quotes in the current cell. */
  seen = 0;
  /** The record seems to hide a delimiter. */
  hides = false;
  /** Some cell has an odd number of quotes and ends with one, as the last part of a quoted cell does. */
  ends = false;

  /** Positions in the output, directly after the first and the last quote of the cell. */
  #first = 0;
  #last = 0;
  #opens = false;

  see(o: number): void {
    if (this.seen++ === 0) this.#first = o;
    this.#last = o;
  }

  endCell(o: number): void {
    if (this.seen % 2 === 1) {
      if (this.#last === o) {
        this.ends = true;
        this.hides ||= this.#opens;
      }
      this.#opens ||= this.#first < o;
    }
    this.seen = 0;
  }

  beginRecord(): void {
    this.seen = 0;
    this.hides = this.ends = this.#opens = false;
  }

  moveBy(bytes: number): void {
    this.#first += bytes;
    this.#last += bytes;
  }
}

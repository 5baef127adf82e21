/** ¿ ± ¶ ¹ £ ¥ ¼ ¾ ¤: signs that are letters in the code pages of Central Europe. */
const SIGNS_FOR_LETTERS = new Set([0xbf, 0xb1, 0xb6, 0xb9, 0xa3, 0xa5, 0xbc, 0xbe, 0xa4]);
/**
 * In Western languages a word rarely consists of this many accented letters and no others; Russian and Greek that are
 * read as Windows-1252 are full of such words.
 */
const LONG_RUN = 4;
const MANY_RUNS = 5;

/**
 * Searches text that was taken for Windows-1252 for signs of other code pages: a sign between the letters of a word,
 * such as `du¿y` for a Polish dużego, or many words of accented letters only. This is no proof, so it is a warning and
 * no refusal.
 */
export class ForeignLetters {
  #line = 1;
  #before = 0;
  #last = 0;
  #run = 0;
  #runs = 0;
  #firstRun = 0;
  #sign = 0;

  look(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === 10 ? this.#last !== 13 : byte === 13) this.#line++;
      if (this.#sign === 0 && isSmall(byte) && SIGNS_FOR_LETTERS.has(this.#last) && isLetter(this.#before))
        this.#sign = this.#line;
      if (byte >= 0xc0) this.#run++;
      else {
        if (this.#run >= LONG_RUN && !isLetter(byte)) this.#endRun();
        this.#run = isLetter(byte) ? Number.NEGATIVE_INFINITY : 0;
      }
      this.#before = this.#last;
      this.#last = byte;
    }
  }

  /** The first line with such a sign; null where there is none. */
  get line(): number | null {
    if (this.#sign > 0) return this.#sign;
    return this.#runs >= MANY_RUNS ? this.#firstRun : null;
  }

  #endRun(): void {
    if (this.#runs++ === 0) this.#firstRun = this.#line;
  }
}

function isSmall(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

function isLetter(byte: number): boolean {
  return isSmall(byte | 0x20);
}

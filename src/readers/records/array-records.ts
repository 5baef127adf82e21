import { JsonFault } from './json-fault.ts';
import { shownCharacter } from './json-string.ts';
import type { RecordText } from './record-text.ts';
import { scanValue, skipBlanks } from './strict-json.ts';

/** Records that are the values of one array. */
export class ArrayRecords {
  readonly #held: RecordText;
  #state: 'begun' | 'after a comma' | 'after a value' | 'ended' = 'begun';

  /** The array's first value, or its end, comes at `begin`. */
  constructor(held: RecordText, begin: number) {
    this.#held = held;
    held.drop(begin);
  }

  /** Adds the records that are whole. */
  take(found: string[], isEnd: boolean): void {
    const { text } = this.#held;
    let at = skipBlanks(text, 0, text.length);
    while (at < text.length) {
      if (this.#takesSign(at)) at++;
      else {
        const end = this.#valueEnd(at, isEnd);
        if (end === null) break;
        found.push(text.slice(at, end));
        this.#state = 'after a value';
        at = end;
      }
      at = skipBlanks(text, at, text.length);
    }
    this.#held.drop(at);
    if (isEnd && this.#state !== 'ended') throw this.#held.fault('the array has no end', 0);
  }

  /** Goes over a comma or the closing bracket. False: a value begins here. */
  #takesSign(at: number): boolean {
    const { text } = this.#held;
    const sign = text[at] as string;
    if (this.#state === 'ended') {
      throw this.#held.fault(`the array has ended, and ${shownCharacter(text, at)} follows it`, at);
    }
    if (this.#state === 'after a value') {
      if (sign !== ',' && sign !== ']') throw this.#held.fault(noComma(text, at), at);
      this.#state = sign === ',' ? 'after a comma' : 'ended';
      return true;
    }
    if (sign !== ']') return false;
    if (this.#state === 'after a comma') throw this.#held.fault('a comma is followed by nothing', at);
    this.#state = 'ended';
    return true;
  }

  /** Where the value ends; null: more of it is to come. */
  #valueEnd(start: number, isEnd: boolean): number | null {
    const { text } = this.#held;
    try {
      const end = scanValue(text, start, text.length, null);
      this.#held.checkSize(start, end);
      // A number may go on in the next piece of text.
      return end === text.length && !isEnd ? null : end;
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      this.#held.checkSize(start, error.cut ? text.length : error.offset);
      if (error.cut && !isEnd) return null;
      throw this.#held.fault(error.message, error.offset);
    }
  }
}

function noComma(text: string, at: number): string {
  if (/["{[\w-]/.test(text[at] as string)) return 'there is no comma between two records';
  return `${shownCharacter(text, at)} follows a record`;
}

import { JsonFault } from './json-fault.ts';
import { shownCharacter } from './json-string.ts';
import type { RecordText } from './record-text.ts';
import { scanValue, skipBlanks } from './strict-json.ts';

/** Records of which each is on a line of its own. */
export class LineRecords {
  readonly #held: RecordText;

  constructor(held: RecordText) {
    this.#held = held;
  }

  /** Adds the records of all lines that are whole; at the end of the submission, the last line is. */
  take(found: string[], isEnd: boolean): void {
    const held = this.#held;
    const { text } = held;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      this.#line(found, at, end);
      at = end + 1;
    }
    if (isEnd) this.#line(found, at, text.length);
    const begun = skipBlanks(text, at, text.length);
    held.checkSize(begun, text.length);
    held.drop(begun);
  }

  #line(found: string[], from: number, to: number): void {
    const { text } = this.#held;
    const start = skipBlanks(text, from, to);
    if (start === to) return;
    this.#held.checkSize(start, to);
    const end = this.#scan(start, to);
    const rest = skipBlanks(text, end, to);
    if (rest < to) throw this.#held.fault(whatFollows(text, rest), rest);
    found.push(text.slice(start, end));
  }

  #scan(start: number, to: number): number {
    const { text } = this.#held;
    try {
      return scanValue(text, start, to, null);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      // An object that is written over several lines is a usual mistake.
      const goesOn = error.cut && error.offset >= to && to < text.length;
      const words = goesOn ? ' on its line; a record is on one line, or all records are in one array' : '';
      throw this.#held.fault(error.message + words, error.offset);
    }
  }
}

function whatFollows(text: string, at: number): string {
  const next = text[at] as string;
  if (next === ',') return 'a comma follows a record, and records on lines have none between them';
  if (/["{[\w-]/.test(next)) return 'a line holds more than one record, and each needs a line of its own';
  return `${shownCharacter(text, at)} follows a record`;
}

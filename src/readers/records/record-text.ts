import { counted, grouped } from '../../domain/count.ts';
import { SubmissionFault } from './submission-fault.ts';
import { TextPlace } from './text-place.ts';

/** The part of a submission that is not read yet, and where in the whole it is. */
export class RecordText {
  text = '';
  readonly #begin = new TextPlace();
  readonly #mostBytes: number;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  add(text: string): void {
    this.text += text;
  }

  /** The text up to `end` is read. */
  drop(end: number): void {
    this.#begin.pass(this.text, end);
    this.text = this.text.slice(end);
  }

  /** What is wrong at a place of the text; nothing can be read after it. */
  fault(message: string, offset: number): SubmissionFault {
    this.#begin.pass(this.text, offset);
    return new SubmissionFault(message, this.#begin.line, this.#begin.column);
  }

  /** Refuses a record that is larger than a record may be, as far as it is known. */
  checkSize(start: number, end: number): void {
    // A UTF-16 unit takes 3 bytes of UTF-8 at most.
    if ((end - start) * 3 <= this.#mostBytes) return;
    const isLarger =
      end - start > this.#mostBytes || Buffer.byteLength(this.text.slice(start, end)) > this.#mostBytes;
    if (isLarger) throw this.fault(`a record is larger than ${sizeOf(this.#mostBytes)}`, start);
  }
}

function sizeOf(bytes: number): string {
  const megabytes = bytes / (1 << 20);
  return Number.isInteger(megabytes) ? `${grouped(megabytes)} MB` : counted(bytes, 'byte');
}

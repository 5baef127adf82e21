import { ArrayRecords } from './array-records.ts';
import { decodedText } from './decoded-text.ts';
import { LineRecords } from './line-records.ts';
import { RecordText } from './record-text.ts';
import { skipBlanks } from './strict-json.ts';

/** How large a portion of records is before it is given, and how large a record may be; in bytes. */
export interface SubmissionLimits {
  readonly portion: number;
  readonly record: number;
}

const LIMITS: SubmissionLimits = { portion: 1 << 20, record: 64 << 20 };

/**
 * Reads the records that a script hands over, in UTF-8: one JSON value per line, or one array of values. It gives their
 * texts exactly as they were handed over, portion by portion, and never keeps more than some portions or one record in
 * memory. Throws SubmissionFault; portions given before it are right, but the whole is not.
 */
export async function* readSubmission(
  bytes: AsyncIterable<Uint8Array>,
  limits: SubmissionLimits = LIMITS,
): AsyncGenerator<readonly string[], void, void> {
  const held = new RecordText(limits.record);
  let form: LineRecords | ArrayRecords | null = null;
  // A record that is not whole yet is looked at again from its beginning: twice the text each time keeps that cheap.
  const enough = () => Math.max(limits.portion, held.text.length);
  for await (const { text, after } of decodedText(bytes, enough, limits.portion)) {
    held.add(text);
    const start = skipBlanks(held.text, 0, held.text.length);
    if (form === null && start < held.text.length) {
      form = held.text[start] === '[' ? new ArrayRecords(held, start + 1) : new LineRecords(held);
    }
    const found: string[] = [];
    form?.take(found, after === 'end');
    if (form === null) held.drop(start);
    if (after === 'not-utf8') throw held.fault('the bytes here are not UTF-8', held.text.length);
    if (found.length > 0) yield found;
  }
}

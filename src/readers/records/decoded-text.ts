import { isUtf8 } from 'node:buffer';

/** A piece of text, and what comes after it: more, the end, or bytes that are not UTF-8. */
export interface DecodedText {
  readonly text: string;
  readonly after: 'more' | 'end' | 'not-utf8';
}

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Decodes UTF-8 strictly, without the byte order mark at its beginning. A piece has at least as many characters as
 * `enough` says, which is asked again for each, or it is the last one. Chunks may be of any size, and their memory may be
 * used again once the next one is requested. No piece gets more than `most` bytes above that.
 */
export async function* decodedText(
  bytes: AsyncIterable<Uint8Array>,
  enough: () => number,
  most: number,
): AsyncGenerator<DecodedText, void, void> {
  let parts: string[] = [];
  let length = 0;
  let begun = false;
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; from += most) {
      const next = chunk.subarray(from, from + most);
      const joined: Buffer = Buffer.concat([tail, next]);
      const whole = joined.subarray(0, wholeCharacters(joined));
      const sound = isUtf8(whole) ? whole : whole.subarray(0, soundLength(whole));
      let text = sound.toString('utf8');
      if (!begun && text !== '') {
        begun = true;
        if (text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
      }
      parts.push(text);
      length += text.length;
      if (sound.length < whole.length) {
        yield { text: parts.join(''), after: 'not-utf8' };
        return;
      }
      tail = joined.subarray(whole.length);
      if (length < enough()) continue;
      yield { text: parts.join(''), after: 'more' };
      parts = [];
      length = 0;
    }
  }
  yield { text: parts.join(''), after: tail.length === 0 ? 'end' : 'not-utf8' };
}

/** Where the last character ends; the bytes behind it begin another one. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return width > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many bytes form characters before the first one that does not. */
function soundLength(bytes: Buffer): number {
  let sound = 0;
  let wrong = bytes.length;
  while (wrong - sound > 1) {
    const middle = (sound + wrong) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, wholeCharacters(part)))) sound = middle;
    else wrong = middle;
  }
  return wholeCharacters(bytes.subarray(0, sound));
}

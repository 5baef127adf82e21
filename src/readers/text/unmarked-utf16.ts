import { isUtf8 } from 'node:buffer';

export type Utf16 = 'utf-16le' | 'utf-16be';

/**
 * Characters that no text has: control characters, halves of a surrogate pair, and code points that are no characters.
 */
const NO_TEXT = /[^\P{Cc}\t\n\v\f\r\x1a\x1b\x85]|\p{Surrogate}|\p{Noncharacter_Code_Point}/u;
const FEWEST_ZEROS = 2;
const ASCII = new Set([9, 10, 11, 12, 13, ...Array.from({ length: 95 }, (_, i) => i + 0x20)]);
/**
 * Characters that divide cells and lines. No common letter looks like one of them when its two bytes are exchanged, as
 * 一 looks like an N.
 */
const BETWEEN = new Set(Buffer.from('\t\n\r,;|'));
/** Text of single bytes has more ASCII than this, accents included; text of 16-bit letters has less. */
const MOSTLY_ASCII = 0.9;

/**
 * Which UTF-16 the first bytes of a file without a byte order mark are; null where they are not UTF-16. Delimiters,
 * digits and line ends have a zero byte, first or second, depending on the byte order. Where such characters are less
 * than half of the file, they count if a line end is among them and the other letters are of one alphabet, or if the
 * bytes are not text of single bytes: a few zero bytes in other text do not make UTF-16.
 */
export function unmarkedUtf16(head: Buffer): Utf16 | null {
  if (!head.includes(0)) return null;
  const bytes = head.subarray(0, head.length & ~1);
  const encoding = likelierUtf16(bytes);
  const zeros = units(bytes, encoding, ASCII);
  if (zeros < FEWEST_ZEROS || zeros <= units(bytes, otherOf(encoding), ASCII)) return null;
  const text = decodedUtf16(bytes, encoding);
  if (NO_TEXT.test(withoutHalf(text))) return null;
  if (zeros >= text.length / 2) return encoding;
  if (!/[\n\r]/.test(text)) return null;
  return zeros + commonestPage(text) >= text.length / 2 || !isTextOfBytes(head) ? encoding : null;
}

/** The byte order of a text that is known to be UTF-16: the order in which it has more delimiters and line ends. */
export function likelierUtf16(head: Buffer): Utf16 {
  const bytes = head.subarray(0, head.length & ~1);
  for (const kind of [BETWEEN, ASCII]) {
    const [little, big] = [units(bytes, 'utf-16le', kind), units(bytes, 'utf-16be', kind)];
    if (little !== big) return little > big ? 'utf-16le' : 'utf-16be';
  }
  return 'utf-16le';
}

/** An even number of bytes as text; for the other byte order they are swapped in a copy. */
export function decodedUtf16(bytes: Buffer, encoding: Utf16): string {
  return (encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le');
}

/** The end may cut a character of two units. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

function otherOf(encoding: Utf16): Utf16 {
  return encoding === 'utf-16le' ? 'utf-16be' : 'utf-16le';
}

/** How many characters of a kind of ASCII there are in one byte order. */
function units(bytes: Buffer, encoding: Utf16, kind: ReadonlySet<number>): number {
  const high = encoding === 'utf-16le' ? 1 : 0;
  let count = 0;
  for (let i = 0; i < bytes.length; i += 2)
    if (bytes[i + high] === 0 && kind.has(bytes[i + 1 - high] as number)) count++;
  return count;
}

/** How many units share the most frequent high byte other than zero, as the letters of most alphabets do. */
function commonestPage(text: string): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < text.length; i++) (counts[text.charCodeAt(i) >> 8] as number)++;
  return Math.max(...counts.subarray(1));
}

/** Whether the bytes other than zero are text of single bytes, or UTF-8. */
function isTextOfBytes(head: Buffer): boolean {
  const bytes = head.filter((byte) => byte !== 0);
  if (bytes.some((byte) => byte < 0x20 && !ASCII.has(byte) && byte !== 0x1a)) return false;
  const ascii = bytes.reduce((count, byte) => count + (byte < 0x80 ? 1 : 0), 0);
  return ascii >= MOSTLY_ASCII * bytes.length || isUtf8(withoutCutTail(bytes));
}

/** The end may also cut a letter of several bytes. */
function withoutCutTail(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && (bytes[end - 1] as number) >= 0x80) end--;
  return bytes.subarray(0, end);
}

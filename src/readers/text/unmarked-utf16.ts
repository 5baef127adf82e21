import { isUtf8 } from 'node:buffer';

export type Utf16 = 'utf-16le' | 'utf-16be';

/** What text has none of: control characters, halves of a character, and places that are no characters. */
const NO_TEXT = /[^\P{Cc}\t\n\v\f\r\x1a\x1b\x85]|\p{Surrogate}|\p{Noncharacter_Code_Point}/u;
const FEWEST_ZEROS = 2;
const ASCII = new Set([9, 10, 11, 12, 13, ...Array.from({ length: 95 }, (_, i) => i + 0x20)]);
/** What divides cells and lines. No usual letter looks like these in the other order, as 一 looks like an N. */
const BETWEEN = new Set(Buffer.from('\t\n\r,;|'));
/** Text of single bytes has more ASCII than this, accents included; text of 16-bit letters has less. */
const MOSTLY_ASCII = 0.9;

/**
 * Which UTF-16 the first bytes of a file without a byte order mark are; null where they are none. Delimiters, digits and
 * ends of lines have a zero byte in either order, on one side of their two. Where that is not half of the file, it counts
 * if an end of a line is among them and the other letters are of one alphabet, or the bytes are no text of single bytes:
 * a few zero bytes in other text do not make UTF-16.
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

/** The order of bytes of a text that is known to be UTF-16: the one in which it has more delimiters and ends of lines. */
export function likelierUtf16(head: Buffer): Utf16 {
  const bytes = head.subarray(0, head.length & ~1);
  for (const kind of [BETWEEN, ASCII]) {
    const [little, big] = [units(bytes, 'utf-16le', kind), units(bytes, 'utf-16be', kind)];
    if (little !== big) return little > big ? 'utf-16le' : 'utf-16be';
  }
  return 'utf-16le';
}

/** An even number of bytes as text; those of the other order are turned in a copy. */
export function decodedUtf16(bytes: Buffer, encoding: Utf16): string {
  return (encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le');
}

/** A character of two units may be cut at the end of what was read. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

function otherOf(encoding: Utf16): Utf16 {
  return encoding === 'utf-16le' ? 'utf-16be' : 'utf-16le';
}

/** How many characters of a kind of ASCII there are in one order of the bytes. */
function units(bytes: Buffer, encoding: Utf16, kind: ReadonlySet<number>): number {
  const high = encoding === 'utf-16le' ? 1 : 0;
  let count = 0;
  for (let i = 0; i < bytes.length; i += 2)
    if (bytes[i + high] === 0 && kind.has(bytes[i + 1 - high] as number)) count++;
  return count;
}

/** How many units share the commonest high byte other than zero, as the letters of most alphabets do. */
function commonestPage(text: string): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < text.length; i++) (counts[text.charCodeAt(i) >> 8] as number)++;
  return Math.max(...counts.subarray(1));
}

/** Whether the bytes that are not zero are text of single bytes, or UTF-8. */
function isTextOfBytes(head: Buffer): boolean {
  const bytes = head.filter((byte) => byte !== 0);
  if (bytes.some((byte) => byte < 0x20 && !ASCII.has(byte) && byte !== 0x1a)) return false;
  const ascii = bytes.reduce((count, byte) => count + (byte < 0x80 ? 1 : 0), 0);
  return ascii >= MOSTLY_ASCII * bytes.length || isUtf8(withoutCutTail(bytes));
}

/** A letter of several bytes may be cut at the end, too. */
function withoutCutTail(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && (bytes[end - 1] as number) >= 0x80) end--;
  return bytes.subarray(0, end);
}

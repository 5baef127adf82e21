import { isAscii, isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { chunkBuffer } from '../chunk-buffer.ts';
import type { TextRules } from './dialect.ts';
import { ForeignLetters } from './foreign-letters.ts';
import { unreadable } from './text-error.ts';
import { decodedUtf16, likelierUtf16, type Utf16, unmarkedUtf16 } from './unmarked-utf16.ts';

export type TextEncodingName = 'utf-8' | 'windows-1252' | Utf16;

export interface DetectedEncoding {
  readonly encoding: TextEncodingName;
  /** Bytes of the byte order mark at the start. */
  readonly bom: number;
  /**
   * The encoding was not given, and the bytes allow no better guess: then UTF-8 among them shows a mixture of two
   * encodings.
   */
  readonly guessed?: boolean;
  /** The first line that looks like another code page; only where the encoding is a guess. */
  readonly foreignLine?: number | null;
}

const CHUNK = 4 << 20;

/**
 * The encoding of a text file. A byte order mark is never wrong and overrides what was configured. Without one it is
 * UTF-16 if its zero bytes show it, else UTF-8 if every byte fits, else Windows-1252. A file that begins as UTF-8 with
 * accents and later breaks it was damaged. It is refused, because reading it as Windows-1252 would silently turn every
 * accent into two wrong letters.
 */
export async function detectEncoding(path: string, wanted: TextRules['encoding']): Promise<DetectedEncoding> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const start = head.subarray(0, bytesRead);
    const known = knownByHead(start);
    if (known !== null && known.bom > 0 && known.encoding !== 'utf-8') return known;
    const bom = known?.bom ?? 0;
    const utf16 = bom > 0 ? null : known;
    if (wanted === 'windows-1252' && bom === 0) return { encoding: 'windows-1252', bom: 0 };
    if (wanted === 'utf-16' && bom === 0) return utf16 ?? { encoding: likelierUtf16(start), bom: 0 };
    if (wanted === 'auto' && utf16 !== null) return utf16;
    const broken = await findBrokenUtf8(file, bom);
    if (broken === null) return { encoding: 'utf-8', bom };
    if (wanted === 'utf-8' || bom > 0 || broken.accentsBefore) {
      throw unreadable(
        basename(path),
        broken.line,
        'the text is UTF-8 up to here, and this line is not; the file is damaged or mixes two encodings.',
        'Save it again as UTF-8, or give `encoding: windows-1252` for the dataset if that is what it is.',
      );
    }
    return { encoding: 'windows-1252', bom: 0, guessed: true, foreignLine: await foreignLine(file) };
  } finally {
    await file.close();
  }
}

async function foreignLine(file: FileHandle): Promise<number | null> {
  const letters = new ForeignLetters();
  const buffer = await chunkBuffer(file, 1 << 20);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return letters.line;
    letters.look(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/**
 * The encoding shown by a byte order mark or, for UTF-16 without one, by zero bytes; null where the first bytes show
 * none.
 */
function knownByHead(head: Buffer): DetectedEncoding | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bom: 2 };
  const unmarked = unmarkedUtf16(head);
  return unmarked === null ? null : { encoding: unmarked, bom: 0 };
}

/**
 * The first bytes of a file as text, for a look at what it is; Latin-1 where neither a mark nor zero bytes show more.
 */
export function startAsText(head: Buffer): string {
  const known = knownByHead(head);
  const bytes = head.subarray(known?.bom ?? 0);
  if (known?.encoding !== 'utf-16le' && known?.encoding !== 'utf-16be') return bytes.toString('latin1');
  return decodedUtf16(bytes.subarray(0, bytes.length & ~1), known.encoding);
}

interface BrokenUtf8 {
  readonly line: number;
  /** Whether there is valid text beyond ASCII before the broken line. */
  readonly accentsBefore: boolean;
}

async function findBrokenUtf8(file: FileHandle, from: number): Promise<BrokenUtf8 | null> {
  const buffer = await chunkBuffer(file, CHUNK, 4);
  let carried = 0;
  let accentsBefore = false;
  let position = from;
  for (;;) {
    const { bytesRead } = await file.read(buffer, carried, buffer.length - 4, position);
    const end = carried + bytesRead;
    const cut = bytesRead === 0 ? end : end - incompleteTail(buffer, end);
    const whole = buffer.subarray(0, cut);
    if (!isUtf8(whole)) return locateBroken(file, from, position - carried, whole, accentsBefore);
    if (bytesRead === 0) return null;
    accentsBefore ||= showsUtf8(whole);
    position += bytesRead;
    carried = end - cut;
    buffer.copyWithin(0, cut, end);
  }
}

/**
 * A chance pair of Windows-1252 such as 'ß€' is a letter of UTF-8, too. An accented Latin letter, or three other
 * letters, cannot be chance.
 */
const FEWEST_LETTERS = 3;

/** Whether the valid UTF-8 cannot be chance. */
function showsUtf8(bytes: Buffer): boolean {
  if (isAscii(bytes)) return false;
  let letters = 0;
  for (const byte of bytes) {
    if (byte === 0xc2 || byte === 0xc3) return true;
    if (byte >= 0xc4 && ++letters >= FEWEST_LETTERS) return true;
  }
  return false;
}

/** Bytes at the end that begin a character whose other bytes have not come yet. */
function incompleteTail(buffer: Buffer, end: number): number {
  for (let back = 1; back <= Math.min(3, end); back++) {
    const byte = buffer[end - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

async function locateBroken(
  file: FileHandle,
  from: number,
  chunkAt: number,
  chunk: Buffer,
  accents: boolean,
): Promise<BrokenUtf8> {
  let accentsBefore = accents;
  let line = 1 + (await countNewlines(file, from, chunkAt));
  for (let start = 0; start < chunk.length; line++) {
    const newline = chunk.indexOf(10, start);
    const end = newline < 0 ? chunk.length : newline + 1;
    const text = chunk.subarray(start, end);
    if (!isUtf8(text)) break;
    accentsBefore ||= showsUtf8(text);
    start = end;
  }
  return { line, accentsBefore };
}

async function countNewlines(file: FileHandle, from: number, until: number): Promise<number> {
  const buffer = await chunkBuffer(file, 1 << 20);
  let count = 0;
  for (let at = from; at < until; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, until - at), at);
    if (bytesRead === 0) break;
    for (let i = buffer.indexOf(10); i >= 0 && i < bytesRead; i = buffer.indexOf(10, i + 1)) count++;
    at += bytesRead;
  }
  return count;
}

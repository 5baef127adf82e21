import type { FileHandle } from 'node:fs/promises';
import { counted } from '../../domain/count.ts';
import type { Limits } from '../../domain/limits.ts';
import { overLimit, unreadable } from './refusal.ts';

/** One part of the archive according to the central directory; the local header was found to agree. */
export interface ZipEntry {
  /** As written, with forward slashes and without a leading one. */
  readonly name: string;
  readonly method: 0 | 8;
  readonly crc: number;
  /** Bytes in the archive, and bytes unpacked. */
  readonly packed: number;
  readonly size: number;
  readonly headerOffset: number;
  readonly nameBytes: Buffer;
}

/** More parts than any workbook has; a directory of millions is an attack on memory. */
const MAX_ENTRIES = 10_000;
const MAX_DIRECTORY = 16 * 1024 ** 2;
const EOCD = 0x06054b50;
const EOCD64_LOCATOR = 0x07064b50;
const EOCD64 = 0x06064b50;
const CENTRAL = 0x02014b50;

const DAMAGED = 'The workbook is damaged or was cut short';

/**
 * Reads the central directory, the only list of parts that counts: a local header of a part that the directory lacks
 * would be visible to a repair tool and invisible to a virus scanner.
 */
export async function readZipDirectory(
  file: FileHandle,
  fileSize: number,
  limits: Limits,
): Promise<readonly ZipEntry[]> {
  const where = await locateDirectory(file, fileSize);
  if (where.count > MAX_ENTRIES) {
    throw unreadable(`The workbook claims ${where.count} parts; no workbook has more than ${MAX_ENTRIES}.`);
  }
  if (where.size > MAX_DIRECTORY || where.offset + where.size !== where.end) {
    throw unreadable(`${DAMAGED}: its directory is not where it should be.`);
  }
  const bytes = await readAt(file, where.offset, where.size);
  const entries = parseEntries(bytes, where.count);
  refuseOverlaps(entries, where.offset);
  refuseBombs(entries, limits);
  return entries;
}

interface DirectoryPlace {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
  /** Position of the record that follows the directory. */
  readonly end: number;
}

async function locateDirectory(file: FileHandle, fileSize: number): Promise<DirectoryPlace> {
  const tail = await readAt(file, Math.max(0, fileSize - 65_557), Math.min(fileSize, 65_557));
  let at = tail.length - 22;
  while (
    at >= 0 &&
    !(tail.readUInt32LE(at) === EOCD && at + 22 + tail.readUInt16LE(at + 20) === tail.length)
  ) {
    at--;
  }
  if (at < 0) throw unreadable(`${DAMAGED}: the end of the archive is missing.`);
  const end = fileSize - tail.length + at;
  const place = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
    end,
  };
  if (tail.readUInt16LE(at + 4) !== 0 && tail.readUInt16LE(at + 4) !== 0xffff) {
    throw unreadable('The workbook is one volume of a divided archive.');
  }
  const large = place.count === 0xffff || place.size === 0xffffffff || place.offset === 0xffffffff;
  return large && at >= 20 && tail.readUInt32LE(at - 20) === EOCD64_LOCATOR
    ? await locateLargeDirectory(file, tail.subarray(at - 20, at), end)
    : place;
}

async function locateLargeDirectory(file: FileHandle, locator: Buffer, end: number): Promise<DirectoryPlace> {
  const at = safeNumber(locator, 8);
  if (at + 56 > end) throw unreadable(`${DAMAGED}: its directory is not where it should be.`);
  const record = await readAt(file, at, 56);
  if (record.readUInt32LE(0) !== EOCD64) throw unreadable(`${DAMAGED}: its directory cannot be found.`);
  return {
    count: safeNumber(record, 32),
    size: safeNumber(record, 40),
    offset: safeNumber(record, 48),
    end: at,
  };
}

function parseEntries(bytes: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) {
      throw unreadable(`${DAMAGED}: its directory ends early.`);
    }
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const next = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw unreadable(`${DAMAGED}: its directory ends early.`);
    const entry = parseEntry(bytes, at, nameLength, extraLength);
    at = next;
    if (entry.name.endsWith('/')) continue;
    const key = entry.name.toLowerCase();
    if (seen.has(key))
      throw unreadable(`The workbook holds the part ${entry.name} twice; which one counts cannot be told.`);
    seen.add(key);
    entries.push(entry);
  }
  if (at !== bytes.length) throw unreadable(`${DAMAGED}: its directory holds more than it says.`);
  return entries;
}

function parseEntry(bytes: Buffer, at: number, nameLength: number, extraLength: number): ZipEntry {
  const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
  const name = partName(nameBytes);
  if (bytes.readUInt16LE(at + 8) & 1)
    throw unreadable(
      'The workbook is protected with a password.',
      'Save it without a password and drop it again.',
    );
  const method = bytes.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8)
    throw unreadable(`The part ${name} is packed in a way (method ${method}) that workbooks do not use.`);
  const sizes = {
    packed: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    headerOffset: bytes.readUInt32LE(at + 42),
  };
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
  const large = readLargeSizes(extra, sizes);
  if (method === 0 && large.packed !== large.size)
    throw unreadable(`${DAMAGED}: the sizes of ${name} do not agree.`);
  return { name, method, crc: bytes.readUInt32LE(at + 16), nameBytes, ...large };
}

type Sizes = Pick<ZipEntry, 'packed' | 'size' | 'headerOffset'>;

/** The ZIP64 extra field holds only those of the three values that did not fit, in this order. */
function readLargeSizes(extra: Buffer, sizes: Sizes): Sizes {
  const { size, packed, headerOffset } = sizes;
  if (size !== 0xffffffff && packed !== 0xffffffff && headerOffset !== 0xffffffff) return sizes;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    let next = 0;
    const take = (value: number): number => {
      if (value !== 0xffffffff) return value;
      if (next + 8 > field.length) throw unreadable(`${DAMAGED}: a part has no size.`);
      next += 8;
      return safeNumber(field, next - 8);
    };
    return { size: take(size), packed: take(packed), headerOffset: take(headerOffset) };
  }
  throw unreadable(`${DAMAGED}: a part has no size.`);
}

/**
 * Parts are read from the archive and never written to disk under their names. A name that leads out of a folder still
 * shows a forged archive.
 */
function partName(bytes: Buffer): string {
  const name = bytes.toString('utf8').replaceAll('\\', '/').replace(/^\/+/, '');
  if (name === '' || name.includes('\0') || /(^|\/)\.\.(\/|$)/.test(name) || /^[A-Za-z]:/.test(name)) {
    throw unreadable(
      'The workbook holds a part whose name leads out of it; it was not written by a spreadsheet program.',
    );
  }
  return name;
}

/** With parts that share bytes, a small archive could unpack to petabytes. */
function refuseOverlaps(entries: readonly ZipEntry[], directoryOffset: number): void {
  const ordered = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
  for (const [i, entry] of ordered.entries()) {
    const end = entry.headerOffset + 30 + entry.nameBytes.length + entry.packed;
    if (end > (ordered[i + 1]?.headerOffset ?? directoryOffset)) {
      throw unreadable(`${DAMAGED}: the part '${entry.name}' runs into another.`);
    }
  }
}

/** Declared sizes are enough here: unpacking stops as soon as a part turns out to be larger than declared. */
function refuseBombs(entries: readonly ZipEntry[], limits: Limits): void {
  let total = 0;
  for (const { name, size, packed } of entries) {
    total += size;
    if (size >= 1024 ** 2 && size > packed * limits.unpack_ratio) {
      throw overLimit(
        'unpack_ratio',
        limits,
        `The part ${name} unpacks to ${Math.round(size / Math.max(1, packed))} times its size`,
      );
    }
  }
  if (total > limits.unpacked_bytes) {
    throw overLimit('unpacked_bytes', limits, `The workbook unpacks to ${counted(total, 'byte')}`);
  }
}

function safeNumber(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw unreadable(`${DAMAGED}: a size in it is impossible.`);
  return Number(value);
}

/** Reads exactly `length` bytes; if there are fewer, the file was cut while it was read, or its layout is forged. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(bytes, got, length - got, position + got);
    if (bytesRead === 0) throw unreadable(`${DAMAGED}: it ends before its parts do.`);
    got += bytesRead;
  }
  return bytes;
}

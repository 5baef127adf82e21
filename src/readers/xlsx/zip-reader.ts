import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Limits } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { unreadable } from './refusal.ts';
import { readAt, readZipDirectory, type ZipEntry } from './zip-directory.ts';

const LOCAL = 0x04034b50;
/** Unpacked bytes passed on at once. Below 128 KiB the calls cost measurably, above 1 MiB the cache misses do. */
const CHUNK = 256 * 1024;
const READ = 128 * 1024;

/** Random access to the parts of one archive. Part names are matched without case, as Excel does. */
export class ZipReader {
  readonly #file: FileHandle;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  private constructor(file: FileHandle, entries: readonly ZipEntry[]) {
    this.#file = file;
    this.#entries = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  }

  static async open(path: string, fileSize: number, limits: Limits): Promise<ZipReader> {
    const file = await open(path, 'r');
    try {
      const entries = await readZipDirectory(file, fileSize, limits);
      for (const entry of entries) await checkLocalHeader(file, entry);
      return new ZipReader(file, entries);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  names(): readonly string[] {
    return [...this.#entries.values()].map((entry) => entry.name);
  }

  /** The unpacked bytes of a part, checked against its size and checksum at the end. A caller may stop early. */
  async *stream(name: string): AsyncGenerator<Buffer, void> {
    const entry = this.#entries.get(name.toLowerCase());
    if (!entry) throw unreadable(`The workbook lacks its part ${name}.`);
    const start = await dataOffset(this.#file, entry);
    if (entry.packed === 0 && entry.size === 0) return;
    const packed = readRange(this.#file, start, entry.packed);
    const unpacked = entry.method === 8 ? inflate(packed) : packed;
    let size = 0;
    let crc = 0;
    try {
      for await (const chunk of unpacked) {
        size += chunk.length;
        if (size > entry.size) throw unreadable(`The part ${entry.name} unpacks to more than it says.`);
        crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (error) {
      throw error instanceof TidemarkError ? error : damaged(entry, error);
    }
    if (size !== entry.size || crc !== entry.crc) throw damaged(entry);
  }

  /** A whole part, for parts that are always small. */
  async read(name: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(name)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Reads at positions, so that several parts may be read from one open file at a time. */
async function* readRange(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < length; at += READ) yield await readAt(file, start + at, Math.min(READ, length - at));
}

/** Unpacks on another thread, one chunk ahead of the consumer. */
async function* inflate(packed: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  const source = Readable.from(packed, { objectMode: false, highWaterMark: READ });
  const unpacked = createInflateRaw({ chunkSize: CHUNK });
  source.on('error', (error) => unpacked.destroy(error));
  try {
    yield* source.pipe(unpacked);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

function damaged(entry: ZipEntry, cause?: unknown): TidemarkError {
  return unreadable(`The workbook is damaged: its part ${entry.name} cannot be unpacked.`, undefined, cause);
}

/** Directory and local header must name the same part, or two programs would read two different workbooks. */
async function checkLocalHeader(file: FileHandle, entry: ZipEntry): Promise<void> {
  const header = await readAt(file, entry.headerOffset, 30 + entry.nameBytes.length);
  const agrees =
    header.readUInt32LE(0) === LOCAL &&
    header.readUInt16LE(8) === entry.method &&
    header.readUInt16LE(26) === entry.nameBytes.length &&
    header.subarray(30).equals(entry.nameBytes);
  if (!agrees)
    throw unreadable(`The workbook is damaged: its part ${entry.name} is not where the directory says.`);
}

async function dataOffset(file: FileHandle, entry: ZipEntry): Promise<number> {
  const header = await readAt(file, entry.headerOffset, 30);
  return entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

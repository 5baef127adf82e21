import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { constants, crc32, createDeflateRaw } from 'node:zlib';
import { readAt, type ZipEntry } from '../../readers/xlsx/zip-directory.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Bit 3: sizes follow the data. Parts written here have their sizes in front. */
const SIZES_FOLLOW = 8;
const UTF8_NAME = 0x800;
const READ = 1 << 20;
/** Larger archives need the ZIP64 records; no workbook within the limits does. */
const MAX_OFFSET = 0xffff_ffff;
/** 1980-01-01 00:00, the first time that an archive can hold: the same workbook gives the same bytes. */
const NO_TIME = { time: 0, date: 0x21 };

interface Written {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly date: number;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** An archive that is being written: new parts, and parts of another archive copied in their packed form. */
export class ZipFile {
  readonly #file: FileHandle;
  readonly #parts: Written[] = [];
  #at = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** The file must not exist yet. */
  static async create(path: string, mode: number): Promise<ZipFile> {
    return new ZipFile(await open(path, 'wx', mode));
  }

  /** Copies the packed bytes of a part; only the place of its sizes may change. */
  async copy(from: FileHandle, entry: ZipEntry): Promise<void> {
    const head = await readAt(from, entry.headerOffset, 30);
    const written = {
      name: entry.nameBytes,
      flags: head.readUInt16LE(6) & ~SIZES_FOLLOW,
      method: entry.method,
      time: head.readUInt16LE(10),
      date: head.readUInt16LE(12),
      offset: this.#at,
      crc: entry.crc,
      packed: entry.packed,
      size: entry.size,
    };
    await this.#put(localHeader(written));
    const start = entry.headerOffset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    for (let at = 0; at < entry.packed; at += READ) {
      await this.#put(await readAt(from, start + at, Math.min(READ, entry.packed - at)));
    }
    this.#parts.push(written);
  }

  async add(name: string | Buffer, content: AsyncIterable<Buffer> | Buffer | string): Promise<void> {
    const about = {
      name: Buffer.from(name),
      flags: UTF8_NAME,
      method: 8,
      ...NO_TIME,
      offset: this.#at,
    };
    let crc = 0;
    let size = 0;
    const chunks = isStream(content) ? content : [Buffer.from(content)];
    async function* counted(): AsyncGenerator<Buffer, void> {
      for await (const chunk of chunks) {
        crc = crc32(chunk, crc);
        size += chunk.length;
        yield chunk;
      }
    }
    await this.#put(localHeader({ ...about, crc: 0, packed: 0, size: 0 }));
    const start = this.#at;
    // A large sheet is packed again only to colour some of its cells: the fastest level is enough.
    const packer = createDeflateRaw({
      level: isStream(content) ? constants.Z_BEST_SPEED : constants.Z_DEFAULT_COMPRESSION,
    });
    const source = Readable.from(counted(), { objectMode: false });
    source.on('error', (error) => packer.destroy(error));
    for await (const packed of source.pipe(packer)) await this.#put(packed as Buffer);
    const written = { ...about, crc, packed: this.#at - start, size };
    const header = localHeader(written);
    await this.#file.write(header, 0, header.length, about.offset);
    this.#parts.push(written);
  }

  /** Writes the directory and closes the file, with its bytes on the disk. */
  async finish(): Promise<void> {
    const start = this.#at;
    for (const part of this.#parts) await this.#put(centralHeader(part));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.#parts.length, 8);
    end.writeUInt16LE(this.#parts.length, 10);
    end.writeUInt32LE(this.#at - start, 12);
    end.writeUInt32LE(start, 16);
    await this.#put(end);
    await this.#file.sync();
    await this.close();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #put(bytes: Buffer): Promise<void> {
    if (this.#at + bytes.length > MAX_OFFSET) throw new RangeError('the workbook would be past 4 GiB');
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#at + done);
      done += bytesWritten;
    }
    this.#at += bytes.length;
  }
}

function isStream(content: AsyncIterable<Buffer> | Buffer | string): content is AsyncIterable<Buffer> {
  return typeof content !== 'string' && !Buffer.isBuffer(content);
}

function localHeader(part: Written): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(LOCAL, 0);
  putShared(head, 4, part);
  return Buffer.concat([head, part.name]);
}

function centralHeader(part: Written): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(CENTRAL, 0);
  head.writeUInt16LE(20, 4);
  putShared(head, 6, part);
  head.writeUInt32LE(part.offset, 42);
  return Buffer.concat([head, part.name]);
}

/** The 26 bytes that both headers share. */
function putShared(head: Buffer, at: number, part: Written): void {
  head.writeUInt16LE(20, at);
  head.writeUInt16LE(part.flags, at + 2);
  head.writeUInt16LE(part.method, at + 4);
  head.writeUInt16LE(part.time, at + 6);
  head.writeUInt16LE(part.date, at + 8);
  head.writeUInt32LE(part.crc, at + 10);
  head.writeUInt32LE(part.packed, at + 14);
  head.writeUInt32LE(part.size, at + 18);
  head.writeUInt16LE(part.name.length, at + 22);
}

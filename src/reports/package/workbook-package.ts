import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Limits } from '../../domain/limits.ts';
import { utf8Chunks } from '../../readers/xlsx/part-text.ts';
import { readZipDirectory, type ZipEntry } from '../../readers/xlsx/zip-directory.ts';
import { ZipReader } from '../../readers/xlsx/zip-reader.ts';
import { ZipFile } from './zip-file.ts';

/** Parts that are edited as one text stay below this; real ones are far smaller. */
const MAX_TEXT_PART = 32 * 1024 ** 2;

/**
 * The parts of a workbook, of which some are replaced: all others go into the copy in their packed form, bit for bit.
 * Part names are matched without case.
 */
export class WorkbookPackage {
  readonly zip: ZipReader;
  readonly #file: FileHandle;
  readonly #entries: readonly ZipEntry[];
  readonly #changed = new Map<string, { readonly name: string; readonly text: string }>();

  private constructor(zip: ZipReader, file: FileHandle, entries: readonly ZipEntry[]) {
    this.zip = zip;
    this.#file = file;
    this.#entries = entries;
  }

  static async open(path: string, limits: Limits): Promise<WorkbookPackage> {
    const { size } = await stat(path);
    const zip = await ZipReader.open(path, size, limits);
    try {
      const file = await open(path, 'r');
      try {
        return new WorkbookPackage(zip, file, await readZipDirectory(file, size, limits));
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      await zip.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#changed.has(name.toLowerCase()) || this.zip.has(name);
  }

  sizeOf(name: string): number {
    return this.#entryOf(name)?.size ?? 0;
  }

  names(): readonly string[] {
    return [...this.zip.names(), ...[...this.#changed.values()].map(({ name }) => name)];
  }

  /** The part as it will be in the copy; null where it is missing. */
  async text(name: string): Promise<string | null> {
    const changed = this.#changed.get(name.toLowerCase());
    if (changed !== undefined) return changed.text;
    if (!this.zip.has(name)) return null;
    if (this.sizeOf(name) > MAX_TEXT_PART) throw new RangeError(`the part ${name} is too large to be edited`);
    const chunks: Buffer[] = [];
    for await (const chunk of utf8Chunks(this.zip.stream(name), name)) chunks.push(chunk);
    return declaredUtf8(Buffer.concat(chunks).toString('utf8'));
  }

  /** Sets the content of an existing or new part. */
  set(name: string, text: string): void {
    this.#changed.set(name.toLowerCase(), { name, text });
  }

  /** A free part name: `xl/comments%.xml` with the first free number. */
  freeName(pattern: string): string {
    for (let n = 1; ; n++) {
      const name = pattern.replace('%', String(n));
      if (!this.has(name)) return name;
    }
  }

  /**
   * Writes the copy. `streams` are parts that are too large for memory. They are made while they are written, and
   * first, because other parts may depend on what they find.
   */
  async write(
    path: string,
    mode: number,
    streams: ReadonlyMap<string, () => AsyncIterable<Buffer>>,
    afterStreams: () => Promise<void>,
  ): Promise<void> {
    const target = await ZipFile.create(path, mode);
    try {
      const streamed = new Set([...streams.keys()].map((name) => name.toLowerCase()));
      for (const entry of this.#entries) {
        const make = streams.get(entry.name);
        if (make !== undefined) await target.add(entry.nameBytes, make());
      }
      await afterStreams();
      for (const entry of this.#entries) {
        const key = entry.name.toLowerCase();
        const changed = this.#changed.get(key);
        if (changed !== undefined) await target.add(entry.nameBytes, changed.text);
        else if (!streamed.has(key)) await target.copy(this.#file, entry);
      }
      for (const [key, { name, text }] of this.#changed) {
        if (this.#entryOf(key) === undefined) await target.add(name, text);
      }
      await target.finish();
    } catch (error) {
      await target.close().catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.zip.close();
  }

  #entryOf(name: string): ZipEntry | undefined {
    const key = name.toLowerCase();
    return this.#entries.find((entry) => entry.name.toLowerCase() === key);
  }
}

/** A part that was UTF-16 is written as UTF-8, and must say so. */
export function declaredUtf8(text: string): string {
  return text.replace(/^(<\?xml[^>]*?encoding\s*=\s*["'])([^"']*)/, (whole, start: string, label: string) =>
    /^utf-?8$/i.test(label) ? whole : `${start}UTF-8`,
  );
}

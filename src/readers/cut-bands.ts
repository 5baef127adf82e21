import { appendFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { chunkBuffer } from './chunk-buffer.ts';
import type { Extract } from './reader.ts';

const LF = 10;
const CR = 13;
const CHUNK = 1 << 20;
/** Bytes collected for one band before they are written; with 256 bands 16 MB in all. */
const GATHERED = 1 << 16;
/** Columns of the canonical form before the cells: row, number of cells, kinds. */
const LEADING = 3;

/** Some neighbouring columns of an Extract as a file of their own, in the same form; its records end with `\n`. */
export interface Band {
  readonly path: string;
  /** 0-based number of the Extract's column that is the first one of the band. */
  readonly first: number;
  readonly width: number;
}

/**
 * Cuts a file of very many columns into bands of few columns: the engine's plans and batches grow with the columns that
 * they name, and past a few hundred columns they grow far too much. Every record of the canonical form begins with row,
 * number of cells and kinds; in each band it has the kinds of the band's own cells. Null where a record of the `lines`
 * form has more or fewer cells than there are columns.
 */
export async function cutBands(
  extract: Extract,
  columns: number,
  scratch: string,
): Promise<readonly Band[] | null> {
  const bands: BandWriter[] = [];
  for (let first = 0; first < extract.width; first += columns) {
    const path = join(scratch, `band-${extract.form}-${bands.length}.txt`);
    bands.push(new BandWriter({ path, first, width: Math.min(columns, extract.width - first) }));
  }
  const cut = extract.form === 'lines' ? lineCutter(bands, extract.delimiter) : canonicalCutter(bands);
  const skip = extract.form === 'lines' ? extract.skip : 0;
  if (!(await eachLine(extract.path, skip, cut))) return null;
  for (const band of bands) band.flush();
  return bands.map(({ band }) => band);
}

/** Returns false where the record does not have as many cells as there are columns. */
type Cutter = (bytes: Buffer, from: number, to: number) => boolean;

function lineCutter(bands: readonly BandWriter[], delimiter: string): Cutter {
  const divider = delimiter.charCodeAt(0);
  return (bytes, from, to) => {
    const end = to > from && bytes[to - 1] === CR ? to - 1 : to;
    let at = from;
    for (const writer of bands) {
      const next = afterCells(bytes, at, end, writer.band.width, divider);
      if (next < 0) return false;
      writer.put(bytes, at, next - 1);
      writer.end();
      at = next;
    }
    return at === end + 1;
  };
}

function canonicalCutter(bands: readonly BandWriter[]): Cutter {
  const divider = 31;
  return (bytes, from, to) => {
    const kinds = afterCells(bytes, from, to, LEADING - 1, divider);
    let at = afterCells(bytes, from, to, LEADING, divider);
    const hasKinds = at - 1 > kinds;
    for (const writer of bands) {
      const { first, width } = writer.band;
      const next = afterCells(bytes, at, to, width, divider);
      if (next < 0) throw new TypeError('a canonical record has too few cells');
      writer.put(bytes, from, kinds);
      if (hasKinds) writer.put(bytes, kinds + first, kinds + first + width);
      writer.put(bytes, at - 1, next - 1);
      writer.end();
      at = next;
    }
    return true;
  };
}

/**
 * Where the cell after the next `count` cells begins; one past `to` + 1 after the last cell; -1 where there are fewer
 * cells.
 */
function afterCells(bytes: Buffer, from: number, to: number, count: number, divider: number): number {
  let left = count;
  for (let i = from; i < to; i++) if (bytes[i] === divider && --left === 0) return i + 1;
  return left === 1 && from <= to ? to + 1 : -1;
}

class BandWriter {
  readonly band: Band;
  #bytes = Buffer.allocUnsafe(GATHERED);
  #at = 0;

  constructor(band: Band) {
    this.band = band;
    writeFileSync(band.path, '', { mode: 0o640 });
  }

  put(bytes: Buffer, from: number, to: number): void {
    const length = to - from;
    if (this.#at + length >= this.#bytes.length) {
      this.flush();
      if (length >= this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length + GATHERED);
    }
    this.#at += bytes.copy(this.#bytes, this.#at, from, to);
  }

  end(): void {
    this.#bytes[this.#at++] = LF;
  }

  /** The files are closed between writes: some systems do not allow hundreds of open files. */
  flush(): void {
    appendFileSync(this.band.path, this.#bytes.subarray(0, this.#at));
    this.#at = 0;
  }
}

/** Calls `take` with each line from `skip` on, without its LF; returns false as soon as `take` does. */
async function eachLine(path: string, skip: number, take: Cutter): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    let buffer = await chunkBuffer(file, CHUNK);
    let filled = 0;
    for (let left = skip; ; ) {
      if (filled === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
      const seen = buffer.subarray(0, filled + bytesRead);
      let start = 0;
      for (let end = seen.indexOf(LF, filled); end >= 0; end = seen.indexOf(LF, start)) {
        if (left > 0) left--;
        else if (!take(seen, start, end)) return false;
        start = end + 1;
      }
      if (bytesRead === 0) return start === seen.length || left > 0 || take(seen, start, seen.length);
      filled = seen.length - start;
      seen.copy(buffer, 0, start);
    }
  } finally {
    await file.close();
  }
}

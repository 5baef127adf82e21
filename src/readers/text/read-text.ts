import { basename } from 'node:path';
import type { Limits } from '../../domain/limits.ts';
import type { RawRow } from '../reader.ts';
import { bestReading } from './best-reading.ts';
import { canonicalRows } from './canonical-rows.ts';
import type { Dialect } from './dialect.ts';
import type { DetectedEncoding } from './encoding.ts';
import { Tokenizer } from './tokenizer.ts';
import type { TokenizerOptions } from './tokenizer-options.ts';
import { utf8Chunks } from './utf8-chunks.ts';

export interface TextFile {
  readonly path: string;
  readonly detected: DetectedEncoding;
  readonly dialect: Dialect;
  readonly limits: Limits;
  /** Lines at the start that describe the file and are no rows. */
  readonly notRows: number;
  /** The number of cells of most records at the file's head; null where no record has more than one. */
  readonly usual: number | null;
}

/** A record longer than this many of the longest cells cannot be sound: one of its quotes is never closed. */
const LONGEST_CELLS = 8;
const HEAD_CHUNK = 16 << 10;

export function tokenizerFor(
  file: TextFile,
  over: Pick<TokenizerOptions, 'sink'> & Partial<TokenizerOptions>,
) {
  return new Tokenizer({
    file: basename(file.path),
    dialect: file.dialect,
    limits: file.limits,
    width: null,
    afterRow: file.notRows,
    ...over,
  });
}

/**
 * Reads the whole file with a tokenizer that `begin` makes. Where the quotes are in doubt, reads it once more with a
 * new tokenizer, in the reading with the lowest cost. Returns what `begin` gave for the reading that counts.
 */
export async function readInDoubt<T extends { readonly tokenizer: Tokenizer }>(
  file: TextFile,
  width: number | null,
  begin: (usual: number | undefined) => T,
): Promise<T> {
  const usual = width !== null && width > 1 ? width : undefined;
  const first = begin(usual);
  try {
    for await (const chunk of utf8Chunks(file.path, file.detected)) first.tokenizer.push(chunk);
    first.tokenizer.end();
  } catch (error) {
    if (!first.tokenizer.doubtful || usual === undefined) throw error;
  }
  if (!first.tokenizer.doubtful || usual === undefined) return first;
  const second = begin(undefined);
  for await (const part of inBestReading(file, usual)) take(second.tokenizer, part);
  second.tokenizer.end();
  return second;
}

function inBestReading(file: TextFile, width: number, chunkBytes?: number) {
  return bestReading(utf8Chunks(file.path, file.detected, chunkBytes), {
    file: basename(file.path),
    dialect: file.dialect,
    width,
    limit: LONGEST_CELLS * file.limits.text_cell_bytes,
  });
}

function take(
  tokenizer: Tokenizer,
  { bytes, unsure }: { readonly bytes: Buffer; readonly unsure: boolean },
): void {
  if (unsure) tokenizer.pushUnsure(bytes);
  else tokenizer.push(bytes);
}

/** Every row. A file with quotes is read through beforehand, because what follows a row can put the row in doubt. */
export async function* rows(file: TextFile): AsyncGenerator<RawRow, void, void> {
  const inDoubt = await isInDoubt(file);
  const gathered = gatherer(file);
  if (inDoubt) yield* rowsInBestReading(file, file.usual as number);
  else {
    for await (const chunk of utf8Chunks(file.path, file.detected, 256 << 10)) {
      gathered.tokenizer.push(chunk);
      yield* gathered.ready();
    }
    gathered.tokenizer.end();
    yield* gathered.ready();
  }
}

/** The first rows with text. For a file in doubt, those of its best reading. */
export async function head(file: TextFile, count: number): Promise<RawRow[]> {
  const { usual } = file;
  const gathered = gatherer(file);
  const found: RawRow[] = [];
  const enough = () => {
    found.push(...gathered.ready().filter(hasText));
    return found.length >= count;
  };
  try {
    let more = true;
    for await (const chunk of utf8Chunks(file.path, file.detected, HEAD_CHUNK)) {
      gathered.tokenizer.push(chunk);
      more = !enough();
      if (!more) break;
    }
    if (more) gathered.tokenizer.end();
    enough();
  } catch (error) {
    if (!gathered.tokenizer.doubtful || usual === null) throw error;
  }
  if (!gathered.tokenizer.doubtful || usual === null) return found.slice(0, count);
  const best: RawRow[] = [];
  for await (const row of rowsInBestReading(file, usual, HEAD_CHUNK)) {
    if (best.length >= count) break;
    if (hasText(row)) best.push(row);
  }
  return best;
}

function hasText({ cells }: RawRow): boolean {
  return cells.some(({ kind }) => kind !== '_');
}

/** A tokenizer that keeps every record, and the rows finished since the last call. */
function gatherer(file: TextFile) {
  let gathered: RawRow[] = [];
  const tokenizer = tokenizerFor(file, {
    keepBlank: true,
    usual: file.usual ?? undefined,
    sink: (records) => {
      gathered = gathered.concat(canonicalRows(records));
    },
  });
  const ready = () => {
    tokenizer.flushWhole();
    const rows = gathered;
    gathered = [];
    return rows;
  };
  return { tokenizer, ready };
}

async function* rowsInBestReading(file: TextFile, width: number, chunkBytes?: number) {
  const { tokenizer, ready } = gatherer(file);
  for await (const part of inBestReading(file, width, chunkBytes)) {
    take(tokenizer, part);
    yield* ready();
  }
  tokenizer.end();
  yield* ready();
}

async function isInDoubt(file: TextFile): Promise<boolean> {
  const { dialect, usual } = file;
  if (usual === null || dialect.quote < 0) return false;
  let quoted = false;
  for await (const chunk of utf8Chunks(file.path, file.detected)) quoted ||= chunk.includes(dialect.quote);
  if (!quoted) return false;
  const tokenizer = tokenizerFor(file, { usual, sink: () => {} });
  try {
    for await (const chunk of utf8Chunks(file.path, file.detected)) tokenizer.push(chunk);
    tokenizer.end();
  } catch (error) {
    if (!tokenizer.doubtful) throw error;
  }
  return tokenizer.doubtful;
}

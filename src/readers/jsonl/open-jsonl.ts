import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { counted } from '../../domain/count.ts';
import type { Limits } from '../../domain/limits.ts';
import { CanonicalWriter } from '../canonical-writer.ts';
import type {
  CanonicalExtract,
  CellKind,
  ExtractSpec,
  RawCell,
  RawRow,
  SheetInfo,
  Source,
} from '../reader.ts';
import { detectEncoding } from '../text/encoding.ts';
import { overLimit, unreadable } from '../text/text-error.ts';
import { utf8Chunks } from '../text/utf8-chunks.ts';
import { type Members, NotAnObject, readMembers } from './object-members.ts';

const SHEET: SheetInfo = { name: null, index: 1, visible: true };
const BLANK: RawCell = { text: '', kind: '_' };
/** The header consists of the members of this many objects, in the order in which they first occur. */
const HEADER_OBJECTS = 1000;

interface JsonlFile {
  readonly path: string;
  readonly limits: Limits;
  readonly keys: readonly string[];
}

/**
 * Opens a file of JSON objects, one per line. Its header row has number 0, because no line holds it; data rows have the
 * number of their line. A member that the header lacks counts as a cell beyond the last. Errors: `file-unreadable` with
 * the line, `limit-exceeded`.
 */
export async function openJsonl(path: string, limits: Limits): Promise<Source> {
  const { size } = await stat(path);
  if (size > limits.file_bytes) {
    throw overLimit(basename(path), 'file_bytes', limits, `the file has ${counted(size, 'byte')}`);
  }
  const keys = new Set<string>();
  let objects = 0;
  for await (const { members } of objectsOf(path, limits)) {
    for (const [key] of members) keys.add(key);
    if (++objects >= HEADER_OBJECTS) break;
  }
  const file: JsonlFile = { path, limits, keys: [...keys] };
  return {
    format: 'jsonl',
    sheets: async () => [SHEET],
    head: (_sheet, count) => head(file, count),
    rows: () => rows(file),
    extract: (spec) => extract(file, spec),
    close: async () => {},
  };
}

async function* objectsOf(path: string, limits: Limits): AsyncGenerator<{ line: number; members: Members }> {
  const file = basename(path);
  const detected = await detectEncoding(path, 'auto');
  if (detected.encoding === 'windows-1252') {
    throw unreadable(file, null, 'JSON lines are UTF-8 text, and this is not.');
  }
  for await (const { line, text } of linesOf(path, detected, limits)) {
    if (text.trim() === '') continue;
    try {
      yield { line, members: readMembers(text) };
    } catch (error) {
      if (error instanceof NotAnObject) throw unreadable(file, line, `${error.message}.`);
      throw error;
    }
  }
}

async function* linesOf(
  path: string,
  detected: Awaited<ReturnType<typeof detectEncoding>>,
  limits: Limits,
): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  let line = 1;
  for await (const chunk of utf8Chunks(path, detected)) {
    const parts = (begun + decoder.write(chunk)).split('\n');
    begun = parts.pop() as string;
    for (const text of parts) yield { line: line++, text };
    if (begun.length > limits.text_cell_bytes * 16) {
      throw overLimit(
        basename(path),
        'text_cell_bytes',
        limits,
        `line ${line} is longer than 16 cells may be`,
      );
    }
  }
  yield { line, text: begun + decoder.end() };
}

async function* rows(file: JsonlFile): AsyncGenerator<RawRow, void, void> {
  if (file.keys.length === 0) return;
  yield { row: 0, cells: file.keys.map((text) => ({ text, kind: 's' as CellKind })) };
  for await (const { line, members } of objectsOf(file.path, file.limits)) {
    yield { row: line, cells: inColumns(file, line, members) };
  }
}

function inColumns(file: JsonlFile, line: number, members: Members): RawCell[] {
  const byKey = new Map(members);
  const cells = file.keys.map((key) => byKey.get(key) ?? BLANK);
  const known = new Set(file.keys);
  for (const [key, cell] of members) {
    if (!known.has(key)) cells.push(cell);
    if (Buffer.byteLength(cell.text) > file.limits.text_cell_bytes) {
      throw overLimit(
        basename(file.path),
        'text_cell_bytes',
        file.limits,
        `line ${line}: '${key}' is too long`,
      );
    }
  }
  return cells;
}

async function head(file: JsonlFile, count: number): Promise<RawRow[]> {
  const found: RawRow[] = [];
  for await (const row of rows(file)) {
    if (found.length >= count) break;
    if (row.cells.some((cell) => cell.kind !== '_')) found.push(row);
  }
  return found;
}

let made = 0;
async function extract(file: JsonlFile, spec: ExtractSpec): Promise<CanonicalExtract> {
  const path = join(spec.scratch, `jsonl-${process.pid}-${++made}.txt`);
  const writer = new CanonicalWriter(path, spec.width);
  let blankRows = 0;
  let pending = 0;
  try {
    for await (const { row, cells } of rows(file)) {
      if (row === 0) continue;
      if (cells.every((cell) => cell.kind === '_')) {
        pending++;
        continue;
      }
      blankRows += pending;
      pending = 0;
      const inWidth = cells.slice(0, spec.width);
      const n = cells.slice(spec.width).some((cell) => cell.kind !== '_') ? cells.length : spec.width;
      const kinds = inWidth.map((cell) => cell.kind).join('');
      const writing = writer.writeRow(
        row,
        n,
        kinds,
        inWidth.map((cell) => cell.text),
      );
      if (writing) await writing;
    }
  } finally {
    await writer.close();
  }
  const done = await writer.close();
  return { form: 'canonical', path, width: spec.width, ...done, blankRows, hiddenRows: 0, notes: [] };
}

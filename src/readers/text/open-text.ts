import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { counted } from '../../domain/count.ts';
import type { Limits } from '../../domain/limits.ts';
import type { CanonicalExtract, Extract, ExtractSpec, SheetInfo, Source } from '../reader.ts';
import { detectDelimiter, type HeaderFit } from './detect-delimiter.ts';
import { dialectOf, type TextRules } from './dialect.ts';
import { type DetectedEncoding, detectEncoding } from './encoding.ts';
import { plainLines } from './plain-lines.ts';
import { head, readInDoubt, rows, type TextFile, tokenizerFor } from './read-text.ts';
import { separatorLine } from './separator-line.ts';
import { SwallowedRowsFinder } from './swallowed-rows.ts';
import { overLimit } from './text-error.ts';
import type { Tokenizer } from './tokenizer.ts';
import { usualWidth } from './usual-width.ts';
import { utf8Chunks } from './utf8-chunks.ts';

const SHEET: SheetInfo = { name: null, index: 1, visible: true };
/** How much of a file is read to detect its delimiter. */
const HEAD_BYTES = 256 << 10;

/**
 * Opens a delimited text file: encoding and delimiter are detected or taken from `rules`; the file is not kept open
 * between calls. Errors: `file-unreadable` (broken encoding, quotes or NUL bytes, with the line), `limit-exceeded`,
 * `usage` (a delimiter that is not possible).
 */
export async function openText(
  path: string,
  limits: Limits,
  rules: TextRules,
  fit?: HeaderFit,
): Promise<Source> {
  const { size } = await stat(path);
  if (size > limits.file_bytes) {
    throw overLimit(basename(path), 'file_bytes', limits, `the file has ${counted(size, 'byte')}`);
  }
  const detected = await detectEncoding(path, rules.encoding);
  const start = await startOf(path, detected);
  const separator = separatorLine(start, rules);
  const found =
    rules.delimiter === 'auto' && separator === null
      ? detectDelimiter(start, size <= HEAD_BYTES, rules, fit)
      : { delimiter: separator ?? rules.delimiter, rival: null };
  const dialect = dialectOf(rules, found.delimiter);
  const file: TextFile = {
    path,
    detected,
    dialect,
    limits,
    notRows: separator === null ? 0 : 1,
    usual: usualWidth(start, dialect),
  };
  return {
    format: 'text',
    dialect: {
      delimiter: String.fromCharCode(dialect.delimiter),
      quote: dialect.quote < 0 ? '' : String.fromCharCode(dialect.quote),
      encoding: detected.encoding,
      rival: found.rival,
    },
    sheets: async () => [SHEET],
    head: (_sheet, count) => head(file, count),
    rows: () => rows(file),
    extract: (spec) => extract(file, spec),
    close: async () => {},
  };
}

/** The first bytes as UTF-8, in a buffer of their own that the caller may keep. */
async function startOf(path: string, detected: DetectedEncoding): Promise<Buffer> {
  for await (const chunk of utf8Chunks(path, detected, HEAD_BYTES)) return Buffer.from(chunk);
  return Buffer.alloc(0);
}

async function extract(file: TextFile, spec: ExtractSpec): Promise<Extract> {
  const data = await findData(file, spec.headerRow);
  const skippable = data !== null && data.nextLine === spec.headerRow + 1;
  // Only the exact form carries notes for the analyst.
  if (typeof file.detected.foreignLine === 'number') return canonical(file, spec);
  if (!skippable || (spec.headerRow === 0 && file.detected.bom > 0)) return canonical(file, spec);
  const plain = file.detected.encoding === 'utf-8';
  const path = plain ? file.path : await writeUtf8Copy(file, spec.scratch);
  const textAt = plain ? file.detected.bom : 0;
  const region = { textAt, dataAt: textAt + data.offset };
  const newline = await plainLines(path, region, file.dialect, file.limits);
  if (newline === null) return canonical(file, spec);
  return {
    form: 'lines',
    path,
    delimiter: String.fromCharCode(file.dialect.delimiter),
    newline,
    skip: spec.headerRow,
    firstRow: spec.headerRow + 1,
    width: spec.width,
    tokenize: () => canonical(file, spec),
  };
}

/** Where the data begins, in bytes of UTF-8 text, and on which line; null where the file ends with the header. */
async function findData(
  file: TextFile,
  headerRow: number,
): Promise<{ offset: number; nextLine: number } | null> {
  if (headerRow === 0 && file.notRows === 0) return { offset: 0, nextLine: 1 };
  const tokenizer = tokenizerFor(file, { stopAtRow: Math.max(headerRow, file.notRows), sink: () => {} });
  let consumed = 0;
  for await (const chunk of utf8Chunks(file.path, file.detected, HEAD_BYTES)) {
    if (tokenizer.stopped === null && !pushed(tokenizer, chunk)) return null;
    if (tokenizer.stopped !== null) {
      const { offset, nextLine } = tokenizer.stopped;
      const last = offset > consumed ? chunk[offset - consumed - 1] : 13;
      if (offset - consumed === chunk.length && last === 13) {
        // The line ends with a CR at the chunk's edge: the next chunk shows whether an LF belongs to it.
        consumed += chunk.length;
        continue;
      }
      return { offset: offset + (last === 13 && chunk[offset - consumed] === 10 ? 1 : 0), nextLine };
    }
    consumed += chunk.length;
  }
  return null;
}

/** False: the quotes above the data are damaged. */
function pushed(tokenizer: Tokenizer, chunk: Buffer): boolean {
  try {
    tokenizer.push(chunk);
  } catch (error) {
    if (!tokenizer.doubtful) throw error;
  }
  return !tokenizer.doubtful;
}

async function canonical(file: TextFile, spec: ExtractSpec): Promise<CanonicalExtract> {
  const path = freshName(spec.scratch, 'rows');
  const fd = openSync(path, 'wx', 0o640);
  const afterRow = Math.max(spec.headerRow, file.notRows);
  try {
    const read = await readInDoubt(file, spec.width, (usual) => {
      ftruncateSync(fd);
      const swallowed = new SwallowedRowsFinder(spec.width, file.dialect.delimiter);
      let at = 0;
      const tokenizer = tokenizerFor(file, {
        ...{ width: spec.width, usual, afterRow },
        manyLines: (cell, line) => swallowed.look(cell, line),
        sink: (records) => {
          at = writeAll(fd, records, at);
        },
      });
      return { tokenizer, swallowed };
    });
    const { rows: count, blankRows, escaped } = read.tokenizer;
    return {
      form: 'canonical',
      path,
      width: spec.width,
      escaped,
      rows: count,
      blankRows,
      hiddenRows: 0,
      notes: [],
      ...read.swallowed.found(),
      foreignLine: file.detected.foreignLine ?? null,
    };
  } finally {
    closeSync(fd);
  }
}

async function writeUtf8Copy(file: TextFile, scratch: string): Promise<string> {
  const path = freshName(scratch, 'utf8');
  const fd = openSync(path, 'wx', 0o640);
  try {
    let at = 0;
    for await (const chunk of utf8Chunks(file.path, file.detected)) at = writeAll(fd, chunk, at);
  } finally {
    closeSync(fd);
  }
  return path;
}

let made = 0;
function freshName(scratch: string, kind: string): string {
  return join(scratch, `${kind}-${process.pid}-${++made}.txt`);
}

/** Returns the position at which the bytes end in the file. */
function writeAll(fd: number, bytes: Buffer, at: number): number {
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  return at + bytes.length;
}

import { open, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { FileSource } from '../domain/dataset.ts';
import type { Limits } from '../domain/limits.ts';
import { openJsonl } from './jsonl/open-jsonl.ts';
import type { Source } from './reader.ts';
import type { HeaderFit } from './text/detect-delimiter.ts';
import { DEFAULT_TEXT_RULES, type TextRules } from './text/dialect.ts';
import { startAsText } from './text/encoding.ts';
import { openText } from './text/open-text.ts';
import { unreadable } from './text/text-error.ts';
import { openXlsx } from './xlsx/open-xlsx.ts';

/** A dataset's `source:` rules, or what the caller of `peek` gave; the rest is detected from the file. */
export type OpenRules = Partial<Pick<FileSource, 'delimiter' | 'quote' | 'encoding'>> & {
  readonly escape?: string | null;
  /** How well rows fit the expected headers; used to choose between delimiters. */
  readonly fit?: HeaderFit;
};

const WORKBOOKS = new Set(['.xlsx', '.xlsm']);
const TEXTS = new Set(['.csv', '.tsv', '.tab', '.txt']);
const JSON_LINES = new Set(['.jsonl', '.ndjson']);

/** File endings that can be read, for messages. */
export const READABLE = '.xlsx, .csv, .tsv, .txt or .jsonl';

/** The first bytes of files of other kinds, and the name of each kind. */
const SIGNATURES: readonly (readonly [string, string, string])[] = [
  ['PK\x03\x04', 'an Excel workbook or a zip archive', 'Give it the ending .xlsx, or save it as CSV.'],
  ['\xd0\xcf\x11\xe0', 'an old or password-protected Excel workbook', 'Save it as CSV or as .xlsx.'],
  ['%PDF-', 'a PDF', 'Deliver the table that the PDF was made from.'],
  ['\x1f\x8b', 'a gzip archive', 'Unpack it and deliver the file inside.'],
  ['PAR1', 'a Parquet file', 'Deliver it as CSV or as .xlsx.'],
  ['{\\rtf', 'a Word document (RTF)', 'Deliver the table as CSV or as .xlsx.'],
  ['SQLite format 3', 'a SQLite database', 'Deliver the table as CSV or as .xlsx.'],
];

/**
 * Opens a landed file with the reader for its file ending, after a look at its first bytes: a file that is not what its
 * ending says is refused (`file-unreadable`, with the name of its kind), never guessed at. The caller closes the
 * source.
 */
export async function openSource(path: string, rules: OpenRules, limits: Limits): Promise<Source> {
  const ending = extname(path).toLowerCase();
  if (WORKBOOKS.has(ending)) return openXlsx(path, limits);
  const jsonLines = JSON_LINES.has(ending);
  if (!jsonLines && !TEXTS.has(ending)) {
    const what = ending === '' ? 'a file without an ending' : `files that end with ${ending}`;
    throw unreadable(basename(path), null, `${what} cannot be read.`, `Deliver it as ${READABLE}.`);
  }
  await refuseForeignContent(path, ending);
  return jsonLines ? openJsonl(path, limits) : openText(path, limits, textRules(rules), rules.fit);
}

function textRules(rules: OpenRules): TextRules {
  const quote = rules.quote ?? DEFAULT_TEXT_RULES.quote;
  return {
    delimiter: rules.delimiter ?? DEFAULT_TEXT_RULES.delimiter,
    quote,
    escape: rules.escape ?? quote,
    encoding: rules.encoding ?? DEFAULT_TEXT_RULES.encoding,
  };
}

async function refuseForeignContent(path: string, ending: string): Promise<void> {
  const { size } = await stat(path);
  const name = basename(path);
  if (size === 0) {
    throw unreadable(name, null, 'the file is empty (0 bytes).', 'Save or copy it again; it did not arrive.');
  }
  const head = Buffer.alloc(Math.min(size, 4096));
  const file = await open(path, 'r');
  try {
    await file.read(head, 0, head.length, 0);
  } finally {
    await file.close();
  }
  const start = head.toString('latin1');
  for (const [signature, what, cure] of SIGNATURES) {
    if (start.startsWith(signature))
      throw unreadable(name, null, `it ends with ${ending} but is ${what}.`, cure);
  }
  const text = startAsText(head);
  if (/^\s*<(!doctype\s+html|html|head|body|table|meta)/i.test(text)) {
    const cure = 'Open it in Excel and save it as CSV or as .xlsx.';
    throw unreadable(name, null, `it ends with ${ending} but is a web page (HTML).`, cure);
  }
  if (/^\s*<\?xml/.test(text)) {
    throw unreadable(name, null, `it ends with ${ending} but is XML.`, 'Save it as CSV or as .xlsx.');
  }
}

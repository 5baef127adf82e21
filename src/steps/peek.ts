import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DEFAULT_LIMITS, type Limits } from '../domain/limits.ts';
import { literal, options, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { namedSheet } from '../readers/named-sheet.ts';
import { type OpenRules, openSource } from '../readers/open-source.ts';
import type { RawRow, SheetInfo, Source, TextDialect } from '../readers/reader.ts';

const FIRST_ROWS = 10;
const HEADER_ROWS = 20;
const CANDIDATES = 3;
/** Characters collected before a write. */
const CHUNK = 64 << 10;

export interface PeekInput extends OpenRules {
  /** Any file, inside or outside a pipeline. */
  readonly path: string;
  /** The path for error messages, if that is another. */
  readonly shownAs?: string;
  /** Name or 1-based number; default: the first visible sheet with text. */
  readonly sheet?: string | number | null;
  readonly headerRow?: number | null;
  readonly limits?: Limits;
}

export interface PeekRow {
  readonly row: number;
  readonly cells: readonly string[];
}

/** What the reader finds in a file. Values are in clear. */
export interface PeekAnswer {
  readonly format: Source['format'];
  readonly dialect: Omit<TextDialect, 'rival'> | null;
  readonly sheets: readonly SheetInfo[];
  /** The sheet that the other members describe; null for formats without sheets. */
  readonly sheet: string | null;
  /** Rows that may hold the headers, the likeliest first. */
  readonly headerCandidates: readonly PeekRow[];
  readonly firstRows: readonly PeekRow[];
  /** Lines of the text file, among those that were read, whose quotes make no sense. */
  readonly unsureRows: readonly number[];
  /** Columns without a header, by the likeliest header row, with a value below it among the rows that were read. */
  readonly unnamedColumns: readonly { readonly column: number; readonly row: number }[];
}

/** Reads a file as ingest and validate would; uses no warehouse. Errors are those of the readers. */
export async function peek(input: PeekInput): Promise<PeekAnswer> {
  const source = await openPeeked(input);
  try {
    const sheets = await source.sheets();
    const sheet = await chooseSheet(source, sheets, input.sheet ?? null);
    const wanted = input.headerRow ?? null;
    const rows = await source.head(sheet, Math.max(HEADER_ROWS, wanted ?? 0) + FIRST_ROWS);
    const headers = wanted === null ? likelyHeaders(rows) : rows.filter((row) => row.row === wanted);
    return {
      format: source.format,
      dialect: dialectShown(source),
      sheets,
      sheet: sheet.name,
      headerCandidates: headers.map(asTexts),
      firstRows: rows.slice(0, FIRST_ROWS).map(asTexts),
      unsureRows: rows.filter(({ unsure }) => unsure).map(({ row }) => row),
      unnamedColumns: unnamedColumns(headers[0], rows),
    };
  } finally {
    await source.close();
  }
}

/**
 * Writes every row of a sheet as CSV (RFC 4180, but LF) or as one JSON array per row, with the header row, cells as raw
 * text. Rows of text files come as they are; those of workbooks without blank cells at their end, and without blank
 * rows. `write` is awaited, so a slow reader slows it down; `unsure` gets the lines whose quotes make no sense. Returns
 * the number of rows.
 */
export async function writeSheet(
  input: PeekInput & { readonly as: 'csv' | 'ndjson' },
  write: (text: string) => Promise<void> | void,
  unsure: (row: number) => void = () => {},
): Promise<number> {
  const source = await openPeeked(input);
  try {
    const sheet = await chooseSheet(source, await source.sheets(), input.sheet ?? null);
    const render = input.as === 'csv' ? csvLine : (cells: readonly string[]) => JSON.stringify(cells);
    let text = '';
    let count = 0;
    for await (const row of source.rows(sheet)) {
      text += `${render(source.format === 'text' ? texts(row) : withoutTrailingBlanks(texts(row)))}\n`;
      count++;
      if (row.unsure) unsure(row.row);
      if (text.length >= CHUNK) {
        await write(text);
        text = '';
      }
    }
    if (text !== '') await write(text);
    return count;
  } finally {
    await source.close();
  }
}

async function openPeeked(input: PeekInput): Promise<Source> {
  const facts = await stat(input.path).catch(() => null);
  if (!facts?.isFile()) {
    throw new TidemarkError('no-such-file', {
      message: `There is no file '${input.shownAs ?? input.path}'.`,
    });
  }
  const source = await openSource(input.path, input, input.limits ?? DEFAULT_LIMITS);
  const { delimiter, rival } = source.dialect ?? {};
  if (!rival || !delimiter) return source;
  await source.close();
  throw new TidemarkError('file-unreadable', {
    message: `'${basename(input.path)}': ${shownDelimiter(delimiter)} and ${shownDelimiter(rival)} both divide its rows evenly, so which is the delimiter cannot be told.`,
    hint: words`Say which one it is: ${options({ delimiter: literal(rival === '\t' ? 'tab' : rival) })}`,
  });
}

function shownDelimiter(delimiter: string): string {
  return delimiter === '\t' ? 'the tab' : `'${delimiter}'`;
}

function dialectShown({ dialect }: Source): PeekAnswer['dialect'] {
  if (!dialect) return null;
  const { rival: _, ...shown } = dialect;
  return shown;
}

async function chooseSheet(
  source: Source,
  sheets: readonly SheetInfo[],
  wanted: string | number | null,
): Promise<SheetInfo> {
  if (wanted !== null && sheets[0]?.name !== null) return namedSheet(sheets, wanted);
  for (const sheet of sheets) {
    if (sheet.visible && !sheet.missing && (await source.head(sheet, 1)).length > 0) return sheet;
  }
  const whole = sheets.filter((sheet) => !sheet.missing);
  const first = whole.find((sheet) => sheet.visible) ?? whole[0];
  if (first === undefined)
    throw new TidemarkError('file-unreadable', { message: 'The workbook has no sheets.' });
  return first;
}

/** Rows of distinct texts: the wider the likelier; of equally wide ones the first. */
function likelyHeaders(rows: readonly RawRow[]): RawRow[] {
  return rows
    .slice(0, HEADER_ROWS)
    .flatMap((row) => {
      const filled = row.cells.filter((cell) => cell.kind !== '_').map((cell) => cell.text.trim());
      const named = row.cells.every(
        (cell) => 's_'.includes(cell.kind) && !/^[-+]?[\d.,]+$/.test(cell.text.trim()),
      );
      return named && new Set(filled).size === filled.length && filled.length > 0
        ? [{ row, width: filled.length }]
        : [];
    })
    .sort((a, b) => b.width - a.width)
    .slice(0, CANDIDATES)
    .map(({ row }) => row);
}

/** By 0-based column, with the first row that has a value. */
function unnamedColumns(header: RawRow | undefined, rows: readonly RawRow[]): PeekAnswer['unnamedColumns'] {
  if (header === undefined) return [];
  const hasText = ({ cells }: RawRow, i: number) => (cells[i]?.text ?? '').trim() !== '';
  const below = rows.filter(({ row }) => row > header.row);
  const width = Math.max(0, ...below.map(({ cells }) => cells.length));
  return Array.from({ length: width }, (_, column) => column).flatMap((column) => {
    const first = hasText(header, column) ? undefined : below.find((row) => hasText(row, column));
    return first === undefined ? [] : [{ column, row: first.row }];
  });
}

function asTexts(row: RawRow): PeekRow {
  return { row: row.row, cells: texts(row) };
}

function texts(row: RawRow): string[] {
  return row.cells.map((cell) => cell.text);
}

function withoutTrailingBlanks(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((text) => text !== '') + 1);
}

function csvLine(cells: readonly string[]): string {
  return cells.map((text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',');
}

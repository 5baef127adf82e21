import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { a1 } from '../../../../src/domain/finding.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../../src/domain/limits.ts';
import { TidemarkError } from '../../../../src/errors/tidemark-error.ts';
import { openSource } from '../../../../src/readers/open-source.ts';
import type {
  CanonicalExtract,
  ExtractSpec,
  RawRow,
  SheetInfo,
  Source,
} from '../../../../src/readers/reader.ts';
import { writeZip, type ZipPart } from './zip-writer.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

export interface TinyWorkbook {
  /** What stands in sheetData. */
  readonly rows?: string;
  /** Whole sheet part, instead of `rows`. */
  readonly sheet?: string | Buffer;
  /** After sheetData. */
  readonly after?: string;
  /** Number format codes; style n+1 has format n, style 0 is General. */
  readonly formats?: readonly (string | number)[];
  /** What stands in sst; null leaves the part out. */
  readonly strings?: string;
  readonly properties?: string;
}

export function sheetXml(rows: string, after = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${after}</worksheet>`;
}

export function relsXml(
  ...relations: readonly (readonly [id: string, type: string, target: string])[]
): string {
  const all = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}">${all.join('')}</Relationships>`;
}

export function workbookXml(sheets: string, properties = ''): string {
  return `<workbook xmlns="${MAIN}" xmlns:r="${REL}">${properties}<sheets>${sheets}</sheets></workbook>`;
}

/** The parts of a workbook with one sheet called Data. */
export function tinyParts(book: TinyWorkbook): Map<string, string | Buffer> {
  const relations: [string, string, string][] = [['rId1', 'worksheet', 'worksheets/sheet1.xml']];
  const parts = new Map<string, string | Buffer>([
    ['[Content_Types].xml', '<Types/>'],
    ['_rels/.rels', relsXml(['rId1', 'officeDocument', 'xl/workbook.xml'])],
    ['xl/workbook.xml', workbookXml('<sheet name="Data" sheetId="1" r:id="rId1"/>', book.properties)],
    ['xl/worksheets/sheet1.xml', book.sheet ?? sheetXml(book.rows ?? '', book.after)],
  ]);
  if (book.formats) {
    relations.push(['rId2', 'styles', 'styles.xml']);
    parts.set('xl/styles.xml', stylesXml(book.formats));
  }
  if (book.strings !== undefined) {
    relations.push(['rId3', 'sharedStrings', 'sharedStrings.xml']);
    parts.set('xl/sharedStrings.xml', `<sst xmlns="${MAIN}">${book.strings}</sst>`);
  }
  parts.set('xl/_rels/workbook.xml.rels', relsXml(...relations));
  return parts;
}

function stylesXml(formats: readonly (string | number)[]): string {
  const custom = formats.map((format, i) =>
    typeof format === 'string' ? `<numFmt numFmtId="${200 + i}" formatCode="${escapeXml(format)}"/>` : '',
  );
  const xfs = formats.map((format, i) => `<xf numFmtId="${typeof format === 'string' ? 200 + i : format}"/>`);
  return `<styleSheet xmlns="${MAIN}"><numFmts>${custom.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${xfs.join('')}</cellXfs></styleSheet>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export function asZip(parts: ReadonlyMap<string, string | Buffer>): Buffer {
  return writeZip([...parts].map(([name, data]): ZipPart => ({ name, data })));
}

let folder: string | undefined;
let files = 0;

/** One for all tests of this process; the end of the run removes it. */
export function scratchFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'xlsx-'));
  return folder;
}

export function writeFile(bytes: Buffer | string): string {
  const path = join(scratchFolder(), `${++files}.xlsx`);
  writeFileSync(path, bytes);
  return path;
}

export async function withSource<T>(
  bytes: Buffer | string,
  work: (source: Source) => Promise<T>,
  limits: Partial<Limits> = {},
): Promise<T> {
  const path = writeFile(bytes);
  try {
    const source = await openSource(path, {}, { ...DEFAULT_LIMITS, ...limits });
    try {
      return await work(source);
    } finally {
      await source.close();
    }
  } finally {
    rmSync(path);
  }
}

export async function firstSheet(source: Source): Promise<SheetInfo> {
  return (await source.sheets())[0]!;
}

export async function allRows(source: Source, sheet?: SheetInfo): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const row of source.rows(sheet ?? (await firstSheet(source)))) rows.push(row);
  return rows;
}

/** Cells by address as `kind:text`, blanks left out. */
export type Cells = Record<string, string>;

export function cellsOf(rows: readonly RawRow[]): Cells {
  const cells: Cells = {};
  for (const { row, cells: found } of rows) {
    for (const [i, { kind, text }] of found.entries()) {
      if (kind !== '_') cells[a1(i, row)] = `${kind}:${text}`;
    }
  }
  return cells;
}

export async function readCells(bytes: Buffer | string, limits: Partial<Limits> = {}): Promise<Cells> {
  return withSource(bytes, async (source) => cellsOf(await allRows(source)), limits);
}

/** The cells of a tiny workbook's sheet. */
export async function cellsIn(book: TinyWorkbook): Promise<Cells> {
  return readCells(asZip(tinyParts(book)));
}

export interface Extracted extends CanonicalExtract {
  readonly lines: readonly string[];
}

export type ExtractOptions = Partial<Limits> & Pick<ExtractSpec, 'merged'>;

/** The canonical file of the first sheet, U+001F shown as `|`. */
export async function extractFirst(
  bytes: Buffer | string,
  headerRow: number,
  width: number,
  { merged = 'keep', ...limits }: ExtractOptions = {},
): Promise<Extracted> {
  return withSource(
    bytes,
    async (source) => {
      const extract = await source.extract({
        sheet: await firstSheet(source),
        headerRow,
        width,
        scratch: scratchFolder(),
        merged,
      });
      if (extract.form !== 'canonical') throw new Error('a workbook has no lines form');
      const text = readFileSync(extract.path, 'utf8').replaceAll('\x1f', '|');
      rmSync(extract.path);
      return { ...extract, lines: text.split('\n').slice(0, -1) };
    },
    limits,
  );
}

/** The cells of an extract, as `Cells`; texts must hold no `|`. */
export function cellsOfLines(lines: readonly string[]): Cells {
  const cells: Cells = {};
  const plain: Record<string, string> = { n: '\n', r: '\r', u: '|', e: '\x1b' };
  for (const line of lines) {
    const [row = '', , kinds = '', ...texts] = line.split('|');
    for (const [i, text] of texts.entries()) {
      const shown = text.replace(/\x1b(.)/g, (_, letter: string) => plain[letter] ?? '');
      if (kinds[i] !== '_') cells[a1(i, Number(row))] = `${kinds[i]}:${shown}`;
    }
  }
  return cells;
}

/** The refusal that reading everything of these bytes ends with. */
export function refusalOf(bytes: Buffer | string, limits: Partial<Limits> = {}): Promise<TidemarkError> {
  return refused(() => readCells(bytes, limits));
}

export function refusalOfExtract(...args: Parameters<typeof extractFirst>): Promise<TidemarkError> {
  return refused(() => extractFirst(...args));
}

async function refused(read: () => Promise<unknown>): Promise<TidemarkError> {
  try {
    await read();
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('the file was read');
}

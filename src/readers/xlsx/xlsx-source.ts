import type { Limits } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { CanonicalExtract, ExtractSpec, MergedRange, RawRow, SheetInfo, Source } from '../reader.ts';
import { unreadable } from './refusal.ts';
import { releaseMemory } from './release-memory.ts';
import { SerialDates } from './serial-date.ts';
import { SharedStrings } from './shared-strings.ts';
import { extractSheet } from './sheet-extract.ts';
import { sheetHead, sheetMerged, sheetRows } from './sheet-rows.ts';
import type { WorkbookParts } from './sheet-scan.ts';
import { readStyles } from './styles.ts';
import { lacksSheet, type Workbook } from './workbook.ts';
import type { ZipReader } from './zip-reader.ts';

/** An open workbook. Styles and shared strings are read with the first cells asked for, and then kept. */
export class XlsxSource implements Source {
  readonly format = 'xlsx';
  readonly #path: string;
  readonly #zip: ZipReader;
  readonly #workbook: Workbook;
  readonly #limits: Limits;
  #parts: Promise<WorkbookParts> | null = null;
  #closed = false;

  constructor(path: string, zip: ZipReader, workbook: Workbook, limits: Limits) {
    this.#path = path;
    this.#zip = zip;
    this.#workbook = workbook;
    this.#limits = limits;
  }

  async sheets(): Promise<readonly SheetInfo[]> {
    return this.#workbook.sheets.map(({ part: _, ...sheet }) => sheet);
  }

  head(sheet: SheetInfo, count: number): Promise<readonly RawRow[]> {
    return located(this.#path, async () => sheetHead(await this.#open(), this.#partOf(sheet), count));
  }

  async *rows(sheet: SheetInfo): AsyncGenerator<RawRow, void> {
    try {
      yield* sheetRows(await this.#open(), this.#partOf(sheet));
    } catch (error) {
      throw error instanceof TidemarkError ? error.at({ file: this.#path }) : error;
    }
  }

  merged(sheet: SheetInfo, headerRow: number, width: number): Promise<readonly MergedRange[]> {
    return located(this.#path, async () =>
      sheetMerged(await this.#open(), this.#partOf(sheet), headerRow, width),
    );
  }

  extract(spec: ExtractSpec): Promise<CanonicalExtract> {
    return located(this.#path, async () => {
      const parts = await this.#open();
      return extractSheet(parts, this.#partOf(spec.sheet), spec);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const wasLarge = await this.#closeStrings();
    await this.#zip.close();
    // Later, when no call frame refers to the texts any more.
    if (wasLarge) setImmediate(releaseMemory);
  }

  /** The texts may take hundreds of megabytes, and the caller may run for a long time after closing. */
  async #closeStrings(): Promise<boolean> {
    const parts = await this.#parts?.catch(() => null);
    this.#parts = null;
    await parts?.strings.close();
    return parts?.strings.texts.isLarge ?? false;
  }

  #open(): Promise<WorkbookParts> {
    this.#parts ??= this.#readParts();
    return this.#parts;
  }

  async #readParts(): Promise<WorkbookParts> {
    const { stylesPart, stringsPart, date1904, recalculated } = this.#workbook;
    return {
      zip: this.#zip,
      styles: await readStyles(this.#zip, stylesPart),
      strings: new SharedStrings(this.#zip, stringsPart, this.#limits),
      dates: new SerialDates(date1904),
      recalculated,
      limits: this.#limits,
    };
  }

  #partOf(sheet: SheetInfo): string {
    const found = this.#workbook.sheets.find(({ index }) => index === sheet.index);
    if (!found) throw unreadable(`The workbook has no sheet number ${sheet.index} with cells.`);
    if (found.part === null) throw lacksSheet(found.name);
    return found.part;
  }
}

/** Adds the file to any refusal thrown inside. */
export async function located<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TidemarkError ? error.at({ file: path }) : error;
  }
}

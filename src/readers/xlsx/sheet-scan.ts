import type { Limits } from '../../domain/limits.ts';
import { CellValue } from './cell-value.ts';
import type { NumberFormat } from './number-format.ts';
import { utf8Chunks } from './part-text.ts';
import { overLimit } from './refusal.ts';
import type { SerialDates } from './serial-date.ts';
import type { SharedStrings } from './shared-strings.ts';
import { type RowSink, SheetScanner } from './sheet-scanner.ts';
import { XmlScanner } from './xml-scanner.ts';
import type { ZipReader } from './zip-reader.ts';

/** What is needed to read the cells of any sheet of one workbook. */
export interface WorkbookParts {
  readonly zip: ZipReader;
  readonly styles: readonly NumberFormat[];
  readonly strings: SharedStrings;
  readonly dates: SerialDates;
  /** The 0 of a formula is not a result: see `Workbook.recalculated`. */
  readonly recalculated: boolean;
  readonly limits: Limits;
}

/**
 * Streams one sheet part through a scanner into `sink`, chunk by chunk, and yields the scanner whenever the sink asked
 * to stop, so that the consumer may wait for a write, hand rows on, or leave. Shared strings are read as far as needed.
 */
export async function* scanSheet(
  parts: WorkbookParts,
  part: string,
  width: number,
  sink: RowSink,
): AsyncGenerator<SheetScanner, SheetScanner> {
  const { zip, styles, strings, dates, recalculated, limits } = parts;
  // 32 bytes a character leave room for references such as &#x1F600;.
  const xml = new XmlScanner(part, 'worksheet', 32 * limits.cell_characters + 1024 ** 2, () =>
    overLimit('cell_characters', limits, `A cell after row ${scanner.current.row} of a sheet is too long`),
  );
  const value = new CellValue(styles, dates, strings.texts, recalculated);
  const scanner: SheetScanner = new SheetScanner(xml, value, width, limits, sink);
  for await (const chunk of utf8Chunks(zip.stream(part), part)) {
    xml.feed(chunk);
    for (let state = scanner.run(); state !== 'bytes'; state = scanner.run()) {
      if (state === 'string') await strings.need(scanner.wanted);
      else yield scanner;
    }
  }
  xml.finish();
  // What is left can only be the end of the root, or a token that was cut off.
  scanner.run();
  scanner.checkEnd();
  await strings.verify();
  return scanner;
}

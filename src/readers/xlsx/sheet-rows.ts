import type { CellKind, MergedRange, RawCell, RawRow } from '../reader.ts';
import type { SheetRow } from './sheet-row.ts';
import { scanSheet, type WorkbookParts } from './sheet-scan.ts';
import type { RowSink } from './sheet-scanner.ts';

/** Rows collected before they are passed on, because each time costs a turn of the event loop. */
const BATCH = 512;

class RowBatch implements RowSink {
  rows: RawRow[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  row(sheet: SheetRow): boolean {
    const cells: RawCell[] = [];
    for (let i = 0; i < sheet.filled; i++) {
      cells.push({ text: sheet.texts[i] ?? '', kind: String.fromCharCode(sheet.kinds[i]!) as CellKind });
    }
    this.rows.push({ row: sheet.row, cells });
    return this.rows.length >= this.#size;
  }
}

/** Every row that is not wholly blank. */
export async function* sheetRows(parts: WorkbookParts, part: string): AsyncGenerator<RawRow, void> {
  const batch = new RowBatch(BATCH);
  for await (const _ of scanSheet(parts, part, parts.limits.columns, batch)) {
    yield* batch.rows;
    batch.rows = [];
  }
  yield* batch.rows;
}

/** The first `count` rows that are not wholly blank; the rest of the sheet is not unpacked. */
export async function sheetHead(
  parts: WorkbookParts,
  part: string,
  count: number,
): Promise<readonly RawRow[]> {
  const batch = new RowBatch(Math.max(1, count));
  for await (const _ of scanSheet(parts, part, parts.limits.columns, batch)) break;
  return batch.rows.slice(0, count);
}

/** Merged ranges that reach below `headerRow` in the first `width` columns. They are listed after the cells. */
export async function sheetMerged(
  parts: WorkbookParts,
  part: string,
  headerRow: number,
  width: number,
): Promise<readonly MergedRange[]> {
  const scan = scanSheet(parts, part, parts.limits.columns, { row: () => false });
  let step = await scan.next();
  while (!step.done) step = await scan.next();
  return step.value.beside.merged.inData(headerRow, width);
}

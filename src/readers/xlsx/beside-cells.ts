import { HiddenColumns } from './hidden-columns.ts';
import { MergedRanges } from './merged-ranges.ts';
import { nameCode } from './xml-name.ts';
import type { XmlScanner } from './xml-scanner.ts';

const SHEET_DATA = nameCode('sheetData');
const ALTERNATIVE = nameCode('AlternateContent');
const MERGE_CELLS = nameCode('mergeCells');
const MERGE_CELL = nameCode('mergeCell');
const COLS = nameCode('cols');
const COL = nameCode('col');

/** What counts in a sheet: given as one of several alternatives, it cannot be told which one does. */
const COUNTED = new Set([SHEET_DATA, MERGE_CELLS, COLS]);

/** What a sheet says before and after its table of cells. */
export class BesideCells {
  readonly hiddenColumns = new HiddenColumns();
  /** Known once the sheet is read to its end: they are listed after the cells. */
  readonly merged = new MergedRanges();
  /** Which element stands right under the root. */
  #part = 0;

  /** Takes an open tag outside of the table of cells; throws for alternatives of what counts. */
  open(xml: XmlScanner, depth: number, dataSeen: boolean): void {
    const { code } = xml;
    if (depth === 1) this.#part = code;
    else if (code === COL && depth === 2 && this.#part === COLS && !dataSeen) this.hiddenColumns.add(xml);
    else if (code === MERGE_CELL && depth === 2 && this.#part === MERGE_CELLS && dataSeen)
      this.merged.add(xml.attribute('ref', true) ?? '');
    else if (this.#part === ALTERNATIVE ? COUNTED.has(code) : code === ALTERNATIVE && COUNTED.has(this.#part))
      throw xml.malformed();
  }
}

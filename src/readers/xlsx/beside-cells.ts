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

/** Elements that count in a sheet: where one is given as several alternatives, nothing tells which of them counts. */
const COUNTED = new Set([SHEET_DATA, MERGE_CELLS, COLS]);

/** What a sheet says before and after its cells. */
export class BesideCells {
  readonly hiddenColumns = new HiddenColumns();
  /** Known only at the end of the sheet: the merged ranges are listed after the cells. */
  readonly merged = new MergedRanges();
  /** The element directly under the root that is open. */
  #part = 0;

  /** Takes an open tag outside the cells; throws where an element that counts comes as alternatives. */
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

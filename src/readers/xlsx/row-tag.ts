import { wholeNumber } from './cell-tag.ts';
import { unreadable } from './refusal.ts';
import { isTrue } from './workbook.ts';
import type { XmlScanner } from './xml-scanner.ts';

/** What the start tag of a row says. One object is reused for every row. */
export class RowTag {
  /** From 1; 0 where the tag has no number. */
  row = 0;
  hidden = false;

  read(xml: XmlScanner): void {
    this.row = 0;
    this.hidden = false;
    while (xml.nextAttribute()) {
      const length = xml.nameEnd - xml.nameStart;
      if (length === 1 && xml.bytes[xml.nameStart] === 114) {
        if (this.row !== 0) throw xml.malformed();
        this.row = rowNumber(xml);
      } else if (length === 6 && xml.ascii(xml.nameStart, xml.nameEnd) === 'hidden') {
        this.hidden = isTrue(xml.value());
        // The row's number has a misspelt attribute: without it the row would be taken for the one below the last row.
      } else if (length === 1 && xml.bytes[xml.nameStart] !== 115) throw xml.malformed();
    }
  }
}

function rowNumber(xml: XmlScanner): number {
  const plain = wholeNumber(xml.bytes, xml.valueStart, xml.valueEnd);
  if (plain > 0) return plain;
  const text = xml.value();
  if (/^\+?0*[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw unreadable(`The workbook is damaged: a row bears the number ${JSON.stringify(text.slice(0, 20))}.`);
}

import { cellAddress } from './cell-address.ts';
import type { CellType } from './cell-value.ts';
import { unreadable } from './refusal.ts';
import type { XmlScanner } from './xml-scanner.ts';

/** What the start tag of a cell (`c`) says: its address, type and style. One object is reused for every cell. */
export class CellTag {
  /** From 0; -1 where the tag has no address. */
  column = -1;
  /** From 1; 0 where the tag has no address. */
  row = 0;
  type: CellType = 'n';
  style = 0;

  read(xml: XmlScanner): void {
    const bytes = xml.bytes;
    this.column = -1;
    this.row = 0;
    this.type = 'n';
    this.style = 0;
    while (xml.nextAttribute()) {
      if (xml.nameEnd - xml.nameStart !== 1) continue;
      const name = bytes[xml.nameStart];
      if (name === 114) this.#readAddress(bytes, xml.valueStart, xml.valueEnd);
      else if (name === 115) this.style = wholeNumber(bytes, xml.valueStart, xml.valueEnd);
      else if (name === 116) this.#readType(xml.ascii(xml.valueStart, xml.valueEnd));
    }
  }

  #readAddress(bytes: Buffer, start: number, end: number): void {
    let column = 0;
    let p = start;
    for (; p < end; p++) {
      const letter = bytes[p]! & 0xdf;
      if (letter < 65 || letter > 90) break;
      column = column * 26 + letter - 64;
    }
    this.column = column - 1;
    this.row = wholeNumber(bytes, p, end);
    if (p === start || p - start > 3 || this.row < 1)
      throw misplacedCell(bytes.toString('latin1', start, end));
  }

  #readType(type: string): void {
    switch (type) {
      case 's':
      case 'n':
      case 'b':
      case 'e':
      case 'd':
      case 'str':
      case 'inlineStr':
        this.type = type;
        return;
      default: {
        const where = this.row > 0 ? ` ${cellAddress(this.column, this.row)}` : '';
        throw unreadable(`The workbook is damaged: the cell${where} is of an unknown type.`);
      }
    }
  }
}

/** A cell whose address is none, or is taken, or belongs to another row: what stands where cannot be told. */
export function misplacedCell(address: string): Error {
  return unreadable(`The workbook is damaged: the cell ${address} stands where it cannot, or twice.`);
}

/** The whole number the bytes spell, or 0, which is no row; a style of 0 is the default one. */
export function wholeNumber(bytes: Buffer, start: number, end: number): number {
  if (end - start > 9) return 0;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}

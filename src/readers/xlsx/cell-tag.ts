import { a1 } from '../../domain/finding.ts';
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
    let seen = 0;
    while (xml.nextAttribute()) {
      const name = xml.nameEnd - xml.nameStart === 1 ? bytes[xml.nameStart] : 0;
      const bit = name === 114 ? 1 : name === 115 ? 2 : name === 116 ? 4 : 0;
      if (bit === 0 && !isOther(xml.ascii(xml.nameStart, xml.nameEnd)))
        throw this.#damaged('has an attribute that none has');
      // With two attributes of one name, either could count.
      if (seen & bit) throw xml.malformed();
      seen |= bit;
      if (bit === 1) this.#readAddress(xml);
      else if (bit === 2) this.#readStyle(xml);
      else if (bit === 4) this.#readType(xml);
    }
  }

  #readAddress(xml: XmlScanner): void {
    const { bytes, valueStart: start, valueEnd: end } = xml;
    let column = 0;
    let p = start;
    for (; p < end; p++) {
      const letter = bytes[p]! & 0xdf;
      if (letter < 65 || letter > 90) break;
      column = column * 26 + letter - 64;
    }
    this.column = column - 1;
    this.row = wholeNumber(bytes, p, end);
    if (p === start || p - start > 3 || this.row < 1) this.#readOddAddress(xml.value());
  }

  /** The address contains character references, or is missing. */
  #readOddAddress(text: string): void {
    const match = /^([A-Za-z]{1,3})0*([1-9]\d{0,8})$/.exec(text);
    if (!match) throw misplacedCell(JSON.stringify(text.slice(0, 20)));
    this.column = [...match[1]!.toUpperCase()].reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0) - 1;
    this.row = Number(match[2]);
  }

  #readStyle(xml: XmlScanner): void {
    this.style = wholeNumber(xml.bytes, xml.valueStart, xml.valueEnd);
    if (this.style >= 0) return;
    const text = xml.value();
    // The style tells dates from numbers, so a number whose style cannot be read is not taken for a number.
    if (!/^\+?\d{1,9}$/.test(text)) throw this.#damaged('has a style that is none');
    this.style = Number(text);
  }

  #readType(xml: XmlScanner): void {
    const type = xml.ascii(xml.valueStart, xml.valueEnd);
    if (isCellType(type)) this.type = type;
    else {
      const text = xml.value();
      if (!isCellType(text)) throw this.#damaged('is of an unknown type');
      this.type = text;
    }
  }

  #damaged(what: string): Error {
    const where = this.row > 0 ? ` ${a1(this.column, this.row)}` : '';
    return unreadable(`The workbook is damaged: the cell${where} ${what}.`);
  }
}

/** Attributes that do not change the value. Any other could be a misspelt attribute that does. */
function isOther(name: string): boolean {
  return name === 'cm' || name === 'vm' || name === 'ph' || name === 'xmlns' || name.includes(':');
}

function isCellType(text: string): text is CellType {
  switch (text) {
    case 's':
    case 'n':
    case 'b':
    case 'e':
    case 'd':
    case 'str':
    case 'inlineStr':
      return true;
    default:
      return false;
  }
}

/** An element that does not belong to the cells of a sheet: its content would be lost. */
export function strayElement(row: number): Error {
  const where = row > 0 ? ` in row ${row}` : '';
  return unreadable(`The workbook is damaged: its table of cells holds something else${where}.`);
}

/** A cell whose address is wrong, is taken or belongs to another row: it is not known where its value belongs. */
export function misplacedCell(address: string): Error {
  return unreadable(
    `The workbook is damaged: the cell ${address} is at an impossible place, or there twice.`,
  );
}

/** The whole number of at most nine digits that the bytes spell, or -1. */
export function wholeNumber(bytes: Buffer, start: number, end: number): number {
  if (end - start > 9 || end <= start) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

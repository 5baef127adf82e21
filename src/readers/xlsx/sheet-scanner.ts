import type { Limits } from '../../domain/limits.ts';
import { cellAddress, mergedLastRow } from './cell-address.ts';
import { CellTag, misplacedCell, wholeNumber } from './cell-tag.ts';
import { type CellValue, KIND } from './cell-value.ts';
import { overLimit, unreadable } from './refusal.ts';
import { RichText } from './rich-text.ts';
import { nameCode } from './xml-name.ts';
import type { XmlScanner } from './xml-scanner.ts';
import { MORE, OPEN, TEXT } from './xml-token.ts';

const SHEET_DATA = nameCode('sheetData');
const ROW = nameCode('row');
const C = nameCode('c');
const V = nameCode('v');
const F = nameCode('f');
const IS = nameCode('is');
const MERGE_CELL = nameCode('mergeCell');

/** What `SheetScanner.run` waits for. */
export type ScanState = 'bytes' | 'string' | 'sink';

/** Where the scanner stands; each element opens the next and its end tag leads back. */
type Place = 'outside' | 'data' | 'row' | 'cell' | 'value' | 'inline';

export interface RowSink {
  /** Called with the scanner at the end of a row that is not blank. True: stop here and let `run` return. */
  row(sheet: SheetScanner): boolean;
}

/**
 * Turns the XML of one sheet into rows. The current row stands in `texts` and `kinds` up to `width` columns, and both
 * are reused: a sink takes what it needs before it returns. `filled` counts columns up to the last one that is not
 * blank, also past the width.
 */
export class SheetScanner {
  row = 0;
  hidden = false;
  filled = 0;
  readonly texts: string[] = [];
  readonly kinds: Uint8Array;
  /** Last rows of the merged ranges; known once the sheet is read to its end. */
  readonly mergedLastRows: number[] = [];
  /** Index of the shared string `run` waits for. */
  wanted = -1;

  readonly #xml: XmlScanner;
  readonly #value: CellValue;
  readonly #limits: Limits;
  readonly #sink: RowSink;
  readonly #width: number;
  readonly #tag = new CellTag();

  #place: Place = 'outside';
  #dataSeen = false;
  #rowGiven = false;
  #column = -1;
  #formula = false;
  #valueSeen = false;
  #cellDepth = 0;
  /** Text of a value that comes in pieces (CDATA, comments between). */
  #pieces: string | null = null;
  #inline: RichText | null = null;

  constructor(xml: XmlScanner, value: CellValue, width: number, limits: Limits, sink: RowSink) {
    this.#xml = xml;
    this.#value = value;
    this.#width = Math.min(width, limits.columns);
    this.kinds = new Uint8Array(this.#width).fill(KIND.blank);
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Goes on until the bytes are used up, a shared string is missing, or the sink says stop. */
  run(): ScanState {
    const xml = this.#xml;
    if (this.wanted >= 0 && !this.#take(this.#value.shared(this.wanted))) return 'string';
    for (;;) {
      const token = xml.next();
      if (token === MORE) return 'bytes';
      if (token === OPEN) this.#open();
      else if (token === TEXT) {
        if (this.#place === 'value') {
          if (!this.#valueText()) return 'string';
        } else if (this.#place === 'inline') this.#inline!.onText(xml);
      } else if (this.#close(xml.code)) {
        if (this.wanted >= 0) return 'string';
        return 'sink';
      }
    }
  }

  /** Throws where the part was cut or held no cell table. */
  checkEnd(): void {
    this.#xml.checkEnd();
    if (!this.#dataSeen) throw unreadable('The workbook is damaged: a sheet has no table of cells.');
  }

  #open(): void {
    const xml = this.#xml;
    const { code, empty } = xml;
    switch (this.#place) {
      case 'cell':
        if (xml.depth - (empty ? 0 : 1) === this.#cellDepth) this.#openInCell(code, empty);
        return;
      case 'row':
        if (code === C) this.#openCell();
        return;
      case 'data':
        if (code === ROW) this.#openRow();
        return;
      case 'inline':
        this.#inline!.onOpen(xml);
        return;
      case 'outside':
        this.#openOutside(code, empty);
    }
  }

  #openOutside(code: number, empty: boolean): void {
    const xml = this.#xml;
    const depth = xml.depth - (empty ? 0 : 1);
    if (code === SHEET_DATA && depth === 1) {
      if (this.#dataSeen) throw xml.malformed();
      this.#dataSeen = true;
      if (!empty) this.#place = 'data';
    } else if (code === MERGE_CELL && this.#dataSeen) {
      const last = mergedLastRow(xml.attribute('ref', true) ?? '');
      if (last !== null) this.mergedLastRows.push(last);
    }
  }

  #openInCell(code: number, empty: boolean): void {
    if (code === V) {
      this.#valueSeen = true;
      if (!empty) this.#place = 'value';
    } else if (code === F) this.#formula = true;
    else if (code === IS && this.#tag.type === 'inlineStr' && !empty) {
      this.#inline = new RichText();
      this.#place = 'inline';
    }
  }

  /** True when `run` must return: the sink asked for it, or a shared string is wanted. */
  #close(code: number): boolean {
    switch (this.#place) {
      case 'value':
        this.#place = 'cell';
        return this.#pieces !== null && !this.#endPieces();
      case 'cell':
        if (this.#xml.depth < this.#cellDepth) this.#closeCell();
        return false;
      case 'row':
        return code === ROW && this.#closeRow();
      case 'data':
        if (code === SHEET_DATA) this.#place = 'outside';
        return false;
      case 'inline':
        if (code !== IS) this.#inline!.onClose(this.#xml);
        else this.#closeInline();
        return false;
      default:
        return false;
    }
  }

  #openRow(): void {
    const xml = this.#xml;
    const before = this.row;
    this.row = 0;
    this.#rowGiven = false;
    this.hidden = false;
    this.#column = -1;
    while (xml.nextAttribute()) {
      const length = xml.nameEnd - xml.nameStart;
      if (length === 1 && xml.bytes[xml.nameStart] === 114) {
        this.row = wholeNumber(xml.bytes, xml.valueStart, xml.valueEnd);
        this.#rowGiven = true;
      } else if (length === 6 && xml.ascii(xml.nameStart, xml.nameEnd) === 'hidden') {
        const value = xml.ascii(xml.valueStart, xml.valueEnd);
        this.hidden = value === '1' || value === 'true' || value === 'on';
      }
    }
    if (!this.#rowGiven) this.row = before + 1;
    else if (this.row <= before)
      throw unreadable(`The workbook is damaged: a row after row ${before} has no number above it.`);
    if (!xml.empty) this.#place = 'row';
  }

  #closeRow(): boolean {
    this.#place = 'data';
    if (this.filled === 0) return false;
    if (this.row > this.#limits.rows)
      throw overLimit('rows', this.#limits, `A sheet goes on to row ${this.row}`);
    const stop = this.#sink.row(this);
    const used = Math.min(this.filled, this.#width);
    for (let i = 0; i < used; i++) this.texts[i] = '';
    this.kinds.fill(KIND.blank, 0, used);
    this.filled = 0;
    return stop;
  }

  #openCell(): void {
    const xml = this.#xml;
    const tag = this.#tag;
    tag.read(xml);
    if (tag.row === 0) this.#column++;
    else {
      this.#column = tag.column;
      if (tag.row !== this.row) this.#moveTo(tag.row);
      this.#rowGiven = true;
    }
    if (xml.empty) return;
    this.#formula = false;
    this.#valueSeen = false;
    this.#value.kind = KIND.blank;
    this.#cellDepth = xml.depth;
    this.#place = 'cell';
  }

  /** Without a number of its own, a row has that of its first cell. */
  #moveTo(row: number): void {
    if (this.#rowGiven || row < this.row) throw misplacedCell(cellAddress(this.#column, row));
    this.row = row;
  }

  /** False when a shared string is wanted first. */
  #valueText(): boolean {
    const xml = this.#xml;
    if (this.#pieces === null && xml.textIsFinal)
      return this.#take(this.#value.read(xml, this.#tag.type, this.#tag.style));
    this.#pieces = (this.#pieces ?? '') + xml.text();
    return true;
  }

  #endPieces(): boolean {
    const text = this.#pieces!;
    this.#pieces = null;
    return this.#take(this.#value.fromText(text, this.#tag.type, this.#tag.style));
  }

  #take(missing: number): boolean {
    this.wanted = missing;
    return missing < 0;
  }

  #closeInline(): void {
    this.#value.set(this.#inline!.text(), KIND.s);
    this.#inline = null;
    this.#valueSeen = true;
    this.#place = 'cell';
  }

  #closeCell(): void {
    const value = this.#value;
    this.#place = 'row';
    if (value.kind === KIND.blank) {
      // An empty text is a result; an empty number, as some writers leave it, is a formula nobody calculated.
      const calculated = this.#valueSeen && this.#tag.type !== 'n';
      if (!this.#formula || calculated) return;
      value.set('#FORMULA', KIND.e);
    }
    this.#store(value.text, value.kind);
  }

  #store(text: string, kind: number): void {
    const column = this.#column;
    if (column >= this.#limits.columns) {
      throw overLimit('columns', this.#limits, `The cell ${cellAddress(column, this.row)} is not blank`);
    }
    if (text.length > this.#limits.cell_characters) {
      throw overLimit(
        'cell_characters',
        this.#limits,
        `The cell ${cellAddress(column, this.row)} has ${text.length} characters`,
      );
    }
    if (column < this.#width) {
      if (this.kinds[column] !== KIND.blank) throw misplacedCell(cellAddress(column, this.row));
      for (let i = this.texts.length; i < column; i++) this.texts.push('');
      this.texts[column] = text;
      this.kinds[column] = kind;
    }
    if (column >= this.filled) this.filled = column + 1;
  }
}

import { a1 } from '../../domain/finding.ts';
import type { Limits } from '../../domain/limits.ts';
import { BesideCells } from './beside-cells.ts';
import { CellTag, misplacedCell, strayElement } from './cell-tag.ts';
import { type CellValue, KIND } from './cell-value.ts';
import type { FormulaResults } from './formula-results.ts';
import { overLimit, unreadable } from './refusal.ts';
import { RichText } from './rich-text.ts';
import { RowTag } from './row-tag.ts';
import { SheetRow } from './sheet-row.ts';
import { nameCode } from './xml-name.ts';
import type { XmlScanner } from './xml-scanner.ts';
import { MORE, OPEN, TEXT } from './xml-token.ts';

const SHEET_DATA = nameCode('sheetData');
const ROW = nameCode('row');
const C = nameCode('c');
const V = nameCode('v');
const F = nameCode('f');
const IS = nameCode('is');
const EXT_LST = nameCode('extLst');
const ALTERNATIVE = nameCode('AlternateContent');

/** What `SheetScanner.run` waits for. */
export type ScanState = 'bytes' | 'string' | 'sink';

/** The element that the scanner is in; each element opens the next one, and its end tag leads back. */
type Place = 'outside' | 'data' | 'row' | 'cell' | 'value' | 'inline' | 'skipped';

export interface RowSink {
  /** Called at the end of a row that is not blank. True: `run` stops here and returns. */
  row(row: SheetRow): boolean;
}

/** Turns the XML of one sheet into rows, one at a time. */
export class SheetScanner {
  readonly current: SheetRow;
  readonly beside = new BesideCells();
  /** Numbers whose style the workbook does not describe, so that they could be dates. */
  unknownStyles = 0;
  /** Index of the shared string that `run` waits for. */
  wanted = -1;

  readonly #xml: XmlScanner;
  readonly #value: CellValue;
  readonly #limits: Limits;
  readonly #sink: RowSink;
  readonly #tag = new CellTag();
  readonly #rowTag = new RowTag();

  #place: Place = 'outside';
  #dataSeen = false;
  #rowGiven = false;
  #column = -1;
  #formula = false;
  #valueSeen = false;
  #textSeen = false;
  /** Place of an extension whose elements are not those of a sheet, and its depth. */
  #skipIn: Place = 'outside';
  #skipDepth = 0;
  /** Text of a value that comes in pieces (CDATA, comments between). */
  #pieces: string | null = null;
  #inline: RichText | null = null;

  constructor(xml: XmlScanner, value: CellValue, width: number, limits: Limits, sink: RowSink) {
    this.#xml = xml;
    this.#value = value;
    this.current = new SheetRow(width, limits);
    this.#limits = limits;
    this.#sink = sink;
  }

  get formulas(): FormulaResults {
    return this.#value.formulas;
  }

  /** Goes on until the bytes are used up, a shared string is missing, or the sink asks to stop. */
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
        else if (this.#place !== 'outside' && this.#place !== 'skipped' && !xml.isBlankText())
          throw strayElement(this.current.row);
      } else if (this.#close()) {
        if (this.wanted >= 0) return 'string';
        return 'sink';
      }
    }
  }

  /** Throws where the part was cut off or had no cells. */
  checkEnd(): void {
    this.#xml.checkEnd();
    if (!this.#dataSeen) throw unreadable('The workbook is damaged: a sheet has no table of cells.');
  }

  #open(): void {
    const xml = this.#xml;
    const { code, empty } = xml;
    switch (this.#place) {
      case 'cell':
        this.#openInCell(code, empty);
        return;
      case 'row':
        if (code === C) this.#openCell();
        else this.#skip(code, empty);
        return;
      case 'data':
        if (code === ROW) this.#openRow();
        else this.#skip(code, empty);
        return;
      case 'value':
        throw strayElement(this.current.row);
      case 'inline':
        this.#inline!.onOpen(xml);
        return;
      case 'skipped':
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
    } else this.beside.open(xml, depth, this.#dataSeen);
  }

  #openInCell(code: number, empty: boolean): void {
    if (code === V || code === IS) {
      // An inline text counts, as in Excel, and a value beside it does not. Other cells have only one of the two.
      const many = this.#tag.type === 'inlineStr' ? false : this.#valueSeen || this.#textSeen;
      if (many || (code === V ? this.#valueSeen : this.#textSeen)) throw strayElement(this.current.row);
      if (code === V) this.#valueSeen = true;
      else this.#textSeen = true;
      if (code === IS) this.#value.kind = KIND.blank;
      if (empty) return;
      if (code === IS) this.#inline = new RichText(this.#xml.depth);
      if (code === V && this.#textSeen) this.#skipElement(empty);
      else this.#place = code === V ? 'value' : 'inline';
    } else if (code === F) {
      this.#formula = true;
      this.#skipElement(empty);
    } else this.#skip(code, empty);
  }

  /** Skips an extension. Any other unknown element would lose values without a message. */
  #skip(code: number, empty: boolean): void {
    if (code !== EXT_LST && (!this.#xml.foreign || code === ALTERNATIVE))
      throw strayElement(this.current.row);
    this.#skipElement(empty);
  }

  #skipElement(empty: boolean): void {
    if (empty) return;
    this.#skipIn = this.#place;
    this.#skipDepth = this.#xml.depth;
    this.#place = 'skipped';
  }

  /** True when `run` must return: the sink asked for it, or a shared string is needed. */
  #close(): boolean {
    switch (this.#place) {
      case 'value':
        this.#place = 'cell';
        return this.#pieces !== null && !this.#endPieces();
      case 'cell':
        this.#closeCell();
        return false;
      case 'row':
        return this.#closeRow();
      case 'data':
        this.#place = 'outside';
        return false;
      case 'inline':
        if (this.#inline!.onClose(this.#xml)) this.#closeInline();
        return false;
      case 'skipped':
        if (this.#xml.depth < this.#skipDepth) this.#place = this.#skipIn;
        return false;
      default:
        return false;
    }
  }

  #openRow(): void {
    const xml = this.#xml;
    const { current } = this;
    const before = current.row;
    this.#column = -1;
    this.#rowTag.read(xml);
    current.hidden = this.#rowTag.hidden;
    current.row = this.#rowTag.row;
    this.#rowGiven = current.row > 0;
    if (!this.#rowGiven) current.row = before + 1;
    else if (current.row <= before)
      throw unreadable(`The workbook is damaged: a row after row ${before} has no number above it.`);
    if (!xml.empty) this.#place = 'row';
  }

  #closeRow(): boolean {
    this.#place = 'data';
    const { current } = this;
    if (current.filled === 0) return false;
    if (current.row > this.#limits.rows)
      throw overLimit('rows', this.#limits, `A sheet goes on to row ${current.row}`);
    const stop = this.#sink.row(current);
    current.clear();
    return stop;
  }

  #openCell(): void {
    const xml = this.#xml;
    const tag = this.#tag;
    tag.read(xml);
    if (tag.row === 0) this.#column++;
    else {
      this.#column = tag.column;
      if (tag.row !== this.current.row) this.#moveTo(tag.row);
      this.#rowGiven = true;
    }
    if (xml.empty) return;
    this.#formula = false;
    this.#valueSeen = false;
    this.#textSeen = false;
    this.#value.kind = KIND.blank;
    this.#place = 'cell';
  }

  /** A row without a number has that of its first cell. */
  #moveTo(row: number): void {
    if (this.#rowGiven || row < this.current.row) throw misplacedCell(a1(this.#column, row));
    this.current.row = row;
  }

  /** False when a shared string must be loaded first. */
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
    this.#place = 'cell';
  }

  #closeCell(): void {
    const value = this.#value;
    this.#place = 'row';
    if (value.kind === KIND.blank) {
      // An empty text is a result; an empty number, as some programs write it, belongs to a formula that was never
      // calculated.
      const { type } = this.#tag;
      const calculated =
        (this.#valueSeen || this.#textSeen) && (type === 'str' || type === 'inlineStr' || type === 's');
      if (!this.#formula || calculated) return;
      value.set('#FORMULA', KIND.e);
    }
    if (this.#formula) value.calculated(this.#column);
    if (value.kind === KIND.n && this.#tag.style > 0 && !value.knows(this.#tag.style)) this.unknownStyles++;
    this.current.store(this.#column, value.text, value.kind);
  }
}

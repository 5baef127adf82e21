import { FormulaResults } from './formula-results.ts';
import type { NumberFormat } from './number-format.ts';
import { isPlainNumber, longDecimal, longInteger, parseCellNumber, plainNumber } from './number-text.ts';
import { isoCell, NO_DATE, type SerialDates } from './serial-date.ts';
import type { TextStore } from './text-store.ts';
import type { XmlScanner } from './xml-scanner.ts';
import { unescapeExcel } from './xml-text.ts';

/** CellKind as a character code. */
export const KIND = { s: 115, n: 110, z: 122, d: 100, t: 116, b: 98, e: 101, blank: 95 } as const;

export type CellType = 'n' | 's' | 'b' | 'e' | 'd' | 'str' | 'inlineStr';

/** A time of day is never rounded up to 24:00:00. */
const LAST_MILLISECOND = 86_399_999 / 86_400_000;

const PLAIN: NumberFormat = { as: 'number', digits: 0 };

/** Makes text and kind of a cell from its stored value, type and style. */
export class CellValue {
  text = '';
  /** A KIND; blank where the cell shows nothing. */
  kind: number = KIND.blank;
  readonly #styles: readonly NumberFormat[];
  readonly #dates: SerialDates;
  readonly #strings: TextStore;
  readonly #recalculated: boolean;
  readonly formulas = new FormulaResults();

  constructor(styles: readonly NumberFormat[], dates: SerialDates, strings: TextStore, recalculated = false) {
    this.#styles = styles;
    this.#dates = dates;
    this.#strings = strings;
    this.#recalculated = recalculated;
  }

  knows(style: number): boolean {
    return style < this.#styles.length;
  }

  set(text: string, kind: number): void {
    this.text = text;
    this.kind = text === '' ? KIND.blank : kind;
  }

  /**
   * For the cell of a formula. Programs that calculate nothing leave 0, and may say that the results still have to be
   * calculated.
   */
  calculated(column: number): void {
    const isZero = (this.kind === KIND.n || this.kind === KIND.z) && Number(this.text) === 0;
    if (isZero && this.#recalculated) this.set('#FORMULA', KIND.e);
    else if (this.kind !== KIND.e) this.formulas.add(column, isZero);
  }

  /**
   * Reads the scanner's TEXT token, which is the whole value. Returns -1, or the index of a shared string that is not
   * loaded yet: load it and call `shared`.
   */
  read(xml: XmlScanner, type: CellType, style: number): number {
    if (type === 's') {
      const index = parseIndex(xml.bytes, xml.start, xml.end);
      return index < 0 ? this.fromText(xml.text(), type, style) : this.shared(index);
    }
    if (type === 'n' && isPlainNumber(xml.bytes, xml.start, xml.end)) {
      const format = this.#styles[style] ?? PLAIN;
      const text = xml.ascii(xml.start, xml.end);
      if (format.as === 'number') {
        this.text = text;
        this.kind = KIND.n;
      } else this.#formatted(Number(text), null, format);
      return -1;
    }
    return this.fromText(xml.text(), type, style);
  }

  shared(index: number): number {
    const text = this.#strings.at(index);
    if (text === undefined) return index;
    this.text = text;
    this.kind = text === '' ? KIND.blank : KIND.s;
    return -1;
  }

  /**
   * As `read`, for text that came in pieces or needs a full conversion. A text that does not fit its type becomes an
   * error cell.
   */
  fromText(text: string, type: CellType, style: number): number {
    if (type === 'str' || type === 'inlineStr') {
      this.set(unescapeExcel(text), KIND.s);
      return -1;
    }
    const bare = text.trim();
    if (bare === '') this.set('', KIND.blank);
    else if (type === 's')
      return /^\d{1,9}$/.test(bare) ? this.shared(Number(bare)) : Number.MAX_SAFE_INTEGER;
    else if (type === 'n') this.#number(bare, this.#styles[style] ?? PLAIN);
    else if (type === 'b') this.#boolean(bare);
    else if (type === 'd') {
      const iso = isoCell(bare);
      this.set(iso.text, KIND[iso.kind]);
    } else this.set(bare, KIND.e);
    return -1;
  }

  #boolean(text: string): void {
    const word = text.toLowerCase();
    if (word === '1' || word === 'true') this.set('TRUE', KIND.b);
    else if (word === '0' || word === 'false') this.set('FALSE', KIND.b);
    else this.set(text, KIND.e);
  }

  #number(text: string, format: NumberFormat): void {
    const value = parseCellNumber(text);
    // Without the type attribute, as pylightxl writes them.
    if (value === null && /^(true|false)$/i.test(text)) this.#boolean(text);
    else if (value === null) this.set(text, KIND.e);
    else if (format.as === 'number')
      this.set(longInteger(text) ?? longDecimal(text) ?? plainNumber(value), KIND.n);
    else this.#formatted(value, longInteger(text), format);
  }

  /** @param long The digits of a whole number that a double cannot hold exactly. */
  #formatted(value: number, long: string | null, format: NumberFormat): void {
    if (format.as === 'number') this.set(long ?? plainNumber(value), KIND.n);
    else if (format.as === 'zeros') this.#code(value, long, format.digits);
    else if (format.as === 'boolean') this.#truth(value, long);
    else if (format.as === 'elapsed') this.#dated(this.#dates.duration(value), KIND.t);
    else if (format.as === 'clock' && value >= 0 && value < 1) {
      this.#dated(this.#dates.duration(Math.min(value, LAST_MILLISECOND)), KIND.t);
    } else this.#dated(this.#dates.dateTime(value), KIND.d);
  }

  #truth(value: number, long: string | null): void {
    if (value === 0 || value === 1) this.set(value === 1 ? 'TRUE' : 'FALSE', KIND.b);
    else this.set(long ?? plainNumber(value), KIND.n);
  }

  /** 7 with the format `000` is the code 007; 7.5 with it is a number with an unsuitable format. */
  #code(value: number, long: string | null, digits: number): void {
    const whole = long ?? (Number.isSafeInteger(value) ? String(value) : null);
    if (whole === null) this.set(plainNumber(value), KIND.n);
    else if (value < 0) this.set(`-${whole.slice(1).padStart(digits, '0')}`, KIND.z);
    else this.set(whole.padStart(digits, '0'), KIND.z);
  }

  #dated(text: string, kind: number): void {
    this.set(text, text === NO_DATE ? KIND.e : kind);
  }
}

/** The whole number the bytes spell, or -1. */
function parseIndex(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 9 || end === start) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

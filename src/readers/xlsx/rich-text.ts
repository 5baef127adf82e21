import { nameCode } from './xml-name.ts';
import type { XmlScanner } from './xml-scanner.ts';
import { trimXmlSpace, unescapeExcel } from './xml-text.ts';

const T = nameCode('t');
const R = nameCode('r');
const RUN_PROPERTIES = nameCode('rPr');
const PHONETIC = nameCode('rPh');
const PHONETIC_PROPERTIES = nameCode('phoneticPr');
const EXT_LST = nameCode('extLst');
const ALTERNATIVE = nameCode('AlternateContent');

/**
 * Collects the text of a string item (`si`) or inline string (`is`): its `t` elements one after the other, also those
 * in runs (`r`), without those of phonetic runs (`rPh`) and without white space between elements. Throws for an element
 * that strings do not have, because its text would be lost.
 */
export class RichText {
  /** Depth inside the item. */
  readonly #depth: number;
  #text = '';
  #piece: string | null = null;
  #preserve = false;
  /** Depth inside an element that is skipped, such as a font; 0: no element is skipped. */
  #skipDepth = 0;

  constructor(depth: number) {
    this.#depth = depth;
  }

  onOpen(xml: XmlScanner): void {
    if (this.#piece !== null) throw xml.malformed();
    if (this.#skipDepth > 0) return;
    const { code, empty } = xml;
    const direct = xml.depth - (empty ? 0 : 1) === this.#depth;
    if (code === T) {
      if (empty) return;
      this.#piece = '';
      this.#preserve = xml.attributesEnd > xml.attributesStart && isKept(xml);
      return;
    }
    if (code === R && direct) return;
    const known = direct
      ? code === PHONETIC || code === PHONETIC_PROPERTIES || code === EXT_LST
      : code === RUN_PROPERTIES;
    if (!known && (!xml.foreign || code === ALTERNATIVE)) throw xml.malformed();
    if (!empty) this.#skipDepth = xml.depth;
  }

  onText(xml: XmlScanner): void {
    // A copy, not a substring: a substring that is kept would keep its whole chunk in memory.
    if (this.#piece !== null) this.#piece += xml.copiedText();
    else if (this.#skipDepth === 0 && !xml.isBlankText()) throw xml.malformed();
  }

  /** True when the item itself was closed. */
  onClose(xml: XmlScanner): boolean {
    if (this.#skipDepth > 0) {
      if (xml.depth < this.#skipDepth) this.#skipDepth = 0;
    } else if (this.#piece !== null) {
      this.#text += unescapeExcel(this.#preserve ? this.#piece : trimXmlSpace(this.#piece));
      this.#piece = null;
    }
    return xml.depth < this.#depth;
  }

  text(): string {
    return this.#text;
  }
}

/** Whether white space at the ends of the text counts; some programs omit the prefix of xml:space. */
function isKept(xml: XmlScanner): boolean {
  return xml.attributes().some(([name, value]) => /^(xml:)?space$/.test(name) && value === 'preserve');
}

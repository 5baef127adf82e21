import { nameCode } from './xml-name.ts';
import type { XmlScanner } from './xml-scanner.ts';
import { trimXmlSpace, unescapeExcel } from './xml-text.ts';

const T = nameCode('t');
const PHONETIC = nameCode('rPh');

/**
 * Gathers the text of a string item (`si`) or inline string (`is`): its `t` elements one after the other, those of
 * phonetic runs left out, white space between elements too.
 */
export class RichText {
  #text = '';
  #piece: string | null = null;
  #preserve = false;
  #phonetic = false;

  onOpen(xml: XmlScanner): void {
    if (xml.empty) return;
    if (xml.code === PHONETIC) this.#phonetic = true;
    else if (xml.code === T && !this.#phonetic) {
      this.#piece = '';
      this.#preserve = xml.attributesEnd > xml.attributesStart && xml.attribute('space') === 'preserve';
    }
  }

  onText(xml: XmlScanner): void {
    // A copy, not a substring: a text that lives on must not keep its whole chunk in memory.
    if (this.#piece !== null) this.#piece += xml.copiedText();
  }

  onClose(xml: XmlScanner): void {
    if (xml.code === PHONETIC) this.#phonetic = false;
    else if (xml.code === T && this.#piece !== null) {
      this.#text += unescapeExcel(this.#preserve ? this.#piece : trimXmlSpace(this.#piece));
      this.#piece = null;
    }
  }

  text(): string {
    return this.#text;
  }
}

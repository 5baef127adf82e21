import type { Limits } from '../../domain/limits.ts';
import { utf8Chunks } from './part-text.ts';
import { overLimit, unreadable } from './refusal.ts';
import { RichText } from './rich-text.ts';
import { TextStore } from './text-store.ts';
import { nameCode } from './xml-name.ts';
import { XmlScanner } from './xml-scanner.ts';
import { CLOSE, MORE, OPEN, TEXT } from './xml-token.ts';
import type { ZipReader } from './zip-reader.ts';

const SI = nameCode('si');
const EXT_LST = nameCode('extLst');
const ALTERNATIVE = nameCode('AlternateContent');

/** More texts than the cells of a full sheet could refer to; a list of empty entries would fill the memory. */
const MAX_STRINGS = 1 << 25;

/** The list of texts to which cells refer by number. It is held in memory and read only as far as asked for. */
export class SharedStrings {
  readonly texts = new TextStore();
  readonly #chunks: AsyncGenerator<Buffer, void> | null;
  readonly #xml: XmlScanner;
  readonly #limits: Limits;
  readonly #part: string;
  #item: RichText | null = null;
  #done = false;

  constructor(zip: ZipReader, part: string | null, limits: Limits) {
    this.#limits = limits;
    this.#part = part ?? 'sharedStrings.xml';
    this.#chunks = part !== null && zip.has(part) ? utf8Chunks(zip.stream(part), part) : null;
    this.#xml = new XmlScanner(this.#part, 'sst', 32 * limits.cell_characters + 1024 ** 2, () =>
      this.#tooLong(),
    );
  }

  /** Reads until text number `index` (from 0) is there. Throws where the list ends before it. */
  async need(index: number): Promise<void> {
    while (index >= this.texts.length && !this.#done) await this.#readOn();
    if (index >= this.texts.length) throw this.missing(index);
  }

  /**
   * If anything was read, reads on to the end: the checksum of the part follows there, and before it a text could be
   * damaged.
   */
  async verify(): Promise<void> {
    while (this.texts.length > 0 && !this.#done) await this.#readOn();
  }

  missing(index: number): Error {
    return unreadable(
      `A cell refers to text number ${index + 1}, but the workbook's list of texts (${this.#part}) holds ${this.texts.length}.`,
    );
  }

  async close(): Promise<void> {
    this.#done = true;
    await this.#chunks?.return();
  }

  async #readOn(): Promise<void> {
    const chunk = await this.#chunks?.next();
    if (chunk && !chunk.done) {
      this.#xml.feed(chunk.value);
      this.#drain();
      return;
    }
    this.#done = true;
    if (!chunk) return;
    this.#xml.finish();
    this.#drain();
    this.#xml.checkEnd();
  }

  #drain(): void {
    const xml = this.#xml;
    for (let token = xml.next(); token !== MORE; token = xml.next()) {
      if (this.#item === null) {
        if (token === OPEN) this.#openBeside(xml);
      } else if (token === TEXT) this.#item.onText(xml);
      else if (token === OPEN) this.#item.onOpen(xml);
      else if (token === CLOSE && this.#item.onClose(xml)) this.#endItem(this.#item.text());
    }
  }

  /**
   * An item is directly under the root. If one were skipped by mistake, all texts after it would get another number.
   */
  #openBeside(xml: XmlScanner): void {
    if (xml.depth - (xml.empty ? 0 : 1) !== 1) return;
    if (xml.code === SI) {
      if (xml.empty) this.#endItem('');
      else this.#item = new RichText(xml.depth);
    } else if (xml.code !== EXT_LST && (!xml.foreign || xml.code === ALTERNATIVE)) throw xml.malformed();
  }

  #endItem(text: string): void {
    if (text.length > this.#limits.cell_characters) throw this.#tooLong();
    if (this.texts.length >= MAX_STRINGS)
      throw unreadable('The workbook lists more texts than a sheet can hold.');
    this.texts.push(text);
    this.#item = null;
  }

  #tooLong(): Error {
    return overLimit(
      'cell_characters',
      this.#limits,
      `Text number ${this.texts.length + 1} of the workbook is too long for a cell`,
    );
  }
}

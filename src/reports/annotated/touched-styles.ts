import {
  attributeOf,
  closeOf,
  insertionAtEnd,
  insertionInRoot,
  prefixOf,
  withAttribute,
  withInsertions,
  type XmlInsertion,
  type XmlTag,
  xmlTags,
} from '../package/xml-tags.ts';
import { FILLS } from './annotation.ts';

type Severity = keyof typeof FILLS;

/** Excel itself allows no more. */
const MAX_STYLES = 65_490;
/** A workbook without a styles part may still number styles: new styles come after any number that it could use. */
const UNKNOWN_STYLES = 256;

export const EMPTY_STYLES = (namespace: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="${namespace}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${UNKNOWN_STYLES}">${'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'.repeat(UNKNOWN_STYLES)}</cellXfs></styleSheet>`;

/**
 * The styles of a workbook with more of them at the end: for every style of a touched cell, a copy with a fill. No
 * existing style changes its number or its look.
 */
export class TouchedStyles {
  readonly #text: string;
  readonly #tags: readonly XmlTag[];
  readonly #xfs: readonly string[];
  readonly #prefix: string;
  readonly #fills: number;
  readonly #fonts: number;
  readonly #added: string[] = [];
  readonly #known = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
    this.#tags = xmlTags(text);
    this.#prefix = prefixOf(this.#tags[0]?.name ?? '');
    this.#xfs = this.#children('cellXfs');
    // Fills 0 and 1 always mean no fill and dots, whatever the file says.
    this.#fills = Math.max(2, this.#children('fills').length);
    // Font 0 is that of every cell without a font: a table that was missing begins with the plain font.
    this.#fonts = Math.max(1, this.#children('fonts').length);
  }

  /** The number of the style that looks like `style` with a fill. */
  filled(style: number, severity: Severity): number {
    return this.#once(`${severity}${style}`, () => {
      const fill = String(this.#fills + (severity === 'error' ? 0 : 1));
      const old = this.#xfs[style] ?? this.#xfs[0] ?? `<${this.#prefix}xf numFmtId="0"/>`;
      const end = old.indexOf('>') + 1;
      const tag = withAttribute(withAttribute(old.slice(0, end), 'fillId', fill), 'applyFill', '1');
      return tag + old.slice(end);
    });
  }

  /** Styles of the added sheet: bold, and text that wraps and is never taken for a formula. */
  get heading(): number {
    return this.#once('heading', () => this.#plain(this.#fonts, ''));
  }

  get wrapped(): number {
    const p = this.#prefix;
    const inside = `<${p}alignment vertical="top" wrapText="1"/>`;
    return this.#once('wrapped', () => this.#plain(0, inside));
  }

  /** The whole part with the added styles. */
  render(): string {
    const p = this.#prefix;
    const solid = (rgb: string) =>
      `<${p}fill><${p}patternFill patternType="solid"><${p}fgColor rgb="${rgb}"/><${p}bgColor indexed="64"/></${p}patternFill></${p}fill>`;
    const dots = [
      `<${p}fill><${p}patternFill patternType="none"/></${p}fill>`,
      `<${p}fill><${p}patternFill patternType="gray125"/></${p}fill>`,
    ];
    const fills = [...dots.slice(this.#children('fills').length), solid(FILLS.error), solid(FILLS.warning)];
    const font = (bold: string) => `<${p}font>${bold}<${p}sz val="11"/><${p}name val="Calibri"/></${p}font>`;
    const plain = this.#children('fonts').length === 0 ? [font('')] : [];
    const fonts = [...plain, font(`<${p}b/>`)];
    return withInsertions(this.#text, [
      ...this.#append('fonts', fonts, ['numFmts']),
      ...this.#append('fills', fills, ['numFmts', 'fonts']),
      ...this.#append('cellXfs', this.#added, ['numFmts', 'fonts', 'fills', 'borders', 'cellStyleXfs']),
    ]);
  }

  #plain(font: number, inside: string): string {
    const p = this.#prefix;
    const attributes = `numFmtId="49" fontId="${font}" fillId="0" borderId="0" quotePrefix="1" applyNumberFormat="1" applyFont="1" applyAlignment="1"`;
    return inside === '' ? `<${p}xf ${attributes}/>` : `<${p}xf ${attributes}>${inside}</${p}xf>`;
  }

  #once(key: string, make: () => string): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const index = Math.max(this.#xfs.length, 1) + this.#added.length;
    if (index >= MAX_STYLES) throw new RangeError('the workbook has as many cell styles as it can hold');
    // A missing table of styles counts as one that holds the plain style.
    if (this.#xfs.length === 0 && this.#added.length === 0) {
      this.#added.push(`<${this.#prefix}xf numFmtId="0"/>`);
      return this.#once(key, make);
    }
    this.#added.push(make());
    const at = this.#xfs.length + this.#added.length - 1;
    this.#known.set(key, at);
    return at;
  }

  #container(local: string): XmlTag | undefined {
    return this.#tags.find((tag) => tag.depth === 1 && tag.local === local && tag.kind !== 'close');
  }

  /** The raw text of every element in a table of the part. */
  #children(local: string): string[] {
    const table = this.#container(local);
    if (table === undefined || table.kind === 'empty') return [];
    const last = closeOf(this.#tags, table);
    return this.#tags
      .filter(
        (tag) => tag.depth === 2 && tag.kind !== 'close' && tag.start > table.start && tag.start < last.start,
      )
      .map((tag) => this.#text.slice(tag.start, closeOf(this.#tags, tag).end));
  }

  /** Adds elements at the end of a table and raises its count; a missing table is inserted in its place. */
  #append(local: string, added: readonly string[], before: readonly string[]): XmlInsertion[] {
    const table = this.#container(local);
    const count = this.#children(local).length + added.length;
    if (table === undefined) {
      const name = `${this.#prefix}${local}`;
      const text = `<${name} count="${count}">${added.join('')}</${name}>`;
      const after = before.flatMap((one) => this.#container(one) ?? []).at(-1);
      if (after !== undefined) return [{ at: closeOf(this.#tags, after).end, text }];
      const root = this.#tags[0];
      if (root === undefined || root.kind === 'empty') return [insertionInRoot(this.#text, this.#tags, text)];
      return [{ at: root.end, text }];
    }
    const tag = this.#text.slice(table.start, table.end);
    const counted = attributeOf(tag, 'count') === null ? tag : withAttribute(tag, 'count', String(count));
    if (table.kind === 'empty') {
      const opened = `${counted.replace(/\s*\/>$/, '')}>${added.join('')}</${table.name}>`;
      return [{ at: table.start, instead: tag.length, text: opened }];
    }
    return [
      { at: table.start, instead: tag.length, text: counted },
      insertionAtEnd(this.#text, this.#tags, table, added.join('')),
    ];
  }
}

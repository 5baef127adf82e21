/** A tag in the text of a part; offsets count from the start of the text. */
export interface XmlTag {
  /** With its prefix. */
  readonly name: string;
  readonly local: string;
  readonly kind: 'open' | 'close' | 'empty';
  readonly start: number;
  readonly end: number;
  /** The number of elements around it. */
  readonly depth: number;
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s/>"'<]+)((?:[^>"']|"[^"]*"|'[^']*')*)>/g;

/** The tags of a well-formed part in order. For small parts, which the reader has checked before. */
export function xmlTags(text: string): XmlTag[] {
  const tags: XmlTag[] = [];
  let depth = 0;
  for (const match of text.matchAll(TOKEN)) {
    const name = match[2];
    if (name === undefined) continue;
    const kind = match[1] === '/' ? 'close' : match[3]?.endsWith('/') ? 'empty' : 'open';
    if (kind === 'close') depth--;
    const start = match.index;
    tags.push({ name, local: localName(name), kind, start, end: start + match[0].length, depth });
    if (kind === 'open') depth++;
  }
  return tags;
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The prefix of a tag with its colon, or nothing. */
export function prefixOf(name: string): string {
  return name.slice(0, name.indexOf(':') + 1);
}

/** The raw value of an attribute in the text of a tag; `name` with its prefix. */
export function attributeOf(tag: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found === null ? null : (found[1] ?? found[2] ?? '');
}

/** The text of a start tag with one attribute set to a plain value; everything else stays as written. */
export function withAttribute(tag: string, name: string, value: string): string {
  const found = new RegExp(`(\\s${name}\\s*=\\s*)(?:"[^"]*"|'[^']*')`).exec(tag);
  if (found === null) return tag.replace(/^<[^\s/>]+/, (start) => `${start} ${name}="${value}"`);
  return `${tag.slice(0, found.index)}${found[1]}"${value}"${tag.slice(found.index + found[0].length)}`;
}

/** Text to insert at a position of an older text. */
export interface XmlInsertion {
  readonly at: number;
  readonly text: string;
  /** How much of the old text it replaces. */
  readonly instead?: number;
}

export function withInsertions(text: string, insertions: readonly XmlInsertion[]): string {
  let out = '';
  let at = 0;
  const ordered = insertions.map((one, i) => ({ one, i })).sort((a, b) => a.one.at - b.one.at || a.i - b.i);
  for (const { one } of ordered) {
    out += text.slice(at, one.at) + one.text;
    at = one.at + (one.instead ?? 0);
  }
  return out + text.slice(at);
}

/** Inserts text before the end tag of the root; a root without content gets an end tag for it. */
export function insertionInRoot(text: string, tags: readonly XmlTag[], added: string): XmlInsertion {
  const root = tags.find((tag) => tag.depth === 0 && tag.kind !== 'close');
  if (root === undefined) throw new Error('a part of the workbook has no root');
  return insertionAtEnd(text, tags, root, added);
}

/** As `insertionInRoot`, for any element. */
export function insertionAtEnd(
  text: string,
  tags: readonly XmlTag[],
  element: XmlTag,
  added: string,
): XmlInsertion {
  if (element.kind === 'empty') {
    const opened = text.slice(element.start, element.end).replace(/\/>$/, '>');
    return {
      at: element.start,
      instead: element.end - element.start,
      text: `${opened}${added}</${element.name}>`,
    };
  }
  return { at: closeOf(tags, element).start, text: added };
}

export function closeOf(tags: readonly XmlTag[], element: XmlTag): XmlTag {
  if (element.kind === 'empty') return element;
  const from = tags.indexOf(element);
  for (let i = from + 1; i < tags.length; i++) {
    const tag = tags[i] as XmlTag;
    if (tag.kind === 'close' && tag.depth === element.depth) return tag;
  }
  throw new Error('a part of the workbook is not well-formed');
}

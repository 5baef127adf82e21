/** An element of a part as the oracle sees it; text and children in their order. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (XmlNode | string)[];
}

const NAME = '[A-Za-z_\\u00c0-\\uffff][\\w.:\\u00b7-\\uffff-]*';
const ATTRIBUTE = `(${NAME})\\s*=\\s*("[^"<]*"|'[^'<]*')`;
const OPEN = new RegExp(`<(${NAME})((?:\\s+${ATTRIBUTE})*)\\s*(/?)>`, 'y');
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');
const TEXT = /[^<]+/y;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const ASIDE = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>/y;

export class Malformed extends Error {}

/** Parses XML the slow and simple way: one regular expression a token, the whole tree in memory, nothing forgiven. */
export function parseXml(xml: string): XmlNode {
  const root: XmlNode = { name: '', attributes: new Map(), children: [] };
  const stack = [root];
  let at = 0;
  const take = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = at;
    const found = token.exec(xml);
    if (found) at = token.lastIndex;
    return found;
  };
  while (at < xml.length) {
    const parent = stack.at(-1)!;
    const text = take(TEXT);
    if (text) {
      parent.children.push(resolve(text[0]));
      continue;
    }
    if (take(ASIDE)) continue;
    const cdata = take(CDATA);
    if (cdata) {
      parent.children.push(cdata[1]!.replace(/\r\n?/g, '\n'));
      continue;
    }
    const close = take(CLOSE);
    if (close) {
      if (stack.length === 1 || local(close[1]!) !== parent.name) throw new Malformed(`</${close[1]}>`);
      stack.pop();
      continue;
    }
    const open = take(OPEN);
    if (!open) throw new Malformed(xml.slice(at, at + 20));
    const node = { name: local(open[1]!), attributes: attributesOf(open[2]!), children: [] };
    parent.children.push(node);
    if (open.at(-1) === '') stack.push(node);
  }
  const elements = root.children.filter((child): child is XmlNode => typeof child !== 'string');
  if (stack.length !== 1 || elements.length !== 1) throw new Malformed('no single root');
  if (root.children.some((child) => typeof child === 'string' && child.trim() !== ''))
    throw new Malformed('text');
  return elements[0]!;
}

export function elements(node: XmlNode, name: string): XmlNode[] {
  return node.children.filter((child): child is XmlNode => typeof child !== 'string' && child.name === name);
}

export function textOf(node: XmlNode): string {
  if (node.children.some((child) => typeof child !== 'string'))
    throw new Malformed(`elements in ${node.name}`);
  return node.children.join('');
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function attributesOf(written: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of written.matchAll(new RegExp(ATTRIBUTE, 'g'))) {
    if (found.has(name!)) throw new Malformed(`two ${name}`);
    found.set(name!, resolve(value!.slice(1, -1)));
  }
  return found;
}

function resolve(raw: string): string {
  return raw
    .replace(/\r\n?/g, '\n')
    .replace(/&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([0-9a-fA-F]+))?(;?)/g, (whole, name, decimal, hex, end) => {
      if (end === '' || (!name && !decimal && !hex)) throw new Malformed(whole);
      if (name) return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name as 'amp'];
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
      if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new Malformed(whole);
      return String.fromCodePoint(code);
    });
}

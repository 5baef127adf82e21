import type { Random } from './random.ts';

export type Parts = Map<string, string | Buffer>;

/** Changes to the bytes of an archive; checksums tell of every one that matters. */
export const ARCHIVE: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>> = {
  cut: (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  flip: (bytes, random) => changed(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  overwrite: (bytes, random) =>
    changed(bytes, random, () => random.pick([0, 0xff, 60, 62, 0x50, random.below(256)])),
  'take out': (bytes, random) => {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(60))]);
  },
  repeat: (bytes, random) => {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at + 1 + random.below(200)), bytes.subarray(at)]);
  },
  'put elsewhere': (bytes, random) => {
    const [from, to, length] = [random.below(bytes.length), random.below(bytes.length), 1 + random.below(80)];
    const copy = Buffer.from(bytes);
    bytes.copy(copy, to, from, from + length);
    return copy;
  },
  'add before': (bytes, random) =>
    Buffer.concat([Buffer.alloc(1 + random.below(9), random.pick(['PK', '\0', 'MZ', ' '])), bytes]),
  'change a header': (bytes, random) => {
    const headers = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07'].flatMap((mark) =>
      placesOf(bytes, mark),
    );
    const copy = Buffer.from(bytes);
    const at = random.pick(headers) + 4 + 2 * random.below(21);
    if (at + 8 > copy.length) return copy;
    const values = [0, 1, 8, 9, 0xff, 0xffff, 0x7fff, bytes.length & 0xffff, random.below(0x10000)];
    copy.writeUInt16LE(random.pick(values), at);
    if (random.chance(0.3))
      copy.writeUInt32LE(random.pick([0, 1, 0xffffffff, 0x7fffffff, bytes.length, ...headers]), at);
    return copy;
  },
  'add after': (bytes, random) =>
    Buffer.concat([bytes, Buffer.alloc(1 + random.below(30), random.pick(['\0', '\n', 'PK\x05\x06']))]),
};

function placesOf(bytes: Buffer, mark: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(mark, 0, 'latin1'); at >= 0; at = bytes.indexOf(mark, at + 1, 'latin1'))
    found.push(at);
  return found;
}

function changed(bytes: Buffer, random: Random, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = 0; i <= random.below(3); i++) {
    const at = random.below(copy.length);
    copy[at] = change(copy[at]!);
  }
  return copy;
}

/** Changes to the list of parts; the archive is packed soundly afterwards. */
export const PARTS: Readonly<Record<string, (parts: Parts, random: Random) => void>> = {
  'swap parts': (parts, random) => {
    const [one, other] = [random.pick([...parts.keys()]), random.pick([...parts.keys()])];
    const kept = parts.get(one)!;
    parts.set(one, parts.get(other)!).set(other, kept);
  },
  'drop a part': (parts, random) => void parts.delete(random.pick([...parts.keys()])),
  'empty a part': (parts, random) => void parts.set(random.pick([...parts.keys()]), ''),
  'rename a part': (parts, random) => {
    const name = random.pick([...parts.keys()]);
    const to = random.pick([
      name.toUpperCase(),
      `${name}x`,
      name.replace('.xml', '1.xml'),
      name.replaceAll('/', '\\'),
    ]);
    const part = parts.get(name)!;
    parts.delete(name);
    parts.set(to, part);
  },
};

/** Changes to the text of one part. */
export const XML: Readonly<Record<string, (xml: string, random: Random) => string>> = {
  'drop a tag': (xml, random) => onTag(xml, random, () => ''),
  'double a tag': (xml, random) => onTag(xml, random, (tag) => tag + tag),
  'drop an element': (xml, random) => onElement(xml, random, () => ''),
  'double an element': (xml, random) => onElement(xml, random, (element) => element + element),
  'swap neighbours': (xml, random) => onElement(xml, random, (element, next) => next + element, true),
  'rename a tag': (xml, random) =>
    onTag(xml, random, (tag) =>
      tag.replace(
        /^(<\/?)([\w:]+)/,
        (_, head, name) =>
          head + random.pick(['c', 'v', 'row', 'x', `${name}s`, `q:${name}`, 't', 'is', 'f']),
      ),
    ),
  'change an attribute': (xml, random) =>
    onTag(xml, random, (tag) =>
      tag.replace(/(="?)([^"=]*)(")/, (_, head, value, tail) => head + random.pick(VALUES(value)) + tail),
    ),
  'rename an attribute': (xml, random) =>
    onTag(xml, random, (tag) =>
      tag.replace(/ ([\w:]+)=/, () => ` ${random.pick(['r', 's', 't', 'x', 'hidden'])}=`),
    ),
  'double an attribute': (xml, random) =>
    onTag(xml, random, (tag) => tag.replace(/ [\w:]+="[^"]*"/, (one) => one + one)),
  'swap attributes': (xml, random) =>
    onTag(xml, random, (tag) => tag.replace(/( [\w:]+="[^"]*")( [\w:]+="[^"]*")/, '$2$1')),
  'change a text': (xml, random) => onText(xml, random, (text) => random.pick(VALUES(text))),
  'put a reference in': (xml, random) =>
    onText(
      xml,
      random,
      (text) => random.pick(['&amp;', '&#65;', '&#x31;', '&bogus;', '&#0;', '&', '&#xD800;', '&lt;']) + text,
    ),
  'put markup in': (xml, random) =>
    onText(
      xml,
      random,
      (text) =>
        random.pick([
          '<!-- x -->',
          '<?x y?>',
          '<![CDATA[1]]>',
          '<!DOCTYPE x>',
          '<x/>',
          ']]>',
          '<v>3</v>',
          '<c><v>3</v></c>',
          '<extLst/>',
          '\r\n',
          ' ',
        ]) + text,
    ),
  'flip a character': (xml, random) => {
    const at = random.below(xml.length);
    return (
      xml.slice(0, at) + String.fromCharCode(xml.charCodeAt(at) ^ (1 << random.below(7))) + xml.slice(at + 1)
    );
  },
  'take characters out': (xml, random) => {
    const at = random.below(xml.length);
    return xml.slice(0, at) + xml.slice(at + 1 + random.below(12));
  },
  'cut the part': (xml, random) => xml.slice(0, random.below(xml.length)),
};

function VALUES(value: string): readonly string[] {
  return [
    ...[
      '',
      '0',
      '1',
      '-1',
      '7',
      '999999999',
      '99999999999999999999',
      '1e5',
      '1E400',
      'x',
      's',
      'n',
      'b',
      'd',
      'e',
      'str',
      'inlineStr',
    ],
    ...[
      'A1',
      'B2',
      'XFD1048576',
      'XFE1',
      'A0',
      'A1048577',
      '1A',
      'true',
      '2024-02-30',
      '&#49;',
      ' 1 ',
      '+3',
      '0x10',
      'NaN',
      `${value}1`,
    ],
  ];
}

function onTag(xml: string, random: Random, change: (tag: string) => string): string {
  const tags = [...xml.matchAll(/<[^!?>][^>]*>/g)];
  if (tags.length === 0) return xml;
  const tag = random.pick(tags);
  return xml.slice(0, tag.index) + change(tag[0]) + xml.slice(tag.index + tag[0].length);
}

function onElement(
  xml: string,
  random: Random,
  change: (element: string, next: string) => string,
  withNext = false,
): string {
  const found = [...xml.matchAll(/<([\w:]+)(?=[\s>/])[^>]*?(?:\/>|>(?:(?!<\1[\s>]).)*?<\/\1>)/gs)];
  if (found.length === 0) return xml;
  const at = random.below(found.length);
  const [one, next] = [found[at]!, found[at + 1]];
  const end = one.index + one[0].length;
  if (!withNext || next === undefined || next.index !== end)
    return xml.slice(0, one.index) + change(one[0], '') + xml.slice(end);
  return xml.slice(0, one.index) + change(one[0], next[0]) + xml.slice(end + next[0].length);
}

function onText(xml: string, random: Random, change: (text: string) => string): string {
  const texts = [...xml.matchAll(/>([^<]*)(?=<)/g)];
  if (texts.length === 0) return xml;
  const text = random.pick(texts);
  return `${xml.slice(0, text.index + 1)}${change(text[1]!)}${xml.slice(text.index + text[0].length)}`;
}

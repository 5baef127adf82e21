import { relsXml } from '../tiny-workbook.ts';
import { writeZip } from '../zip-writer.ts';
import type { Random } from './random.ts';

/** A cell as a person means it. Dates as days since 1970 with seconds of the day. */
export type Meant =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'code'; readonly value: number }
  | { readonly is: 'moment'; readonly day: number; readonly second: number }
  | { readonly is: 'boolean'; readonly value: boolean }
  | { readonly is: 'error'; readonly text: string };

/** By row from 1 and column from 0. */
export type MeantSheet = ReadonlyMap<number, ReadonlyMap<number, Meant>>;

const TRANSITIONAL = 'http://schemas.openxmlformats.org';
const MAIN = [`${TRANSITIONAL}/spreadsheetml/2006/main`, 'http://purl.oclc.org/ooxml/spreadsheetml/main'];
const REL = [
  `${TRANSITIONAL}/officeDocument/2006/relationships`,
  'http://purl.oclc.org/ooxml/officeDocument/relationships',
];

/** Writes the same sheet in any of the ways that mean the same, chosen at random. */
export function writeAnyWay(sheet: MeantSheet, random: Random): Buffer {
  return new Dialect(random).workbook(sheet);
}

class Dialect {
  readonly #random: Random;
  readonly #prefix: string;
  readonly #date1904: boolean;
  readonly #main: string;
  readonly #strings: string[] = [];
  readonly #spaced: boolean;
  readonly #asides: boolean;
  /** How the first address of a row and of a cell may be left out. */
  readonly #addresses: 'all' | 'some' | 'none';

  constructor(random: Random) {
    this.#random = random;
    this.#prefix = random.pick(['', '', 'x:', 'ns0:']);
    this.#date1904 = random.chance(0.3);
    this.#main = random.pick(MAIN);
    this.#spaced = random.chance(0.4);
    this.#asides = random.chance(0.3);
    this.#addresses = random.pick(['all', 'all', 'some', 'none']);
  }

  workbook(sheet: MeantSheet): Buffer {
    const random = this.#random;
    const data = this.#data(sheet);
    const date1904 = this.#date1904
      ? ` date1904="${random.pick(['1', 'true', 'on'])}"`
      : random.pick(['', ' date1904="0"']);
    const parts: [string, string | Buffer][] = [
      [
        '_rels/.rels',
        relsXml([
          'a',
          'officeDocument',
          random.pick(['xl/workbook.xml', '/xl/workbook.xml', 'xl\\workbook.xml']),
        ]),
      ],
      [
        'xl/workbook.xml',
        this.#part(
          'workbook',
          `${this.#element('workbookPr', date1904, null)}${this.#element('sheets', '', this.#element('sheet', ` name="D&amp;1" sheetId="1" r:id="s1"`, null))}`,
          ` xmlns:r="${random.pick(REL)}"`,
        ),
      ],
      [
        'xl/worksheets/sheet1.xml',
        this.#part(
          'worksheet',
          `${random.pick(['', this.#element('dimension', ' ref="A1:XFD1048576"', null)])}${this.#element('sheetData', '', data)}${random.pick(['', this.#element('pageMargins', ' left="1"', null)])}`,
        ),
      ],
      ['xl/styles.xml', this.#styles()],
      [
        'xl/sharedStrings.xml',
        this.#part('sst', this.#strings.join(''), random.pick(['', ' count="9" uniqueCount="1"'])),
      ],
      [
        'xl/_rels/workbook.xml.rels',
        relsXml(
          ['s3', 'sharedStrings', 'sharedStrings.xml'],
          [
            's1',
            'worksheet',
            random.pick(['worksheets/sheet1.xml', '/xl/worksheets/sheet1.xml', './worksheets/Sheet1.XML']),
          ],
          ['s2', 'styles', 'styles.xml'],
        ),
      ],
      ...(random.chance(0.8) ? ([['[Content_Types].xml', '<Types/>']] as [string, string][]) : []),
    ];
    const kept = parts.filter(([name]) => name !== 'xl/sharedStrings.xml' || this.#strings.length > 0);
    const ordered = random.chance(0.5) ? kept.reverse() : kept;
    const packed = ordered.map(([name, data]) => ({
      name,
      data,
      stored: random.chance(0.2),
      streamed: random.chance(0.3),
    }));
    return writeZip(packed, random.chance(0.2));
  }

  #part(root: string, inside: string, attributes = ''): Buffer {
    const name = this.#prefix + root;
    const space = this.#prefix === '' ? 'xmlns' : `xmlns:${this.#prefix.slice(0, -1)}`;
    const xml = `<${name} ${space}="${this.#main}"${attributes}>${inside}</${name}>`;
    const random = this.#random;
    const kind = random.pick(['utf-8', 'utf-8', 'marked', 'bare', 'utf-16le', 'utf-16be', 'windows-1252']);
    const declared =
      kind === 'bare'
        ? ''
        : `<?xml version="1.0" encoding="${kind.startsWith('utf-16') ? 'UTF-16' : kind === 'windows-1252' ? kind : 'UTF-8'}"?>${random.pick(['', '\n', '\r\n'])}`;
    const text = declared + xml;
    if (kind === 'windows-1252' && /^[\0-\x7f\xa0-\xff]*$/.test(text)) return Buffer.from(text, 'latin1');
    if (kind === 'windows-1252') return Buffer.from(text.replace('windows-1252', 'UTF-8'), 'utf8');
    if (!kind.startsWith('utf-16')) return Buffer.from((kind === 'marked' ? '\ufeff' : '') + text, 'utf8');
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
    return kind === 'utf-16le' ? wide : wide.swap16();
  }

  #styles(): Buffer {
    const random = this.#random;
    const formats =
      this.#element('numFmt', ' numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"', null) +
      this.#element('numFmt', ' numFmtId="165" formatCode="00000"', null);
    const xf = (id: number): string =>
      this.#element(
        'xf',
        ` ${random.chance(0.5) ? 'applyNumberFormat="1" ' : ''}numFmtId="${id}"`,
        random.pick([null, this.#element('alignment', ' wrapText="1"', null)]),
      );
    const list = [0, 164, 165, random.pick([2, 9, 10, 44, 49])].map(xf).join('');
    return this.#part(
      'styleSheet',
      `${this.#element('numFmts', '', formats)}${this.#element('cellStyleXfs', '', xf(14))}${this.#element('cellXfs', '', list)}`,
    );
  }

  #data(sheet: MeantSheet): string {
    let last = 0;
    let xml = this.#between();
    for (const [row, cells] of sheet) {
      // Blank rows, as formatting leaves them.
      if (this.#random.chance(0.2) && row > last + 1)
        xml += this.#element(
          'row',
          ` r="${++last}"`,
          this.#random.pick([null, this.#element('c', ` r="A${last}" s="1"`, null)]),
        );
      const follows = row === last + 1;
      const named =
        this.#addresses === 'all' || !follows || (this.#addresses === 'some' && this.#random.chance(0.5));
      xml +=
        this.#element(
          'row',
          named
            ? this.#attributes([
                ['r', String(row)],
                ['spans', '1:4'],
              ])
            : '',
          this.#row(row, cells),
        ) + this.#between();
      last = row;
    }
    return xml;
  }

  #row(row: number, cells: ReadonlyMap<number, Meant>): string {
    const random = this.#random;
    let last = -1;
    let xml = this.#between();
    const all = [...cells];
    const shuffled = this.#addresses === 'all' && random.chance(0.2) ? all.reverse() : all;
    for (const [column, meant] of shuffled) {
      if (column > last + 1 && random.chance(0.4)) {
        last++;
        xml += this.#element(
          'c',
          ` r="${address(last, row)}" s="1"`,
          random.pick([null, this.#element('v', '', null)]),
        );
      }
      const named =
        this.#addresses === 'all' ||
        column !== last + 1 ||
        (this.#addresses === 'some' && random.chance(0.5));
      const [attributes, inside] = this.#cell(meant);
      xml +=
        this.#element(
          'c',
          this.#attributes([...(named ? ([['r', address(column, row)]] as const) : []), ...attributes]),
          inside,
        ) + this.#between();
      last = column;
    }
    return xml;
  }

  #cell(meant: Meant): [readonly (readonly [string, string])[], string] {
    const random = this.#random;
    switch (meant.is) {
      case 'text':
        return this.#textCell(meant.text);
      case 'number': {
        const type = random.pick([[], [['t', 'n']]] as const);
        const style = random.pick([[], [['s', '0']], [['s', '3']]] as const);
        return [[...type, ...style], this.#formula() + this.#value(spelling(meant.value, random))];
      }
      case 'code':
        return [[['s', '2']], this.#value(String(meant.value))];
      case 'boolean':
        return [
          [['t', 'b']],
          this.#formula() +
            this.#value(
              meant.value ? random.pick(['1', 'true', 'TRUE']) : random.pick(['0', 'false', 'FALSE']),
            ),
        ];
      case 'error':
        return [[['t', 'e']], this.#formula() + this.#value(meant.text)];
      case 'moment':
        return this.#moment(meant.day, meant.second);
    }
  }

  #moment(day: number, second: number): [readonly (readonly [string, string])[], string] {
    const random = this.#random;
    if (random.chance(0.25)) {
      const iso = new Date((day * 86_400 + second) * 1000).toISOString();
      return [
        [['t', 'd']],
        this.#value(random.pick([iso.slice(0, 19), `${iso.slice(0, 19)}.000`, `${iso.slice(0, 19)}Z`])),
      ];
    }
    const serial = day + (this.#date1904 ? 24_107 : 25_569) + second / 86_400;
    return [
      [['s', '1']],
      this.#formula() +
        this.#value(random.pick([String(serial), serial.toPrecision(17), serial.toFixed(10)])),
    ];
  }

  #textCell(text: string): [readonly (readonly [string, string])[], string] {
    const random = this.#random;
    const way = random.below(3);
    if (way === 0) {
      this.#strings.push(this.#element('si', '', this.#rich(text)) + this.#between());
      return [[['t', 's']], this.#value(String(this.#strings.length - 1))];
    }
    if (way === 1)
      return [
        [['t', 'inlineStr']],
        this.#between() + this.#element('is', '', this.#rich(text)) + this.#between(),
      ];
    return [[['t', 'str']], this.#formula() + this.#element('v', '', this.#escaped(text, true))];
  }

  #rich(text: string): string {
    const random = this.#random;
    const t = (piece: string): string =>
      this.#element(
        't',
        piece.trim() === piece && random.chance(0.5) ? '' : ' xml:space="preserve"',
        this.#escaped(piece, true),
      );
    const phonetic = random.pick([
      '',
      '',
      this.#element('rPh', ' sb="0" eb="1"', this.#element('t', '', 'ph')),
    ]);
    if (random.chance(0.7)) return t(text) + phonetic;
    const cut = random.below(text.length + 1);
    const pieces = /[\ud800-\udbff]$/.test(text.slice(0, cut))
      ? [text]
      : [text.slice(0, cut), text.slice(cut)];
    const font = random.pick([
      '',
      this.#element('rPr', '', this.#element('b', '', null)),
      this.#element('rPr', '', null),
    ]);
    return pieces.map((piece) => this.#element('r', '', font + t(piece))).join('') + phonetic;
  }

  #value(text: string): string {
    return this.#element('v', '', this.#escaped(text, false));
  }

  #formula(): string {
    return this.#random.chance(0.15)
      ? this.#element('f', '', this.#random.pick(['A1&amp;"&lt;"', '<![CDATA[A1<2]]>', '']))
      : '';
  }

  /** Every character may stand as itself, as a reference or in CDATA; line breaks as references only keep CR. */
  #escaped(text: string, whole: boolean): string {
    const random = this.#random;
    const shielded = text
      .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      .replace(
        /[\0-\x08\x0b\x0c\x0e-\x1f]/g,
        (one) => `_x${one.charCodeAt(0).toString(16).padStart(4, '0')}_`,
      );
    if (random.chance(0.1) && !/[\r]|\]\]>/.test(shielded)) return `<![CDATA[${shielded}]]>`;
    let xml = '';
    for (const one of shielded) {
      if (one === '\r') xml += random.pick(['&#13;', '&#xD;', '_x000D_']);
      else if (random.chance(whole ? 0.04 : 0.02))
        xml += random.pick([`&#${one.codePointAt(0)};`, `&#x${one.codePointAt(0)!.toString(16)};`]);
      else if (one === '\n') xml += random.pick(['\n', '\r\n', '&#10;']);
      else xml += { '&': '&amp;', '<': '&lt;', '>': random.pick(['&gt;', '&#62;']) }[one] ?? one;
      if (this.#asides && random.chance(0.01)) xml += random.pick(['<!-- no -->', '<?no no?>']);
    }
    return xml;
  }

  #element(name: string, attributes: string, inside: string | null): string {
    const random = this.#random;
    const full = this.#prefix + name;
    const blank = random.chance(0.1) ? random.pick([' ', '\n', '\t']) : '';
    if (inside === null || (inside === '' && random.chance(0.5)))
      return `<${full}${attributes}${blank}${random.chance(0.8) ? '/>' : `></${full}>`}`;
    return `<${full}${attributes}${blank}>${inside}</${full}${blank}>`;
  }

  #attributes(list: readonly (readonly [string, string])[]): string {
    const random = this.#random;
    const ordered = random.chance(0.5) ? [...list].reverse() : list;
    return ordered
      .map(([name, value]) => {
        const quote = random.pick(['"', '"', "'"]);
        const written = random.chance(0.02)
          ? [...value].map((one) => `&#${one.codePointAt(0)};`).join('')
          : value;
        return `${random.pick([' ', ' ', '\n  '])}${name}${random.pick(['=', '=', ' = '])}${quote}${written}${quote}`;
      })
      .join('');
  }

  #between(): string {
    const blank = this.#spaced ? this.#random.pick(['', '\n', '\r\n  ', '\t']) : '';
    return this.#asides && this.#random.chance(0.05) ? `${blank}<!-- <c r="A1"/> -->` : blank;
  }
}

/** One of the spellings of a number that all mean the same double. */
function spelling(value: number, random: Random): string {
  const ways = [String(value), value.toExponential(), value.toExponential().toUpperCase()];
  // Past 2^53 the digits of a whole number are taken as written, and these would be others.
  if (!Number.isInteger(value) || Math.abs(value) < 2 ** 53) ways.push(value.toPrecision(17));
  if (Number.isInteger(value) && Math.abs(value) < 1e15)
    ways.push(`${value}.0`, `${value}.`, value.toFixed(3));
  if (value >= 0) ways.push(`+${value}`, `0${value}`);
  return random.pick([String(value), random.pick(ways)]);
}

function address(column: number, row: number): string {
  const letters = column < 26 ? '' : String.fromCharCode(64 + Math.floor(column / 26));
  return `${letters}${String.fromCharCode(65 + (column % 26))}${row}`;
}

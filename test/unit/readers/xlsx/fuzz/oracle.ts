import { parseNumberFormat } from '../../../../../src/readers/xlsx/number-format.ts';
import type { Cells } from '../tiny-workbook.ts';
import { elements, Malformed, parseXml, textOf, type XmlNode } from './xml-tree.ts';

type Parts = ReadonlyMap<string, string | Buffer>;

/**
 * What the first sheet of a workbook holds, read a second time in the plainest way: whole trees, nothing streamed,
 * nothing shared with the reader but the meaning of format codes. Throws `Malformed` where it cannot be told.
 */
export function oracleCells(parts: Parts): Cells {
  const rels = relationships(parts, 'xl/_rels/workbook.xml.rels');
  const main = relationships(parts, '_rels/.rels').find(({ type }) => type === 'officeDocument');
  if (main?.target !== 'xl/workbook.xml') throw new Malformed('no main part');
  const workbook = tree(parts, 'xl/workbook.xml', 'workbook');
  const properties = elements(workbook, 'workbookPr');
  const date1904 = ['1', 'true', 'on'].includes(properties[0]?.attributes.get('date1904') ?? '0');
  const sheet = elements(workbook, 'sheets').flatMap((list) => elements(list, 'sheet'))[0];
  const id = [...(sheet?.attributes ?? [])].find(([name]) => /(^|:)id$/.test(name))?.[1];
  const part = rels.find((one) => one.id === id && one.type === 'worksheet')?.target;
  if (part === undefined) throw new Malformed('no sheet');
  const formats = formatsOf(parts, rels.find(({ type }) => type === 'styles')?.target);
  const strings = stringsOf(parts, rels.find(({ type }) => type === 'sharedStrings')?.target);
  return sheetCells(tree(parts, part, 'worksheet'), { formats, strings, date1904 });
}

interface Book {
  readonly formats: readonly string[];
  readonly strings: readonly string[];
  readonly date1904: boolean;
}

function partOf(parts: Parts, name: string): string | Buffer | undefined {
  return [...parts].find(([one]) => one.toLowerCase().replaceAll('\\', '/') === name.toLowerCase())?.[1];
}

function tree(parts: Parts, name: string, root: string): XmlNode {
  const part = partOf(parts, name);
  if (part === undefined) throw new Malformed(`no ${name}`);
  const node = parseXml(decoded(part));
  if (node.name !== root) throw new Malformed(`${name} is ${node.name}`);
  return node;
}

function decoded(part: string | Buffer): string {
  if (typeof part === 'string') return part.replace(/^\ufeff/, '');
  const utf16 =
    part[0] === 0xff && part[1] === 0xfe
      ? 'utf-16le'
      : part[0] === 0xfe && part[1] === 0xff
        ? 'utf-16be'
        : null;
  try {
    return new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(part);
  } catch {
    throw new Malformed('encoding');
  }
}

function relationships(parts: Parts, name: string): { id: string; type: string; target: string }[] {
  return elements(tree(parts, name, 'Relationships'), 'Relationship')
    .filter(({ attributes }) => attributes.get('TargetMode') !== 'External')
    .map(({ attributes }) => {
      const target = (attributes.get('Target') ?? '').replaceAll('\\', '/');
      return {
        id: attributes.get('Id') ?? '',
        type: (attributes.get('Type') ?? '').replace(/.*\//, ''),
        target: target.startsWith('/') ? target.slice(1) : name.startsWith('xl/') ? `xl/${target}` : target,
      };
    });
}

/** By style: a format code, or a built-in number as `#14`. */
function formatsOf(parts: Parts, part: string | undefined): string[] {
  if (part === undefined || partOf(parts, part) === undefined) return [];
  const styles = tree(parts, part, 'styleSheet');
  const custom = new Map(
    elements(styles, 'numFmts')
      .flatMap((list) => elements(list, 'numFmt'))
      .map(({ attributes }) => [attributes.get('numFmtId'), unescaped(attributes.get('formatCode') ?? '')]),
  );
  return elements(styles, 'cellXfs')
    .flatMap((list) => elements(list, 'xf'))
    .map(({ attributes }) => {
      const id = attributes.get('numFmtId') ?? '0';
      return custom.get(id) ?? { 14: 'yyyy-mm-dd', 46: '[h]:mm:ss', 20: 'h:mm' }[Number(id)] ?? 'General';
    });
}

function stringsOf(parts: Parts, part: string | undefined): string[] {
  if (part === undefined || partOf(parts, part) === undefined) return [];
  return elements(tree(parts, part, 'sst'), 'si').map(itemText);
}

function itemText(item: XmlNode): string {
  return item.children
    .map((child) => {
      if (typeof child === 'string') return '';
      if (child.name === 't') return piece(child);
      return child.name === 'r' ? elements(child, 't').map(piece).join('') : '';
    })
    .join('');
}

function piece(t: XmlNode): string {
  const kept = [...t.attributes].some(([name, value]) => /(^|:)space$/.test(name) && value === 'preserve');
  return unescaped(kept ? textOf(t) : textOf(t).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
}

function unescaped(text: string): string {
  return text.replace(/(?:_x[0-9A-Fa-f]{4}_)+/g, (run) => {
    const plain = run.replace(/_x(....)_/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return /[\ud800-\udfff]/u.test(plain) ? run : plain;
  });
}

function sheetCells(sheet: XmlNode, book: Book): Cells {
  const cells: Cells = {};
  let row = 0;
  const data = elements(sheet, 'sheetData');
  if (data.length !== 1) throw new Malformed('sheetData');
  for (const line of elements(data[0]!, 'row')) {
    const before = row;
    let column = 0;
    row = line.attributes.has('r') ? Number(line.attributes.get('r')) : row + 1;
    for (const cell of elements(line, 'c')) {
      const address = /^([A-Z]+)(\d+)$/.exec(cell.attributes.get('r')?.trim().toUpperCase() ?? '');
      if (cell.attributes.has('r') && !address) throw new Malformed('address');
      column = address
        ? [...address[1]!].reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0)
        : column + 1;
      if (address) {
        if (line.attributes.has('r') && Number(address[2]) !== row) throw new Malformed('row of cell');
        row = Number(address[2]);
      }
      const shown = shownCell(cell, book);
      if (shown === null) continue;
      const place = `${letters(column)}${row}`;
      if (place in cells) throw new Malformed(`two ${place}`);
      cells[place] = shown;
    }
    if (!(row > before)) throw new Malformed('row order');
  }
  return cells;
}

function letters(column: number): string {
  return column > 26
    ? letters(Math.floor((column - 1) / 26)) + letters(((column - 1) % 26) + 1)
    : String.fromCharCode(64 + column);
}

function shownCell(cell: XmlNode, book: Book): string | null {
  const type = cell.attributes.get('t')?.trim() ?? 'n';
  const value = elements(cell, 'v')[0];
  const inline = elements(cell, 'is')[0];
  const raw = value ? textOf(value) : null;
  const formula = elements(cell, 'f').length > 0;
  const text = inline ? itemText(inline) : raw;
  const bare = text?.trim() ?? '';
  if (inline || type === 'str' || type === 'inlineStr') {
    const shown = inline ? text! : unescaped(text ?? '');
    return shown === '' ? (formula && text === null ? 'e:#FORMULA' : null) : `s:${shown}`;
  }
  if (bare === '') return formula && (type !== 's' || value === undefined) ? 'e:#FORMULA' : null;
  if (type === 's') {
    const found = /^\d+$/.test(bare) ? book.strings[Number(bare)] : undefined;
    if (found === undefined) throw new Malformed('string');
    return found === '' ? (formula ? null : null) : `s:${found}`;
  }
  if (type === 'b')
    return { 0: 'b:FALSE', 1: 'b:TRUE', true: 'b:TRUE', false: 'b:FALSE' }[bare.toLowerCase()] ?? `e:${bare}`;
  if (type === 'e') return `e:${bare}`;
  if (type === 'd') return /^\d{4}-\d\d-\d\d$/.test(bare) ? dateShown(bare) : 'e:#DATE';
  if (type !== 'n') throw new Malformed('type');
  return numberShown(bare, book.formats[Number(cell.attributes.get('s') ?? 0)] ?? 'General', book.date1904);
}

function dateShown(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? `d:${text}` : 'e:#DATE';
}

function numberShown(text: string, code: string, date1904: boolean): string {
  if (/^(true|false)$/i.test(text)) return `b:${text.toUpperCase()}`;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) || !Number.isFinite(Number(text)))
    return `e:${text}`;
  const value = Number(text);
  const format = parseNumberFormat(code);
  const whole = /^[-+]?\d{16,40}$/.test(text) ? String(BigInt(text.replace('+', ''))) : null;
  if (format.as === 'number') return `n:${whole ?? plain(value)}`;
  if (format.as === 'zeros') {
    const digits = whole ?? (Number.isSafeInteger(value) ? String(value) : null);
    if (digits === null) return `n:${plain(value)}`;
    return value < 0
      ? `z:-${digits.slice(1).padStart(format.digits, '0')}`
      : `z:${digits.padStart(format.digits, '0')}`;
  }
  if (format.as === 'elapsed') {
    if (value > 2_958_466) return 'e:#DATE';
    const time = timeOf(Math.abs(value));
    return `t:${value < 0 && time > 0 ? '-' : ''}${clockOf(time)}`;
  }
  if (format.as === 'clock' && value >= 0 && value < 1)
    return `t:${clockOf(Math.min(timeOf(value), 86_399_999))}`;
  const midnight = Math.abs(value - Math.round(value)) < 1e-9 ? Number(value.toPrecision(15)) : value;
  const days = Math.floor(midnight);
  if (date1904 ? days < 0 : days < 1 || days === 60) return 'e:#DATE';
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const moment = new Date(epoch + days * 86_400_000);
  if (Number.isNaN(moment.getTime()) || moment.getTime() >= Date.UTC(10_000, 0, 1)) return 'e:#DATE';
  const time = Math.min(timeOf(midnight - days), 86_399_999);
  return `d:${moment.toISOString().slice(0, 10)}${time === 0 ? '' : `T${clockOf(time)}`}`;
}

/** Milliseconds of a part of a day. */
function timeOf(days: number): number {
  return Math.round(days * 86_400_000);
}

function clockOf(time: number): string {
  const seconds = Math.floor(time / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return time % 1000 === 0 ? shown : `${shown}.${String(time % 1000).padStart(3, '0')}`;
}

function plain(value: number): string {
  const text = String(value);
  const [digits, exponent] = text.split('e');
  if (exponent === undefined || Number(exponent) > 21) return text;
  const [whole = '', fraction = ''] = digits!.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  const sign = value < 0 ? '-' : '';
  return point <= 0 ? `${sign}0.${'0'.repeat(-point)}${all}` : `${sign}${all.padEnd(point, '0')}`;
}

import { columnLetters } from '../../../src/domain/finding.ts';
import { asZip, escapeXml, tinyParts } from '../../unit/readers/xlsx/tiny-workbook.ts';

/** A cell of the workbooks: text, a number, or XML that no spreadsheet program would let anybody type. */
type Written = string | number | null | { readonly xml: (address: string) => string };

export const HEADERS = [
  'Staff No.',
  'National ID',
  'Name',
  'E-mail',
  'Born',
  'Region',
  'Department',
  'Hours',
  'Salary',
  'Active',
  'Shift',
  'Joined',
  'Paid',
  'Updated',
  'Desk',
  'Skills',
];
const AT = Object.fromEntries(HEADERS.map((name, i) => [name, i])) as Record<string, number>;
const DATE_STYLE = 1;

/** The same numbers each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const FIRST = ['Ada', 'Bo', 'Chidi', 'Dana', 'Emre', 'Fatou', 'Gil', 'Hana', 'Ines', 'Jun'];
const LAST = [
  'Okafor',
  'Lindqvist',
  'Marques',
  'Novak',
  'Oyelaran',
  'Petrov',
  'Quispe',
  'Rossi',
  'Sato',
  'Tanaka',
];

/** Days since the first of January 1900, as workbooks count them. */
function serial(iso: string): number {
  return Date.parse(`${iso}T00:00:00Z`) / 86_400_000 + 25_569;
}

const day = (iso: string): Written => ({
  xml: (at) => `<c r="${at}" s="${DATE_STYLE}"><v>${serial(iso)}</v></c>`,
});
const error = (code: string): Written => ({ xml: (at) => `<c r="${at}" t="e"><v>${code}</v></c>` });
const formula = (text: string): Written => ({ xml: (at) => `<c r="${at}"><f>${text}</f></c>` });

/** The same person has the same data in every month. */
function soundRow(i: number, month: string): Written[] {
  const random = seeded(i);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const name = `${pick(FIRST)} ${pick(LAST)}`;
  return [
    1000 + i,
    `N${String(100_000_000 + i * 7919).slice(0, 9)}`,
    name,
    `${name.toLowerCase().replace(' ', '.')}@example.org`,
    day(`${1950 + Math.floor(random() * 50)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`),
    pick(['NORTH', 'SOUTH', 'EAST', 'WEST']),
    pick(['FIN', 'OPS', 'LAW']),
    20 + Math.floor(random() * 20),
    30_000 + Math.floor(random() * 40_000),
    random() < 0.9 ? 'yes' : 'no',
    `0${6 + Math.floor(random() * 3)}:30`,
    String(1990 + Math.floor(random() * 30)),
    month,
    day(`${month}-1${Math.floor(random() * 10)}`),
    `D${100 + i}`,
    '{"languages": 2}',
  ];
}

/** `[row, column, what stands there]`: one kind of fault each, rows as the sheet shows them. */
const FAULTS: readonly (readonly [row: number, column: string, value: Written])[] = [
  [6, 'Staff No.', null],
  [7, 'Staff No.', 'twelve'],
  [8, 'Staff No.', 1008.5],
  [9, 'Staff No.', '1e3'],
  [10, 'Staff No.', 17],
  [11, 'Staff No.', 70_001],
  [12, 'Staff No.', 1020],
  [13, 'National ID', 'N100000000'],
  [14, 'National ID', 'N100000000'],
  [15, 'National ID', 'X123'],
  [16, 'Name', null],
  [17, 'Name', 'Al'],
  [18, 'Name', 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff'],
  [19, 'Name', { xml: (at) => `<c r="${at}" t="inlineStr"><is><t>Nu_x0000_ll</t></is></c>` }],
  [21, 'E-mail', 'ines(at)example.org'],
  [22, 'Born', '31/02/1990'],
  [23, 'Born', 'unknown'],
  [24, 'Born', 32874],
  [25, 'Born', day('1899-12-31')],
  [26, 'Born', day('2031-05-05')],
  [27, 'Region', 'NROTH'],
  [28, 'Region', 'Abroad'],
  [29, 'Region', 'Abroad'],
  [30, 'Region', ' south '],
  [31, 'Department', 'OSP'],
  [32, 'Department', 'Catering & "Sons" <b>'],
  [33, 'Hours', '37.5 h'],
  [34, 'Hours', 12.345],
  [35, 'Hours', '37,5'],
  [36, 'Hours', -4],
  [37, 'Hours', 168],
  [38, 'Salary', 123_456_789.5],
  [39, 'Salary', 'EUR 41,000.00'],
  [40, 'Salary', error('#N/A')],
  [41, 'Salary', error('#DIV/0!')],
  [42, 'Salary', formula('SUM(I2:I3)')],
  [43, 'Active', 'maybe'],
  [44, 'Active', 'YES!'],
  [45, 'Shift', '25:00'],
  [46, 'Joined', 'soon'],
  [47, 'Paid', '2025-13'],
  [48, 'Paid', '2025-05'],
  [49, 'Updated', day('2025-05-31')],
  [50, 'Desk', 7],
  [51, 'Skills', '{"languages": '],
  [52, 'Salary', 0],
  [53, 'Region', '=cmd|calc!A1'],
  [54, 'Department', '\u202eSPO'],
  [55, 'Department', 'x'.repeat(400)],
];
const ROWS = 60;

function cellXml(value: Written, address: string): string {
  if (value === null) return '';
  if (typeof value === 'object') return value.xml(address);
  return typeof value === 'number'
    ? `<c r="${address}"><v>${value}</v></c>`
    : `<c r="${address}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`;
}

function rowXml(row: number, cells: readonly Written[], attributes = ''): string {
  const all = cells.map((value, i) => cellXml(value, `${columnLetters(i)}${row}`));
  return `<row r="${row}"${attributes}>${all.join('')}</row>`;
}

const CONTENT_TYPES = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`;

/** Written out in full, so that every spreadsheet program opens it. */
function book(rows: string, after = ''): Buffer {
  const parts = tinyParts({ rows, after, formats: ['yyyy-mm-dd'] });
  return asZip(parts.set('[Content_Types].xml', CONTENT_TYPES));
}

/** A register of May in which nothing is wrong. */
export function soundWorkbook(): Buffer {
  const rows = Array.from({ length: 150 }, (_, i) => rowXml(i + 2, soundRow(i + 2, '2025-05')));
  return book(rowXml(1, HEADERS) + rows.join(''));
}

/**
 * The register of June as bad as they come: a title above the headers, a fault of its own kind in most rows, a row too long,
 * a hidden row, a blank one, a total at the foot. `fixed` leaves out the faults of the rows before that one.
 */
export function terribleWorkbook(fixed = 0): Buffer {
  const rows = [rowXml(1, ['Staff register of June 2025']), rowXml(4, HEADERS)];
  for (let row = 5; row < 5 + ROWS; row++) {
    const cells = soundRow(row, '2025-06');
    for (const [at, column, value] of FAULTS) if (at === row && at >= fixed) cells[AT[column] ?? 0] = value;
    if (row === 20) cells[0] = 1020;
    if (row === 56) cells.push('one cell too many');
    rows.push(rowXml(row, row === 57 ? [] : cells, row === 58 ? ' hidden="1"' : ''));
  }
  rows.push(rowXml(5 + ROWS, ['Total', null, null, null, null, null, null, 1800]));
  return book(rows.join(''));
}

/** Headers as bad as they come: one missing, one renamed, one there twice, one empty over data, one nobody asked for. */
export function brokenWorkbook(): Buffer {
  const headers = HEADERS.map((name) => name)
    .map((name) =>
      name === 'Hours' ? 'Huors' : name === 'Joined' ? 'Region' : name === 'Skills' ? 'Notes' : name,
    )
    .map((name) => (name === 'Desk' ? '' : name));
  const rows = Array.from({ length: 5 }, (_, i) => rowXml(i + 2, soundRow(i + 2, '2025-06')));
  return book(rowXml(1, headers) + rows.join(''));
}

export const DEPARTMENTS = 'code,label\nFIN,Finance\nOPS,Operations\nLAW,Legal\n';

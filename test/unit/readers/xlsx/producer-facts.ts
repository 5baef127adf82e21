import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Workbooks of the same facts by many producers; the README beside them says what is peculiar in each. */
export const FOLDER = resolve(import.meta.dirname, '../../../fixtures/producers');
export const WORKBOOKS = readdirSync(FOLDER).filter((name) => name.endsWith('.xlsx'));

export const COLUMNS = [
  'id',
  'name',
  'units',
  'price',
  'rate',
  'paid_on',
  'seen_at',
  'active',
  'total',
  'note',
] as const;
export type Facts = Record<(typeof COLUMNS)[number], string>;

/** The right values, as the reader writes them: numbers shortest, date-times with a T, midnight as a date. */
export function facts(): Facts[] {
  const text = readFileSync(resolve(FOLDER, 'facts.csv'), 'utf8').replaceAll('\r\n', '\n');
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))[,\n]/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
  const rows = Array.from({ length: cells.length / COLUMNS.length }, (_, i) =>
    cells.slice(i * COLUMNS.length, (i + 1) * COLUMNS.length),
  );
  return rows.slice(1).map((row) => {
    const one = Object.fromEntries(COLUMNS.map((name, i) => [name, row[i] ?? ''])) as Facts;
    for (const name of ['units', 'price', 'rate', 'total'] as const) one[name] = String(Number(one[name]));
    one.seen_at = one.seen_at
      .replace(' ', 'T')
      .replace(/\.000$/, '')
      .replace(/T00:00:00$/, '');
    one.active = one.active.toUpperCase();
    return one;
  });
}

type Exception = (row: Facts) => Partial<Facts>;

/** What a file cannot say as the facts do, or its producer says in another way. */
export const EXCEPTIONS = {
  /** A leading blank without xml:space is white space of the XML. */
  noBlank: ({ name }) => ({ name: name.trimStart() }),
  /** Serial 16 is 16 January 1900 for Excel. */
  serial16: ({ paid_on }) => ({ paid_on: paid_on === '1900-01-15' ? '1900-01-16' : paid_on }),
  wholeSeconds: ({ seen_at }) => ({ seen_at: seen_at.replace(/\.\d+$/, '') }),
  /** Hundredths of a second are what Gnumeric writes of ISO dates. */
  hundredths: ({ seen_at }) => ({
    seen_at: { '.001': '', '.125': '.130', '.999': '.990' }[seen_at.slice(-4)]
      ? seen_at.slice(0, -4) + { '.125': '.130', '.999': '.990' }[seen_at.slice(-4)]
      : seen_at.replace(/\.001$/, ''),
  }),
  /** `_x0041_` that was not escaped is A. */
  unescaped: ({ note }) => ({ note: note === '_x0041_' ? 'A' : note }),
  /** A formula without a value, or a 0 where the workbook says that results are still to come. */
  uncalculated: () => ({ total: '#FORMULA' }),
  /** A formula's 0 that looks like a result; validate warns of the column. */
  zeros: () => ({ total: '0' }),
  numericIds: ({ id }) => ({ id: String(Number(id)) }),
  numericNotes: ({ note }) => ({ note: { '1e5': '100000', '007': '7' }[note] ?? note }),
  /** ISO texts with T and Z. */
  zoned: ({ paid_on, seen_at }) => ({
    paid_on: `${paid_on}T00:00:00.000Z`,
    seen_at: `${textOf(seen_at, 3, 'T')}Z`,
  }),
  milliseconds: ({ seen_at }) => ({ seen_at: textOf(seen_at, 3, ' ') }),
  microseconds: ({ seen_at }) => ({
    seen_at: /\./.test(seen_at) ? textOf(seen_at, 6, ' ') : textOf(seen_at, 0, ' '),
  }),
  smallTruths: ({ active }) => ({ active: active.toLowerCase() }),
  /** Both truths were written as <v>0</v>. */
  noTruth: () => ({ active: '0' }),
  /** pylightxl escapes an ampersand twice. */
  twiceEscaped: ({ name }) => ({ name: name.replaceAll('&', '&amp;') }),
  /** Excelize's Python build counts 1900 in 32 bits of seconds. */
  year2036: ({ paid_on }) => ({ paid_on: paid_on === '1900-01-15' ? '2036-02-21T06:28:16' : paid_on }),
  before1904: ({ paid_on }) => ({ paid_on: paid_on === '1900-01-15' ? '#DATE' : paid_on }),
  /** Binary noise in the sixteenth digit, as IronCalc calculated it. */
  noise: ({ rate, total }) => ({
    rate: rate === '0.333' ? '0.33299999999999996' : rate,
    total: { '1.2': '1.2000000000000002', '1099.89': '1099.8899999999999' }[total] ?? total,
  }),
  formulaTexts: ({ id }) => {
    const row = facts().findIndex((one) => one.id === id) + 2;
    return { total: `=C${row}*D${row}` };
  },
  /** Dates as JavaScript writes them for people. */
  sentences: ({ paid_on, seen_at }) => ({ paid_on: sentence(paid_on), seen_at: sentence(seen_at) }),
} satisfies Record<string, Exception>;

function textOf(moment: string, places: number, between: string): string {
  const [day, time = '00:00:00'] = moment.split('T');
  const [clock, fraction = ''] = time.split('.');
  return `${day}${between}${clock}${places === 0 ? '' : `.${fraction.padEnd(places, '0')}`}`;
}

function sentence(moment: string): string {
  const date = new Date(`${textOf(moment, 3, 'T')}Z`);
  const [weekday, day, month, year] = date.toUTCString().replace(',', '').split(' ');
  const clock = date.toISOString().slice(11, 19);
  return `${weekday} ${month} ${day} ${year} ${clock} GMT+0000 (Coordinated Universal Time)`;
}

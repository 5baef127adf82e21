import { describe, expect, test } from 'vitest';
import {
  datasetOf,
  type SheetCell,
  validateCells,
  validateText,
} from '../../unit/validation/validate-text.ts';

const FIELDS = [
  { name: 'id', type: 'integer', constraints: { required: true } },
  { name: 'when', type: 'date', constraints: { minimum: '2025-06-01' } },
  { name: 'amount', type: 'number', precision: 10, scale: 2 },
  { name: 'name', clean: ['upper'], constraints: { pattern: '[A-Z]+' } },
  { name: 'region', constraints: { enum: ['NO', 'SO'] } },
];
/** More columns than one band has, before, between and behind the others. */
const FILLERS = Array.from({ length: 300 }, (_, i) => ({
  name: `p${i}`,
  type: i % 3 === 0 ? 'integer' : 'string',
}));
const WIDE = [
  ...FILLERS.slice(0, 100),
  ...FIELDS.slice(0, 2),
  ...FILLERS.slice(100, 250),
  ...FIELDS.slice(2),
  ...FILLERS.slice(250),
];
const RULES = {
  accept: { max_rejected: '99%' },
  schema: { primaryKey: ['id'] },
  source: { footer: '^Total' },
  checks: [{ name: 'small', expect: "amount < 1000 or region = 'NO'", severity: 'warning' }],
};
const ROWS = [
  ['1', '2025-06-01', '1.50', 'ANN', 'NO'],
  ['2', '2025-06-31', '2', 'ben', 'SO'],
  ['3', '2024-01-01', '3.999', 'C1', 'EA'],
  ['', '2025-06-04', '4', 'DAN', 'NO'],
  ['5', '2025-06-05', '5000', 'EVE', 'SO'],
  ['6', '', ' 6 ', '', ''],
  ['6', '2025-06-07', 'x', 'FAY', 'NO'],
];
type Column = (typeof WIDE)[number];

/** The same rows in any columns: a filler holds its place in the file. */
function cellsOf(columns: readonly Column[], row: readonly string[], n: number): string[] {
  const names = FIELDS.map(({ name }) => name);
  return columns.map(({ name }, c) => row[names.indexOf(name)] ?? String(n * 1000 + c));
}

function textOf(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row, n) => cellsOf(columns, row, n).join(','));
  return `${[columns.map(({ name }) => name).join(','), ...lines].join('\n')}\n`;
}

type Outcome = Awaited<ReturnType<typeof validateText>>;
const told = ({ report }: Outcome) =>
  report.findings.map(({ code, field, row, value, message, severity }) => ({
    code,
    field,
    row,
    value,
    message,
    severity,
  }));
const kept = ({ accepted }: Outcome) =>
  accepted.map((one) => [...FIELDS.map(({ name }) => one[name]), one._source_row]);

describe('a file of hundreds of columns', () => {
  for (const canonical of [false, true]) {
    test(`says of its rows what a narrow one does, ${canonical ? 'from the exact form' : 'from plain lines'}`, async () => {
      const narrow = await validateText(datasetOf(FIELDS, RULES), textOf(FIELDS, ROWS), { canonical });
      const wide = await validateText(datasetOf(WIDE, RULES), textOf(WIDE, ROWS), { canonical });
      expect(wide.form).toBe(canonical ? 'canonical' : 'lines');
      expect(wide.rows).toEqual({ read: 7, accepted: 2, rejected: 5, blank: 0 });
      expect(wide.rows).toEqual(narrow.rows);
      expect(wide.findings).toEqual(narrow.findings);
      expect(told(wide)).toEqual(told(narrow));
      expect(kept(wide)).toEqual(kept(narrow));
    });
  }

  test('gives the cell of each fault, and every value of an accepted row', async () => {
    const wide = await validateText(datasetOf(WIDE, RULES), textOf(WIDE, ROWS));
    const cell = wide.report.findings.find(({ code, field }) => code === 'type-error' && field === 'amount');
    expect(cell?.cell).toBe(`${4}:${WIDE.findIndex(({ name }) => name === 'amount') + 1}`);
    const [first] = wide.accepted;
    for (const [c, { name, type }] of WIDE.entries()) {
      if (name.startsWith('p')) expect([name, String(first?.[name]), type]).toEqual([name, String(c), type]);
    }
  });

  test('is sound where all its cells are', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => [String(i), '2025-06-02', '1.00', 'ANN', 'NO']);
    const wide = await validateText(datasetOf(WIDE, RULES), textOf(WIDE, rows));
    expect(wide.rows).toEqual({ read: 3000, accepted: 3000, rejected: 0, blank: 0 });
    expect(wide.accepted.every((one, i) => Number(one.id) === i && Number(one._source_row) === i + 2)).toBe(
      true,
    );
  });

  test('columns that come in another order are themselves', async () => {
    const columns = [...WIDE].reverse();
    const wide = await validateText(datasetOf(WIDE, RULES), textOf(columns, ROWS));
    const narrow = await validateText(datasetOf(FIELDS, RULES), textOf(FIELDS, ROWS));
    expect(told(wide)).toEqual(told(narrow));
    expect(kept(wide)).toEqual(kept(narrow));
  });

  test('a row too long, a row too short, blank rows, the footer and the header again are what they are', async () => {
    const [header = '', one = '', ...rest] = textOf(WIDE, ROWS.slice(0, 1)).split('\n');
    expect(rest).toEqual(['']);
    const short = one.split(',').slice(0, 290).join(',');
    const blank = ','.repeat(WIDE.length - 1);
    const lines = [
      header,
      one,
      blank,
      short,
      `${one},more`,
      header,
      '',
      `${','.repeat(200)}Total${','.repeat(WIDE.length - 201)}`,
      one,
    ];
    const wide = await validateText(datasetOf(WIDE, RULES), `${lines.join('\n')}\n`);
    expect(wide.report.totals.map(({ code, count }) => [code, count])).toEqual(
      expect.arrayContaining([
        ['repeated-header', 1],
        ['extra-cell', 1],
        ['missing-cell', 1],
      ]),
    );
    expect(wide.rows).toEqual({ read: 3, accepted: 1, rejected: 2, blank: 2 });
    expect(wide.report.footerRows).toBe(2);
    expect(wide.accepted).toHaveLength(1);
  });

  test('kinds of workbook cells stay with their cells', async () => {
    const header = WIDE.map(({ name }) => name);
    const cells: SheetCell[] = header.map((name) =>
      name === 'p299' ? ['e', '#N/A'] : name.startsWith('p') ? ['z', '07'] : ['_', ''],
    );
    cells[header.indexOf('id')] = ['n', '17'];
    const wide = await validateCells(datasetOf(WIDE, RULES), [cells]);
    expect(told(wide)).toMatchObject([{ code: 'type-error', field: 'p299', value: '#N/A' }]);
    expect(wide.rows).toMatchObject({ read: 1, rejected: 1 });
  });

  test('faults in every cell are counted exactly', async () => {
    const fields = Array.from({ length: 200 }, (_, i) => ({ name: `n${i}`, type: 'integer' }));
    const lines = Array.from({ length: 100 }, () => fields.map(() => 'x').join(','));
    const { findings, rows, rejected } = await validateText(
      datasetOf(fields),
      `${fields.map(({ name }) => name).join(',')}\n${lines.join('\n')}\n`,
    );
    expect(findings.error).toBe(20_000);
    expect(rows).toEqual({ read: 100, accepted: 0, rejected: 100, blank: 0 });
    expect(rejected).not.toBeNull();
  });
});

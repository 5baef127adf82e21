import { expect, test } from 'vitest';
import { datasetOf, type SheetCell, validateCells } from '../validate-text.ts';

const FORMAT = ['%d/%m/%Y', '%Y-%m-%d'];
const datasetWith = (format: string | string[], type = 'date') =>
  datasetOf([{ name: 'id' }, { name: 'paid', type, format }]);
const rows = (...paid: SheetCell[]): SheetCell[][] => paid.map((cell, i) => [['s', `${i}`], cell]);
const date = (text: string): SheetCell => ['d', text];
const text = (value: string): SheetCell => ['s', value];

test('dates up to the 12th beside date texts may be exchanged: each is named, once a column', async () => {
  const cells = rows(
    date('2025-03-06'),
    date('2025-12-06'),
    text('13/06/2025'),
    text('30/06/2025'),
    date('2025-06-06'),
  );
  const found = await validateCells(datasetWith(FORMAT), cells);
  expect(found.accepted).toHaveLength(5);
  expect(found.findings).toEqual({ error: 0, warning: 2, info: 0 });
  expect(found.told).toEqual(['mixed-dates (warning) B2 2025-03-06', 'mixed-dates (warning) B3 2025-12-06']);
  expect(found.report.findings[0]?.message).toBe(
    "paid: day and month of '2025-03-06' may be exchanged, for other dates of the column are texts.",
  );
});

test.each<[string, string | string[], SheetCell[]]>([
  ['all are dates', FORMAT, [date('2025-03-06'), date('2025-06-13')]],
  ['all are texts', FORMAT, [text('03/06/2025'), text('13/06/2025')]],
  ['the texts say the month by its name', ['%d %B %Y'], [date('2025-03-06'), text('13 June 2025')]],
  ['the texts are in the other notation', FORMAT, [date('2025-03-06'), text('2025-06-13')]],
  ['people write both', FORMAT, [date('2025-03-06'), text('13/06/2025'), text('03/06/2025')]],
  ['the texts are ISO dates', ['%Y-%m-%d'], [date('2025-03-06'), text('2025-06-13')]],
  ['no day could be a month', FORMAT, [date('2025-06-13'), text('14/06/2025'), date('2025-06-06')]],
])('nothing is said where %s', async (_, format, cells) => {
  expect((await validateCells(datasetWith(format), rows(...cells))).told).toEqual([]);
});

test('date-times are looked at as well', async () => {
  const cells = rows(date('2025-03-06T10:00:00'), text('13/06/2025 10:00'));
  const found = await validateCells(datasetWith('%d/%m/%Y %H:%M', 'datetime'), cells);
  expect(found.told).toEqual(['mixed-dates (warning) B2 2025-03-06T10:00:00']);
});

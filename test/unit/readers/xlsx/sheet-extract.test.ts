import { expect, test } from 'vitest';
import { asZip, extractFirst, firstSheet, sheetXml, tinyParts, withSource } from './tiny-workbook.ts';
import { writeZip } from './zip-writer.ts';

const cell = (address: string, value: number | string): string =>
  typeof value === 'number'
    ? `<c r="${address}"><v>${value}</v></c>`
    : `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;
const row = (number: number, cells: string, attributes = ''): string =>
  `<row r="${number}"${attributes}>${cells}</row>`;

test('writes the rows under the header with their numbers, kinds and cells', async () => {
  const rows =
    row(1, cell('A1', 'Title')) +
    row(3, cell('A3', 'id') + cell('B3', 'name')) +
    row(4, cell('A4', 1) + cell('B4', 'x')) +
    row(5, cell('B5', 'y'));
  const extract = await extractFirst(asZip(tinyParts({ rows })), 3, 2);
  expect(extract).toMatchObject({
    form: 'canonical',
    width: 2,
    rows: 2,
    blankRows: 0,
    hiddenRows: 0,
    escaped: false,
    notes: [],
  });
  expect(extract.lines).toEqual(['4|2|ns|1|x', '5|2|_s||y']);
});

test('headerRow 0 makes every row data', async () => {
  expect((await extractFirst(asZip(tinyParts({ rows: row(1, cell('A1', 'a')) })), 0, 1)).lines).toEqual([
    '1|1|s|a',
  ]);
});

test('blank rows between data rows are counted and keep the numbers true', async () => {
  const styled = '<c r="A4" s="1"/><c r="B4" t="inlineStr"><is><t></t></is></c>';
  const rows =
    row(1, cell('A1', 'h')) +
    row(3, cell('A3', 1)) +
    row(4, styled) +
    row(7, cell('A7', 2)) +
    row(9, '<c r="A9" s="1"/>');
  const extract = await extractFirst(asZip(tinyParts({ rows })), 1, 1);
  expect(extract.lines).toEqual(['3|1|n|1', '7|1|n|2']);
  expect(extract.blankRows).toBe(3);
});

test('hidden rows are kept and counted', async () => {
  const rows =
    row(1, cell('A1', 'h'), ' hidden="1"') +
    row(2, cell('A2', 1), ' spans="1:1" hidden="true"') +
    row(3, cell('A3', 2), ' hidden="0"');
  const extract = await extractFirst(asZip(tinyParts({ rows })), 1, 1);
  expect(extract).toMatchObject({ rows: 2, hiddenRows: 1 });
});

test('a filled cell past the width shows in the cell count, a styled empty one does not', async () => {
  const rows =
    row(1, cell('A1', 'h')) +
    row(2, `${cell('A2', 1)}<c r="F2" s="3"/>`) +
    row(3, cell('A3', 1) + cell('D3', 'x')) +
    row(4, cell('C4', 'only'));
  expect((await extractFirst(asZip(tinyParts({ rows })), 1, 2)).lines).toEqual([
    '2|2|n_|1|',
    '3|4|n_|1|',
    '4|3|__||',
  ]);
});

test('line breaks, escapes and dividers inside cells are escaped', async () => {
  const rows = row(1, cell('A1', 'a&#10;b') + cell('B1', 'c_x001F_d_x001B_e_x000D_'));
  const extract = await extractFirst(asZip(tinyParts({ rows })), 0, 2);
  expect(extract.escaped).toBe(true);
  expect(extract.lines).toEqual(['1|2|ss|a\x1bnb|c\x1bud\x1bee\x1br']);
});

test('head gives the first rows that are not blank, and does not read on', async () => {
  const many = Array.from({ length: 200_000 }, (_, i) =>
    row(i + 10, cell(`A${i + 10}`, (i * 7919) % 100_003)),
  ).join('');
  const parts = [
    ...tinyParts({ sheet: sheetXml(row(2, '<c r="A2" s="1"/>') + row(5, cell('B5', 'h')) + many) }),
  ];
  const broken = writeZip(
    parts.map(([name, data]) =>
      name.includes('sheet1') ? { name, data, claims: { crc: 1 } } : { name, data },
    ),
  );
  await withSource(broken, async (source) => {
    const sheet = await firstSheet(source);
    const head = await source.head(sheet, 3);
    expect(head.map(({ row: number }) => number)).toEqual([5, 10, 11]);
    expect(head[0]!.cells).toEqual([
      { text: '', kind: '_' },
      { text: 'h', kind: 's' },
    ]);
    expect((await source.head(sheet, 3)).length).toBe(3);
    await expect(source.head(sheet, 1_000_000)).rejects.toThrow(/damaged/);
  });
});

test('shared strings are read on as far as cells refer to them, across many chunks of both parts', async () => {
  const count = 60_000;
  const strings = Array.from({ length: count }, (_, i) => `<si><t>text number ${i}</t></si>`).join('');
  const rows = Array.from({ length: count }, (_, i) =>
    row(i + 1, `<c r="A${i + 1}" t="s"><v>${(i * 7) % count}</v></c>`),
  ).join('');
  const bytes = asZip(tinyParts({ rows, strings }));
  const { lines } = await extractFirst(bytes, 0, 1);
  expect(lines.length).toBe(count);
  expect(lines.every((line, i) => line === `${i + 1}|1|s|text number ${(i * 7) % count}`)).toBe(true);
});

test('the same sheet can be extracted twice, and two sheets at once', async () => {
  const bytes = asZip(tinyParts({ rows: row(1, cell('A1', 1)) }));
  const [one, two] = await Promise.all([extractFirst(bytes, 0, 1), extractFirst(bytes, 0, 1)]);
  expect(one.lines).toEqual(two.lines);
});

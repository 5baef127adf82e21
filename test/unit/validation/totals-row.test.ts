import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { a1 } from '../../../src/domain/finding.ts';
import { asZip, relsXml, tinyParts } from '../readers/xlsx/tiny-workbook.ts';
import { datasetOf, validateFile } from './validate-text.ts';

const FIELDS = [
  { name: 'id' },
  { name: 'units', type: 'integer' },
  { name: 'price', type: 'number', precision: 12, scale: 2 },
];
const DATA = datasetOf(FIELDS);
const XLSX = 'data_2025-06.xlsx';
const producer = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../fixtures/producers', name));

describe('the totals row of a table, as real programs write it', () => {
  it.each([
    [
      'exceljs_totals_row-4.4.0.xlsx',
      'T',
      [
        ['00417', '3', '1.50'],
        ['00418', '4', '2.50'],
      ],
    ],
    [
      'polars_totals_row-2.1.0.xlsx',
      'Frame0',
      [
        ['00417', '3', '19.99'],
        ['00418', '12', '0.10'],
      ],
    ],
  ])('is left out and told, its cells unjudged: %s', async (file, table, rows) => {
    const found = await validateFile(DATA, XLSX, producer(file));
    expect(found.accepted.map(({ id, units, price }) => [id, units, price])).toEqual(rows);
    expect(found.rows).toMatchObject({ read: 2, accepted: 2, rejected: 0 });
    expect(found.report.findings.filter(({ severity }) => severity !== 'warning')).toMatchObject([
      {
        code: 'totals-row',
        severity: 'info',
        row: 4,
        message: `The row is the totals row of the table '${table}', so it is not counted as data.`,
      },
    ]);
  });
});

const cells = (row: number, ...values: readonly (string | number)[]): string => {
  const all = values.map((value, i) => {
    const at = `${'ABCDEFGH'[i]}${row}`;
    if (value === '') return '';
    return typeof value === 'number'
      ? `<c r="${at}"><v>${value}</v></c>`
      : `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
  });
  return `<row r="${row}">${all.join('')}</row>`;
};
const ROWS = [
  cells(1, 'id', 'units', 'price'),
  cells(2, 'a', 1, 1.5),
  cells(3, 'b', 2, 2.5),
  cells(4, 'Sum', 3, 4),
].join('');

/** A workbook whose sheet has tables, by what stands in the opening tag of each. */
function withTables(tables: readonly string[], rows = ROWS): Buffer {
  const parts = tinyParts({ rows });
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  parts.set(
    'xl/worksheets/_rels/sheet1.xml.rels',
    relsXml(...tables.map((_, i) => [`rId${i + 1}`, 'table', `../tables/table${i + 1}.xml`] as const)),
  );
  for (const [i, attributes] of tables.entries())
    parts.set(
      `xl/tables/table${i + 1}.xml`,
      attributes.startsWith('<')
        ? attributes
        : `<table xmlns="${main}" id="${i + 1}" ${attributes}><tableColumns/></table>`,
    );
  return asZip(parts);
}
const SALES = 'name="Sales" displayName="Sales" ref="A1:C4" totalsRowCount="1"';
const idsOf = async (bytes: Buffer, dataset = DATA) => {
  const found = await validateFile(dataset, XLSX, bytes);
  return { ids: found.accepted.map(({ id }) => id), told: found.told, report: found.report };
};

describe('a table of the sheet', () => {
  it('says which row is its totals row, and the rows below go on', async () => {
    const more = `${ROWS}${cells(5, 'c', 7, 8)}`;
    const { ids, told } = await idsOf(withTables([SALES], more));
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(told).toEqual(['totals-row (info) A4 -']);
  });

  it('may have several of them, or none', async () => {
    const two = await idsOf(withTables([SALES.replace('"1"', '"2"')]));
    expect(two.ids).toEqual(['a']);
    expect(two.told).toEqual(['totals-row (info) A3 -', 'totals-row (info) A4 -']);
    for (const none of ['ref="A1:C4"', 'ref="A1:C4" totalsRowCount="0"', 'ref="A1:C4" totalsRowShown="1"'])
      expect(await idsOf(withTables([`name="Sales" ${none}`]))).toMatchObject({
        ids: ['a', 'b', 'Sum'],
        told: [],
      });
  });

  it('says nothing of the rows of a table beside it', async () => {
    const beside = 'name="Other" displayName="Other" ref="F1:G3" totalsRowCount="1"';
    const { ids, told } = await idsOf(withTables([beside]));
    expect(ids).toEqual(['a', 'b', 'Sum']);
    expect(told).toEqual([]);
  });

  it('gives way to a footer and to `source.skip`', async () => {
    const footed = await idsOf(withTables([SALES]), datasetOf(FIELDS, { source: { footer: '^Sum' } }));
    expect(footed).toMatchObject({ ids: ['a', 'b'], told: [] });
    const skipped = await idsOf(withTables([SALES]), datasetOf(FIELDS, { source: { skip: '^Sum' } }));
    expect(skipped).toMatchObject({ ids: ['a', 'b'], told: ['skipped-row (info) A4 -'] });
  });

  it('that is damaged does not refuse the workbook, and the report says that its totals are not known', async () => {
    const { ids, report } = await idsOf(withTables(['<table ref="A1:C4"']));
    expect(ids).toEqual(['a', 'b', 'Sum']);
    expect(report.notes).toEqual([
      '1 table of the sheet cannot be read, so a totals row of it would not be known.',
    ]);
  });

  it.each([3, 4])(
    'has a total that a control check is held against where the footer is not found: %i',
    async (sum) => {
      const checks = [{ name: 'sum', control: { 'sum(units)': 'footer' } }];
      const rows = ROWS.replace('<c r="B4"><v>3</v></c>', `<c r="B4"><v>${sum}</v></c>`);
      const { report } = await idsOf(
        withTables([SALES], rows),
        datasetOf(FIELDS, { checks, source: { footer: '^Grand total' } }),
      );
      const codes = sum === 3 ? ['totals-row'] : ['totals-row', 'control-total'];
      expect(report.findings.map(({ code }) => code)).toEqual(codes);
    },
  );

  it('is known in a file of very many columns, too', async () => {
    const names = Array.from({ length: 150 }, (_, i) => `c${i}`);
    const line = (row: number, values: readonly string[]) =>
      `<row r="${row}">${values.map((text, i) => `<c r="${a1(i, row)}" t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`;
    const rows = [names, names.map(() => 'x'), names.map(() => 'total'), [...names.map(() => 'y'), 'beside']]
      .map((values, i) => line(i + 1, values))
      .join('');
    const dataset = datasetOf(
      names.map((name) => ({ name })),
      { headers: { extra: 'ignore' } },
    );
    const table = `name="Wide" displayName="Wide" ref="A1:${a1(149, 3)}" totalsRowCount="1"`;
    const found = await validateFile(dataset, XLSX, withTables([table], rows));
    expect(found.accepted.map(({ c0, c149 }) => [c0, c149])).toEqual([
      ['x', 'x'],
      ['y', 'y'],
    ]);
    expect(found.told).toEqual(['totals-row (info) A3 -', `extra-cell (info) ${a1(150, 4)} -`]);
  });
});

import { describe, expect, it } from 'vitest';
import { asZip, sheetXml, tinyParts } from '../../readers/xlsx/tiny-workbook.ts';
import { datasetOf, validateFile, validateText } from '../validate-text.ts';

const FIELDS = [{ name: 'drug' }, { name: 'pack' }, { name: 'price', type: 'number' }];
const DATA = datasetOf(FIELDS);
const HEADER = 'drug,pack,price\n';
const text = (address: string, value: string): string =>
  `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;
const header = (row: number): string =>
  `<row r="${row}">${text(`A${row}`, 'drug')}${text(`B${row}`, 'pack')}${text(`C${row}`, 'price')}</row>`;
const rows = `${header(1)}<row r="2">${text('A2', 'A')}${text('B2', '28')}<c r="C2"><v>1.5</v></c></row>`;

describe('a second table below the first', () => {
  it('refuses the file where its title would be a row of data', async () => {
    const found = await validateText(DATA, `${HEADER}A,28,1.5\n\nRolled over,,\n${HEADER}A,28,1.5\nC,30,3\n`);
    const message = 'Row 4 looks like the title of a second table, for the headers are repeated below it.';
    expect(found.status).toBe('refused');
    expect(found.report.refusals).toEqual([message]);
    expect(found.report.findings).toMatchObject([
      { code: 'repeated-header', row: 5 },
      { code: 'second-table', severity: 'error', cell: '4:1', row: 4, message },
    ]);
  });

  it('is a warning where its title is a row that is rejected', async () => {
    const dataset = datasetOf([{ name: 'drug' }, { name: 'pack', constraints: { required: true } }], {
      accept: { max_rejected: 1 },
    });
    const found = await validateText(dataset, 'drug,pack\nA,28\nRolled over,\ndrug,pack\nB,30\n');
    expect(found.status).toBe('passed');
    expect(found.told).toContain('second-table (warning) 3:1 -');
  });

  it('is known by a title in any column, and each is counted', async () => {
    const found = await validateText(DATA, `${HEADER}A,28,1\n,One,\n${HEADER}B,1,2\n,, 7\n${HEADER}C,1,2\n`);
    expect(found.report.refusals).toEqual([
      '2 rows, the first in row 3, look like titles of further tables: the headers are repeated below them.',
    ]);
    expect(found.told).toContain('second-table 3:2 -');
  });

  it('is known in a workbook whose title is merged over the columns', async () => {
    const title = `<row r="4">${text('A4', 'Rolled over')}</row>`;
    const merged = '<mergeCells><mergeCell ref="A4:B4"/></mergeCells>';
    const bytes = asZip(tinyParts({ sheet: sheetXml(`${rows}${title}${header(5)}`, merged) }));
    const found = await validateFile(DATA, 'data_2025-06.xlsx', bytes);
    expect(found.told).toContain('second-table A4 -');
    expect(found.status).toBe('refused');
  });

  it('is not there where a page begins anew, or where a row of data has the same text in all columns', async () => {
    const found = await validateText(DATA, `${HEADER}A,28,1\n1,1,1\n${HEADER}B,1,2\n\n${HEADER}C,1,2\n`);
    expect(found.status).toBe('passed');
    expect(found.told).toEqual(['repeated-header (info) 4:1 -', 'repeated-header (info) 7:1 -']);
  });

  it('says nothing of a title that the configuration leaves out', async () => {
    const dataset = datasetOf(FIELDS, { source: { skip: '^Rolled' } });
    const found = await validateText(dataset, `${HEADER}A,28,1\nRolled over,,\n${HEADER}B,1,2\n`);
    expect(found.told).toEqual(['repeated-header (info) 4:1 -', 'skipped-row (info) 3:1 -']);
  });
});

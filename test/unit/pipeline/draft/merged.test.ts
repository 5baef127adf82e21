import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import { fileSource } from '../../../../src/domain/dataset.ts';
import { validateFile } from '../../validation/validate-text.ts';
import { type Cell, drafted } from './drafted.ts';

async function merged(rows: readonly (readonly Cell[])[], ...ranges: readonly string[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Data');
  sheet.addRows(rows as Cell[][]);
  for (const range of ranges) sheet.mergeCells(range);
  return Buffer.from(await book.xlsx.writeBuffer());
}

const HEADER = ['Region', 'Site', 'N', 'M'] as const;
const ROWS = [
  ['North', 'a', 1, 2],
  [null, 'b', 2, 3],
  ['South', 'a', 4, 5],
] as const;

describe('merged cells in a draft', () => {
  it('are refused where the file has none among its rows, with the reason beside it', async () => {
    const plain = await merged([['Title'], HEADER, ...ROWS], 'A1:D1');
    const { dataset, yaml, found } = await drafted('m_2025-06.xlsx', plain);
    expect(yaml).toContain(
      'merged: refuse # a file with merged cells among its rows is refused: they do not say which rows a value is meant for',
    );
    expect(found.rows.accepted).toBe(3);
    const later = await validateFile(
      dataset,
      'm_2025-06.xlsx',
      await merged([['Title'], HEADER, ...ROWS], 'A3:A4'),
    );
    expect(later.accepted).toEqual([]);
    expect(later.told).toContainEqual(expect.stringMatching(/^merged-cells/));
  });

  it('of a note below the rows are of no account, also for a file that would be refused for them', async () => {
    const { dataset, told, found } = await drafted(
      'm_2025-06.xlsx',
      await merged([HEADER, ...ROWS, ['Total', null, 7, 10], ['Source: the depots']], 'A5:B5', 'A6:D6'),
    );
    expect(dataset.source).toMatchObject({ merged: 'refuse', footer: '^(Total|Source)' });
    expect(found.rows).toMatchObject({ read: 3, accepted: 3 });
    expect(told).toEqual([]);
  });

  it('are filled where one text stands beside the rows it belongs to, with a doubt, and make part of the key', async () => {
    const { dataset, yaml, notes, rows } = await drafted(
      'm_2025-06.xlsx',
      await merged([HEADER, ...ROWS], 'A2:A3'),
    );
    expect(rows.map(([region, site]) => `${region} ${site}`)).toEqual(['North a', 'North b', 'South a']);
    expect(dataset.primaryKey).toEqual(['region', 'site']);
    expect(yaml).toContain(
      'merged: fill # check: A2:A3: each cell gets the value of its range; refuse is safer where the sender can unmerge them',
    );
    expect(notes).toContain(
      'Cells are merged among the rows (A2:A3): each cell gets the value of its range.',
    );
  });

  it.each([
    ['a figure over two rows, which would count twice', ['North', 'b', null, 3], ['C2:C3']],
    ['a text across columns of numbers', ['North', 'b', 'no data', null], ['C3:D3']],
  ] as const)('are kept in the first cell alone: %s', async (_what, second, ranges) => {
    const { dataset, notes, found } = await drafted(
      'm_2025-06.xlsx',
      await merged([HEADER, ROWS[0], second, ROWS[2]], ...ranges),
    );
    expect(fileSource(dataset).merged).toBe('keep');
    expect(found.rows).toMatchObject({ read: 3, accepted: 3 });
    expect(notes).toContain(
      `Cells are merged among the rows (${ranges[0]}): only the first cell of each has a value.`,
    );
  });

  it('are filled where a number names the rows: a year or an identifier', async () => {
    const { rows } = await drafted(
      'm_2025-06.xlsx',
      await merged(
        [
          ['Year', 'Shop No.', 'N'],
          [2024, 7, 1],
          [null, null, 2],
          [2025, 8, 3],
        ],
        ...['A2:A3', 'B2:B3'],
      ),
    );
    expect(rows.map(([year, shop]) => [year, shop])).toEqual([
      [2024, '7'],
      [2024, '7'],
      [2025, '8'],
    ]);
  });

  it('are nothing that text files could have', async () => {
    expect((await drafted('m_2025-06.tsv', 'a\tb\n1\t2\n')).yaml).not.toContain('merged:');
    expect((await drafted('m_2025-06.csv', 'a,b\n1,2\n')).yaml).toContain('merged: refuse');
  });
});

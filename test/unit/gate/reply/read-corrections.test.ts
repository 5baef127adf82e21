import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { type Corrections, readCorrections } from '../../../../src/gate/reply/read-corrections.ts';
import { asZip, escapeXml, tinyParts, workbookXml, writeFile } from '../../readers/xlsx/tiny-workbook.ts';

const HEADER = ['Cell', 'Sheet', 'Corrected value'];

/** Reads a reply whose sheet of problems has these rows; what starts with < stands as it is. */
function read(rows: readonly (readonly string[])[], sheet = 'Problems'): Promise<Corrections> {
  const cell = (text: string) =>
    text.startsWith('<') ? `<c t="e">${text}</c>` : `<c t="inlineStr"><is><t>${escapeXml(text)}</t></is></c>`;
  const xml = rows.map(
    (cells) => `<row>${cells.map((text) => (text === '' ? '<c/>' : cell(text))).join('')}</row>`,
  );
  const parts = tinyParts({ rows: xml.join('') });
  parts.set('xl/workbook.xml', workbookXml(`<sheet name="${sheet}" sheetId="1" r:id="rId1"/>`));
  return readCorrections(writeFile(asZip(parts)), DEFAULT_LIMITS);
}

describe('readCorrections', () => {
  it('reads filled-in values by cell, wherever the columns were moved to', async () => {
    const found = await read([
      ['corrected value', 'x', 'CELL', 'Sheet'],
      ['007', '', 'B7', 'Data'],
      ['', '', 'C7', 'Data'],
      [' (Blank) ', '', '$AA$8', 'Data'],
    ]);
    expect(found.sheet).toBe('Data');
    expect(found.count).toBe(2);
    expect(found.cells).toEqual(
      new Map([
        [7, new Map([[1, '007']])],
        [8, new Map([[26, '']])],
      ]),
    );
  });

  it('takes any text for a value, and yes in the columns of its own for what is no value', async () => {
    const header = [...HEADER, 'Row', 'Empty cell', 'Delete row'];
    const found = await read([
      header,
      ['B7', '', '(delete)', '7', '', ''],
      ['C7', '', '(blank)', '7', '', ''],
      ['D7', '', 'yes', '7', '', ''],
      ['E7', '', '', '7', 'Yes', ''],
      ['B8', '', '', '8', '', ' YES '],
      ['', '', '', '9', '', 'yes'],
    ]);
    expect(found.cells).toEqual(
      new Map([
        [
          7,
          new Map([
            [1, '(delete)'],
            [2, '(blank)'],
            [3, 'yes'],
            [4, ''],
          ]),
        ],
      ]),
    );
    expect([...found.deleted]).toEqual([8, 9]);
    expect(found.count).toBe(4);
  });

  it.each([
    ['another word than yes', ['B7', '', '', '7', '', 'no'], "The 'Delete row' in row 2 says 'no'"],
    ['a value for an emptied cell', ['B7', '', '1', '7', 'yes', ''], "'Empty cell' too"],
    [
      'a value in a deleted row',
      ['B7', '', '1', '7', '', 'yes'],
      'Row 7 is deleted and has a corrected cell',
    ],
    ['a deletion of no row', ['', '', '', '', '', 'yes'], 'names no row'],
  ])('refuses %s', async (_, row, message) => {
    const header = [...HEADER, 'Row', 'Empty cell', 'Delete row'];
    await expect(read([header, row])).rejects.toMatchObject({
      code: 'reply-refused',
      message: expect.stringContaining(message),
    });
  });

  it('reads line and column of a text file', async () => {
    const found = await read([HEADER, ['12:3', '', '=x']]);
    expect(found).toMatchObject({ sheet: null, cells: new Map([[12, new Map([[2, '=x']])]]) });
  });

  it('takes the same value twice for a cell, and refuses two different ones', async () => {
    expect((await read([HEADER, ['B7', '', '1'], ['B7', '', '1']])).count).toBe(1);
    await expect(read([HEADER, ['B7', '', '1'], ['B7', '', '2']])).rejects.toThrow(
      'B7 is given two different',
    );
  });

  it.each([
    ['a value without a cell', [HEADER, ['', '', '1']], 'names no cell'],
    ['an address that is none', [HEADER, ['B0', '', '1']], "names 'B0', which is no cell"],
    ['an error value', [HEADER, ['B7', '', '<v>#REF!</v>']], '#REF!, which is no value'],
    ['nothing filled in', [HEADER, ['B7', '', '']], "No 'Corrected value' is filled in"],
    [
      'a missing column',
      [
        ['Cell', 'Sheet'],
        ['B7', ''],
      ],
      "has no column 'Corrected value'",
    ],
    ['cells of two sheets', [HEADER, ['B7', 'a', '1'], ['B8', 'b', '1']], 'names another sheet'],
  ])('refuses %s', async (_, rows, message) => {
    await expect(read(rows)).rejects.toMatchObject({
      code: 'reply-refused',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a file without its sheet of problems', async () => {
    await expect(read([HEADER], 'Sheet1')).rejects.toThrow("The sheet 'Problems' is not in the file");
  });
});

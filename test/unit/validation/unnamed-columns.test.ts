import { describe, expect, it } from 'vitest';
import { asZip, tinyParts } from '../readers/xlsx/tiny-workbook.ts';
import { datasetOf, validateFile, validateText } from './validate-text.ts';

const FIELDS = [{ name: 'id', type: 'integer' }, { name: 'amount' }];
const data = (extra: string, source = {}) => datasetOf(FIELDS, { headers: { extra }, source });

/** 100 rows; from line 62 on, the column between the two named ones has a value. */
const csv = (lost = 'lost') =>
  `id,,amount\n${Array.from({ length: 100 }, (_, i) => `${i},${i >= 60 ? lost : ' '},${i}\n`).join('')}`;

function workbook(): Buffer {
  const cell = (address: string, text: string) =>
    text === '' ? '' : `<c r="${address}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const rows = csv()
    .trimEnd()
    .split('\n')
    .map((line, r) => {
      const cells = line.split(',').map((text, c) => cell(`${'ABC'[c]}${r + 1}`, text));
      return `<row r="${r + 1}">${cells.join('')}</row>`;
    });
  return asZip(tinyParts({ rows: rows.join('') }));
}

describe('a column without header whose first value stands far below the rows the gate looks at', () => {
  it.each([
    ['text', 'data_2025-06.csv', csv(), '62:2'],
    ['a workbook', 'data_2025-06.xlsx', workbook(), 'B62'],
  ])('refuses the file, with the cell of the first value: %s', async (_, name, bytes, cell) => {
    const found = await validateFile(data('error'), name, bytes);
    expect(found.status).toBe('refused');
    expect(found.told).toEqual([`blank-label ${cell} -`]);
    expect(found.report.refusals.join()).toContain('40 values, the first in row 62');
  });

  it.each([
    ['warning', 'blank-label (warning) 62:2 -'],
    ['ignore', 'blank-label (info) 62:2 -'],
  ])('passes under `extra: %s`, and is told', async (extra, told) => {
    const found = await validateText(data(extra), csv());
    expect(found.rows).toMatchObject({ read: 100, accepted: 100 });
    expect(found.told).toEqual([told]);
  });

  it('is told of once where the gate has seen it too, with the values of all rows', async () => {
    const found = await validateText(data('ignore'), 'id,,amount\n1,x,2\n2,,3\n3,y,4\n');
    expect(found.told).toEqual(['blank-label (info) 2:2 -']);
    expect(found.report.findings[0]?.message).toContain('2 values');
  });

  it('is told of where the exact form is read, too', async () => {
    const found = await validateText(data('ignore'), csv('"a\nb"'));
    expect(found.told).toEqual(['blank-label (info) 62:2 -']);
  });

  it('is not told of where it has no value, or has them in rows that are no data', async () => {
    expect((await validateText(data('error'), csv(''))).told).toEqual([]);
    const footed = data('error', { footer: '^Total', skip: '^Sub' });
    const found = await validateText(footed, `${csv('')}Sub,x,1\n7,,8\nTotal,x,1\n8,y,9\n`);
    expect(found.rows).toMatchObject({ read: 101, accepted: 101 });
    expect(found.told.filter((one) => one.startsWith('blank-label'))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { asZip, tinyParts } from '../readers/xlsx/tiny-workbook.ts';
import { datasetOf, validateFile, validateText } from './validate-text.ts';

const FIELDS = [{ name: 'id' }, { name: 'town' }];
const data = (extra: string, source = {}) =>
  datasetOf(FIELDS, { headers: { extra }, source, accept: { max_rejected: '99%' } });
const IGNORES = data('ignore');

type Line = readonly string[];
const csv = (lines: readonly Line[]): string => lines.map((cells) => `${cells.join(',')}\n`).join('');

function workbook(lines: readonly Line[]): Buffer {
  const rows = lines.map((cells, r) => {
    const all = cells.map((text, c) =>
      text === '' ? '' : `<c r="${'ABCDE'[c]}${r + 1}" t="inlineStr"><is><t>${text}</t></is></c>`,
    );
    return cells.length === 0 ? '' : `<row r="${r + 1}">${all.join('')}</row>`;
  });
  return asZip(tinyParts({ rows: rows.join('') }));
}

const TABLE: readonly Line[] = [
  ['id', 'town'],
  ['1', 'Ulm'],
  ['2', 'Bonn'],
];
const WIDER: readonly Line[] = [
  ['Region', 'Code', 'People', 'Note'],
  ['North', 'NO', '7', 'old'],
  ['South', 'SO', '8', 'new'],
];
type File = readonly [name: string, bytes: string | Buffer];
const FORMS: readonly (readonly [form: string, file: (lines: readonly Line[]) => File])[] = [
  ['text', (lines) => ['data_2025-06.csv', csv(lines)]],
  ['a workbook', (lines) => ['data_2025-06.xlsx', workbook(lines)]],
];
const at = (form: string, row: number) => (form === 'text' ? `${row}:1` : `A${row}`);

describe.each(FORMS)('a wider table below the table, in %s', (form, file) => {
  it.each([
    ['after a blank row', [[], ...WIDER], 5],
    ['after two blank rows', [[], [], ...WIDER], 6],
    ['after a title', [[], ['Regions'], ...WIDER], 5],
  ])('ends the data under `extra: ignore`, with a warning: %s', async (_how, below, row) => {
    const found = await validateFile(IGNORES, ...file([...TABLE, ...below]));
    expect(found.accepted.map(({ id, town }) => [id, town])).toEqual([
      ['1', 'Ulm'],
      ['2', 'Bonn'],
    ]);
    expect(found.told).toEqual([`second-table (warning) ${at(form, row)} -`]);
    expect(found.report.findings[0]?.message).toBe(
      `A wider table begins in row ${row}, below the first; its rows are not read.`,
    );
    expect(found.rows).toMatchObject({ read: 2, accepted: 2 });
  });

  it('is not looked at below the footer', async () => {
    const footed = data('ignore', { footer: '^End' });
    const found = await validateFile(footed, ...file([...TABLE, ['End'], [], ...WIDER]));
    expect(found.told).toEqual([]);
    expect(found.rows).toMatchObject({ read: 2, accepted: 2 });
  });

  it('ends the data far below the rows that the gate looks at', async () => {
    const many = Array.from({ length: 80 }, (_, i) => [`${i}`, 'Ulm']);
    const found = await validateFile(IGNORES, ...file([TABLE[0] as Line, ...many, [], ...WIDER]));
    expect(found.rows).toMatchObject({ read: 80, accepted: 80 });
    expect(found.told).toEqual([`second-table (warning) ${at(form, 83)} -`]);
  });

  it('is none where its first row is one of data, or its rows are no wider', async () => {
    for (const below of [
      [[], ['3', 'Köln', 'x', '1'], ['4', 'Jena', 'y', '2']],
      [[], WIDER[0] as Line, ['3', 'Köln'], ['4', 'Jena'], ['5', 'Gera']],
      WIDER,
    ]) {
      const found = await validateFile(IGNORES, ...file([...TABLE, ...below]));
      expect(found.told.filter((one) => one.startsWith('second-table'))).toEqual([]);
    }
  });
});

describe('values past the last header', () => {
  it('are let be under `extra: ignore` in a workbook, where each has its column, and told', async () => {
    const lines = [...TABLE, ['3', 'Köln', '', 'checked'], ['', '', '', 'by Ann'], ['4', 'Jena']];
    const found = await validateFile(IGNORES, 'data_2025-06.xlsx', workbook(lines));
    expect(found.accepted.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(found.told).toEqual(['extra-cell (info) C4 -']);
    expect(found.report.findings).toMatchObject([{ row: 4, severity: 'info' }]);
    expect(found.rows).toMatchObject({ read: 4, accepted: 4, rejected: 0 });
  });

  it('leave the cells of their row to be judged as ever', async () => {
    const dataset = datasetOf([{ name: 'id', type: 'integer' }, { name: 'town' }], {
      headers: { extra: 'ignore' },
      accept: { max_rejected: '99%' },
    });
    const lines = [...TABLE, ['x', ' Köln', '', 'checked']];
    const found = await validateFile(dataset, 'data_2025-06.xlsx', workbook(lines));
    expect(found.told).toEqual(['extra-cell (info) C4 -', 'type-error A4 x']);
    expect(found.rows).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
  });

  it('are let be in JSON lines, where each has its name', async () => {
    const lines = Array.from({ length: 1001 }, (_, i) => `{"id":"${i}","town":"Ulm"}\n`);
    const dataset = datasetOf(FIELDS, {
      headers: { extra: 'ignore' },
      source: { filename: 'data_{period}.jsonl' },
    });
    const text = `${lines.join('')}{"id":"x","town":"Bonn","note":"late"}\n`;
    const found = await validateFile(dataset, 'data_2025-06.jsonl', text);
    expect(found.rows).toMatchObject({ read: 1002, accepted: 1002 });
    expect(found.told).toEqual(['extra-cell (info) 1002:3 -']);
  });

  it('are errors of their row in text, where they may have moved the others', async () => {
    const found = await validateText(IGNORES, csv([...TABLE, ['3', 'Smith', ' John']]));
    expect(found.told).toEqual(['extra-cell 4:3 -']);
    expect(found.rows).toMatchObject({ read: 3, rejected: 1 });
  });

  it.each(['error', 'warning'])('refuse a workbook under `extra: %s`', async (extra) => {
    const lines = [...TABLE, ['3', 'Köln', '', 'checked']];
    await expect(validateFile(data(extra), 'data_2025-06.xlsx', workbook(lines))).rejects.toThrow(
      /Column D has no header/,
    );
  });
});

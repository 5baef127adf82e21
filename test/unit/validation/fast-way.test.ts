import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { openSource } from '../../../src/readers/open-source.ts';
import { planColumns } from '../../../src/validation/layout.ts';
import { ALL_DATA } from '../../../src/validation/row-bits.ts';
import { Scratch } from '../../../src/validation/scratch.ts';
import { typeRows } from '../../../src/validation/typed-rows.ts';
import { asZip, tinyParts } from '../readers/xlsx/tiny-workbook.ts';
import { datasetOf, temporaryFolder } from './validate-text.ts';

const FIELDS = [
  { name: 'id', type: 'integer' },
  { name: 'at', type: 'datetime' },
];

/** Whether a file's rows all passed the one quick test, so that no cell was cleaned and matched. */
async function isFast(name: string, bytes: string | Buffer): Promise<boolean> {
  const dataset = datasetOf(FIELDS);
  const folder = temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const source = await openSource(path, {}, DEFAULT_LIMITS);
  const scratch = await Scratch.open(folder, { reads: [path] });
  try {
    const [sheet] = await source.sheets();
    if (sheet === undefined) throw new Error('no sheet');
    const extract = await source.extract({ sheet, headerRow: 1, width: 2, scratch: folder });
    const headers = FIELDS.map((field) => field.name);
    const mapping = headers.map((field, column) => ({ column, field }));
    const plan = planColumns(
      dataset,
      { format: source.format, file: name, sheet: null, headers, mapping },
      [],
    );
    const rows = ALL_DATA;
    const typed = await typeRows(scratch, extract, plan, { format: source.format, rows, quickFrom: 0 });
    return typed.sound;
  } finally {
    scratch.close();
    await source.close();
  }
}

/** Days and times as Excel stores them, under a format with a time. */
function workbookOf(...serials: readonly string[]): Buffer {
  const header =
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>at</t></is></c></row>';
  const rows = serials.map((v, i) => {
    const r = i + 2;
    return `<row r="${r}"><c r="A${r}"><v>${i}</v></c><c r="B${r}" s="1"><v>${v}</v></c></row>`;
  });
  return asZip(tinyParts({ rows: header + rows.join(''), formats: ['yyyy-mm-dd hh:mm:ss.000'] }));
}

test('a workbook with a datetime column takes the fast way: times, midnights and milliseconds', async () => {
  expect(
    await isFast('data.xlsx', workbookOf('45809.5', '45810', '45810.000001389', '45811.999988426')),
  ).toBe(true);
  expect(await isFast('data.xlsx', workbookOf('45809.5', '60'))).toBe(false);
});

test.each([
  '2025-06-01T10:00:00',
  '2025-06-01T10:00:00.120',
  '2025-06-01T10:00',
  '2025-06-01 10:00',
  '2025-06-01',
])('a text file with %s takes the fast way', async (text) =>
  expect(await isFast('data.csv', `id,at\n1,${text}\n2,2025-06-02T00:00:00\n`)).toBe(true),
);

test('JSON lines with ISO texts take the fast way', async () => {
  expect(
    await isFast(
      'data.jsonl',
      '{"id":1,"at":"2025-06-01T10:00:00"}\n{"id":2,"at":"2025-06-01T10:00:00.5"}\n',
    ),
  ).toBe(true);
});

test.each([
  '2025-06-01T10:00:00Z',
  ' 2025-06-01T10:00:00',
  '2025-06-01T10:00:00,5',
  '2025-02-29T10:00:00',
  '2025-06-01T24:00:00',
])('a text file with %j is judged cell by cell', async (text) =>
  expect(await isFast('data.csv', `id;at\n1;${text}\n`)).toBe(false),
);

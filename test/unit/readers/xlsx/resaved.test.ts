import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trialCount, trials } from '../../../fixtures/trials.ts';
import { FOLDER, WORKBOOKS } from './producer-facts.ts';
import { type Doing, differences, unexplained, valuesOf } from './resaved.ts';
import { CHANGED, NOT_LOADED, resavedByExceljs } from './resaved-by-exceljs.ts';
import { asZip, escapeXml, tinyParts } from './tiny-workbook.ts';

/** A few, always the same; TIDEMARK_FUZZ takes as many as it says, and TIDEMARK_FUZZ_FROM others. */
const FEW = Math.min(trialCount(10), WORKBOOKS.length);
const [chosen = []] = fc.sample(fc.shuffledSubarray(WORKBOOKS, { minLength: FEW, maxLength: FEW }), {
  ...trials(1),
  numRuns: 1,
});

const FORMATS = [
  'yyyy-mm-dd',
  'yyyy-mm-dd hh:mm:ss.000',
  'hh:mm:ss',
  '[h]:mm:ss',
  '0.0%',
  '00000',
  '[$€-2] #,##0.00',
  '@',
];

const letters = fc.string({ unit: fc.constantFrom(...'aZ09 .,-+=é😀ß\n\t"\'&<>%€_\u00a0'), maxLength: 8 });
const text = fc.oneof(
  letters,
  fc.constantFrom('007', '1e5', 'TRUE', '#N/A', '2025-06-01', '1.20', ' x ', '=1+1'),
);
const shown = (written: string): string => `<t xml:space="preserve">${escapeXml(written)}</t>`;
const number = fc.oneof(
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => Math.abs(value) < 1e300),
  fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100),
  fc.constantFrom(0, 0.1 + 0.2, 1.2000000000000002, 9007199254740991, 1e21, 1e-7, 5e-324),
);
/** Of days between 1900 and 2079, to the millisecond. */
const serial = fc
  .tuple(fc.integer({ min: 61, max: 65_000 }), fc.integer({ min: 0, max: 86_399_999 }))
  .map(([day, ms]) => day + ms / 86_400_000);
/** A cell without its address: its attributes, and what stands in it. */
const cell: fc.Arbitrary<readonly string[]> = fc.oneof(
  text.map((one) => ['t="inlineStr"', `<is>${shown(one)}</is>`]),
  fc
    .tuple(text, text)
    .map((runs) => ['t="inlineStr"', `<is>${runs.map((run) => `<r>${shown(run)}</r>`).join('')}</is>`]),
  fc.nat(2).map((index) => ['t="s"', `<v>${index}</v>`]),
  number.map((value) => ['', `<v>${value}</v>`]),
  fc.tuple(number, fc.constantFrom(5, 7)).map(([value, style]) => [`s="${style}"`, `<v>${value}</v>`]),
  fc.nat(99_999).map((value) => ['s="6"', `<v>${value}</v>`]),
  fc.tuple(serial, fc.constantFrom(1, 2)).map(([value, style]) => [`s="${style}"`, `<v>${value}</v>`]),
  fc.tuple(serial, fc.constantFrom(3, 4)).map(([value, style]) => [`s="${style}"`, `<v>${value % 1}</v>`]),
  fc.boolean().map((value) => ['t="b"', `<v>${value ? 1 : 0}</v>`]),
  fc.constantFrom('#N/A', '#REF!', '#DIV/0!').map((error) => ['t="e"', `<v>${error}</v>`]),
  number.map((value) => ['', `<f>A1+1</f><v>${value}</v>`]),
  text.filter((one) => one !== '').map((one) => ['t="str"', `<f>A1&amp;"x"</f><v>${escapeXml(one)}</v>`]),
  fc.boolean().map((value) => ['t="b"', `<f>A1=1</f><v>${value ? 1 : 0}</v>`]),
  fc.constant(['', '']),
);
const workbook = fc.record({
  rows: fc.array(fc.record({ cells: fc.array(cell, { minLength: 1, maxLength: 6 }), hidden: fc.boolean() }), {
    minLength: 3,
    maxLength: 12,
  }),
  strings: fc.tuple(text, text, text),
  date1904: fc.boolean(),
});
type Written = typeof workbook extends fc.Arbitrary<infer T> ? T : never;

function bytesOf({ rows, strings, date1904 }: Written): Buffer {
  const written = rows.map(({ cells, hidden }, i) => {
    const all = cells.map(
      ([attributes, inside], c) => `<c r="${'ABCDEF'[c]}${i + 1}" ${attributes}>${inside}</c>`,
    );
    return `<row r="${i + 1}"${hidden ? ' hidden="1"' : ''}>${all.join('')}${i === 0 ? '<c r="H1"><v>7</v></c>' : ''}</row>`;
  });
  return asZip(
    tinyParts({
      rows: written.join(''),
      after: '<mergeCells count="1"><mergeCell ref="H1:I2"/></mergeCells>',
      formats: FORMATS,
      strings: strings.map((one) => `<si>${shown(one)}</si>`).join(''),
      properties: date1904 ? '<workbookPr date1904="1"/>' : '',
    }),
  );
}

describe('saving again by exceljs changes no value that it can hold', () => {
  test.each(chosen)('of %s', async (name) => {
    const bytes = readFileSync(resolve(FOLDER, name));
    const refusal = NOT_LOADED[name];
    if (refusal !== undefined) {
      await expect(resavedByExceljs(bytes)).rejects.toThrow(refusal);
      return;
    }
    const found = await differences(bytes, await resavedByExceljs(bytes));
    expect(unexplained(found, CHANGED[name] ?? [])).toEqual([]);
  });

  test.each(['2025-06/citizens_2025-06_v2.xlsx', '2025-04/payments_2025-04.xlsx'])(
    'of our example %s',
    async (name) => {
      const bytes = readFileSync(resolve(import.meta.dirname, '../../../../data/landed', name));
      expect((await valuesOf(bytes)).size).toBeGreaterThan(10_000);
      expect(await differences(bytes, await resavedByExceljs(bytes))).toEqual([]);
    },
  );

  /** Each that the producers' workbooks show as well, or that has to stay out of the ones made at random. */
  test.each<[Doing, string, before: string, after: string]>([
    ['keepsBlanks', 't="inlineStr"><is><t> x</t></is>', 's:x', 's: x'],
    ['dropsEscape', 't="s"><v>0</v>', 's:_x0041_', 's:A'],
    ['binary', '><v>9007199254740993</v>', 'n:9007199254740993', 'n:9007199254740992'],
    ['forgetsToCalculate', '><f>1+1</f><v>0</v>', 'e:#FORMULA', 'n:0'],
    ['yearAsSerial', 's="1" t="d"><v>2025-06-01</v>', 'd:2025-06-01', 'd:1905-07-17'],
    ['wordsAsNumbers', '><v>True</v>', 'b:TRUE', 'e:NaN'],
    ['dropsEmptyResult', 't="str"><f>A9</f><v></v>', '', 'e:#FORMULA'],
  ])('and what it does itself, it does: %s', async (doing, cell, before, after) => {
    const properties = '<calcPr fullCalcOnLoad="1"/>';
    const rows = `<row r="1"><c r="A1" ${cell}</c></row>`;
    const bytes = asZip(
      tinyParts({ rows, formats: ['yyyy-mm-dd'], properties, strings: '<si><t>_x005F_x0041_</t></si>' }),
    );
    const found = await differences(bytes, await resavedByExceljs(bytes));
    expect(found).toEqual([{ cell: 'Data!A1', before, after }]);
    expect(unexplained(found, [doing])).toEqual([]);
  });

  test('of any workbook with texts, numbers, dates, times, truths, formulas, hidden rows and a merged range', async () => {
    let cells = 0;
    await fc.assert(
      fc.asyncProperty(workbook, async (written) => {
        const bytes = bytesOf(written);
        cells += (await valuesOf(bytes)).size;
        expect(await differences(bytes, await resavedByExceljs(bytes))).toEqual([]);
      }),
      trials(25),
    );
    expect(cells).toBeGreaterThan(10 * trialCount(25));
  });
});

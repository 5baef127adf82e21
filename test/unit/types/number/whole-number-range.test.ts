import { describe, expect, it } from 'vitest';
import { outOfRange } from '../../../../src/types/number/whole-number-range.ts';
import { asZip, tinyParts } from '../../readers/xlsx/tiny-workbook.ts';
import { datasetOf, validateFile, validateText } from '../../validation/validate-text.ts';

const dataset = (more: object = {}) =>
  datasetOf([{ name: 'n', type: 'integer', ...more }, { name: 'z' }], { accept: { max_rejected: '99%' } });
const LARGEST = '9223372036854775807';

describe('a whole number that is too far from zero', () => {
  it.each([
    ['9223372036854775808', 'large', LARGEST],
    ['-9223372036854775809', 'small', '-9223372036854775808'],
    ['\u22129223372036854775809', 'small', '-9223372036854775808'],
    ['+99999999999999999999', 'large', LARGEST],
    [`${'9'.repeat(40)}`, 'large', LARGEST],
  ])('%s is too large or too small, not no whole number', async (text, how, limit) => {
    const found = await validateText(dataset(), `n,z\n1,a\n${text},b\n`);
    const [finding] = found.report.findings;
    expect(finding).toMatchObject({ code: 'type-error', row: 3, value: text });
    expect(finding?.message).toContain(`' is too ${how}; the `);
    expect(finding?.message).toContain(`whole number is ${limit}.`);
    expect(finding?.fix).toBe(`Correct the number, it is too ${how}; identifiers belong in a text column.`);
  });

  it('is known with thousands signs, and in a workbook', async () => {
    const grouped = await validateText(
      dataset({ groupChar: ' ' }),
      'n,z\n1,a\n9 223 372\u00a0036 854 775 808,b\n',
    );
    expect(grouped.report.findings[0]?.message).toContain('is too large');
    const rows =
      '<row r="1"><c r="A1" t="inlineStr"><is><t>n</t></is></c><c r="B1" t="inlineStr"><is><t>z</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>1E+19</v></c></row>';
    const book = await validateFile(dataset(), 'data_2025-06.xlsx', asZip(tinyParts({ rows })));
    expect(book.report.findings[0]?.message).toContain('is too large');
  });

  it('is neither for numbers that can be kept, other texts and other fields', () => {
    const [field] = dataset().fields;
    const [number] = datasetOf([{ name: 'n', type: 'number' }]).fields;
    if (field === undefined || number === undefined) throw new Error('no field');
    for (const text of [LARGEST, '-9223372036854775808', '9223372036854775808.5', 'x', '', null])
      expect(outOfRange(field, text)).toBeNull();
    expect(outOfRange(number, '9223372036854775808')).toBeNull();
  });

  it('is not shown where the field is personal', async () => {
    const found = await validateText(dataset({ pii: true }), 'n,z\n1,a\n9223372036854775808,b\n');
    expect(JSON.stringify(found.report.findings)).not.toContain('9223372036854775808');
  });
});

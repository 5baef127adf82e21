import { expect, test } from 'vitest';
import { datasetOf, validateText } from './validate-text.ts';

const fields = [
  { name: 'id', title: 'No.', type: 'integer' },
  { name: 'above', title: 'Above', type: 'integer' },
  { name: 'paid', title: 'Paid on', type: 'date', locale: 'de', format: '%d. %B %Y' },
];
const dataset = datasetOf(fields, {
  accept: { max_rejected: 5 },
  checks: [
    { name: 'few', expect: 'id < 100', message: 'Numbers are below 100' },
    { name: 'small', expect: 'id < 100', when: 'above > 0', message: 'Numbers are below 100' },
    { name: 'filled', required: 'paid' },
    { name: 'paid_below', required: 'paid', when: 'above > 0' },
    { name: 'once', unique: { fields: ['id', 'paid'] } },
    { name: 'tree', hierarchy: { key: 'id', parent: 'above' } },
    { name: 'total', control: { rows: 1, 'sum(id)': 1 } },
    { name: 'year', versus_last_year: { rows: { max_drop: 1 } } },
    { name: 'month', in_period: 'paid' },
  ],
});

test('an all-clear says what was checked in the words of the columns, and what was not', async () => {
  const { report } = await validateText(dataset, 'No.,Above,Paid on\n1,,3. Juni 2025\n');
  expect(report.checked.slice(1)).toEqual([
    'In every row: Numbers are below 100.',
    'In every row that it is about: Numbers are below 100.',
    'Paid on: filled in every row.',
    'Paid on: filled in every row that needs it.',
    'No., Paid on occurs once.',
    'Every Above leads to a row of the file, and none back to itself.',
    'As the sender wrote down: Number of rows, Sum of No..',
    'Not made: year.',
    'Paid on lies in the period of the file.',
  ]);
});

test('a date in another language is asked for as people there write it', async () => {
  const { report } = await validateText(dataset, 'No.,Above,Paid on\n1,,3. June 2025\n');
  expect(report.findings[0]).toMatchObject({
    code: 'type-error',
    message: "Paid on: '3. June 2025' is not a date such as 30. Juni 2025.",
  });
});

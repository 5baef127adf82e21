import { expect, test } from 'vitest';
import { datasetOf, validateFile } from '../validate-text.ts';

/** What a JSON value becomes in a field, or the code of its finding. */
async function read(field: object, value: string): Promise<unknown> {
  const dataset = datasetOf([{ name: 'id' }, { name: 'v', ...field }]);
  const lines = `{"id":"a","v":${value}}\n{"id":"b","v":null}\n`;
  const found = await validateFile(dataset, 'data_2025-06.jsonl', Buffer.from(lines));
  const errors = found.report.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return errors.length > 0 ? errors.join() : found.accepted[0]?.v;
}

const decimal = { type: 'number', precision: 20, scale: 2 };
const FAULT = 'type-error';

test.each([
  [{ ...decimal, scale: 3 }, '12345678901234567.891', '12345678901234567.891'],
  [decimal, '12345678901234567.891', FAULT],
  [decimal, '12345678901234567.89', '12345678901234567.89'],
  [decimal, '0.10', '0.10'],
  [decimal, '12.340000000000002', FAULT],
  [decimal, '1.5e2', '150.00'],
  [decimal, '1.5e-3', FAULT],
  [decimal, 'true', FAULT],
  [{ type: 'integer' }, '9223372036854775807', '9223372036854775807'],
  [{ type: 'integer' }, '1.5', FAULT],
  [{ type: 'integer' }, 'true', FAULT],
  [{ type: 'number' }, '1e-7', 1e-7],
  [{ type: 'string' }, '12345678901234567.8910', '12345678901234567.8910'],
  [{ type: 'string' }, '"true"', 'true'],
  [{ type: 'string' }, 'true', FAULT],
  [{ type: 'string' }, 'false', FAULT],
  [{ type: 'boolean' }, 'true', true],
  [{ type: 'boolean' }, 'false', false],
  [{ type: 'date' }, 'true', FAULT],
  [{ type: 'date', format: '%Y%m%d' }, '20250603', '2025-06-03'],
  [{ type: 'year' }, '2025', 2025],
])('in %j the JSON value %s is %j', async (field, value, wanted) => {
  expect(await read(field, value)).toEqual(wanted);
});

test('a number that loses digits in a field without precision is told', async () => {
  const dataset = datasetOf([{ name: 'id' }, { name: 'v', type: 'number' }]);
  const line = '{"id":"a","v":9007199254740993}\n';
  const found = await validateFile(dataset, 'data_2025-06.jsonl', Buffer.from(line));
  expect(found.report.findings).toMatchObject([{ code: 'digits-lost', severity: 'warning' }]);
});

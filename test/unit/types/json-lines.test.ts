import { expect, test } from 'vitest';
import { datasetOf, validateFile } from '../validation/validate-text.ts';

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

test.each([
  ['a string', {}, '"x","v":"y"', '"x", "y"'],
  ['the same value twice', { constraints: { enum: ['x'] } }, '"x","v":"x"', '"x", "x"'],
  ['a whole number', { type: 'integer' }, '1,"v":2', '1, 2'],
  ['a number', { type: 'number' }, '1.5,"v":null', '1.5, null'],
  ['a list, within it', { type: 'array' }, '[{"k":1,"k":2}]', '[{"k":1,"k":2}]'],
  ['an object, deep within it', { type: 'object' }, '{"a":{"k":1,"k":2}}', '{"a":{"k":1,"k":2}}'],
])(
  'a member that stands twice is a fault of its line, and the others are read: %s',
  async (_what, field, twice, value) => {
    const dataset = datasetOf([{ name: 'id' }, { name: 'v', ...field }], { accept: { max_rejected: '99%' } });
    const lines = `{"id":"a","v":null}\n{"id":"b","v":${twice}}\n{"id":"c"}\n`;
    for (const quickFrom of [0, 1e9]) {
      const found = await validateFile(dataset, 'data_2025-06.jsonl', Buffer.from(lines), { quickFrom });
      expect(found.accepted.map(({ id }) => id)).toEqual(['a', 'c']);
      expect(found.report.findings).toMatchObject([{ code: 'type-error', cell: '2:2', row: 2, value }]);
      expect(found.report.findings[0]?.message).toContain('in its object twice');
    }
  },
);

test('a member that stands twice and is not read is no fault', async () => {
  const dataset = datasetOf([{ name: 'id' }], { headers: { extra: 'ignore' } });
  const found = await validateFile(dataset, 'data_2025-06.jsonl', Buffer.from('{"id":"a","x":1,"x":2}\n'));
  expect(found.accepted).toMatchObject([{ id: 'a' }]);
  expect(found.told).toEqual([]);
});

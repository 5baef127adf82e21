import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { datasetOf, validateText } from '../../unit/validation/validate-text.ts';

const FIELDS = [
  { name: 'id', type: 'integer', constraints: { required: true } },
  { name: 'when', type: 'date' },
  { name: 'amount', type: 'number', precision: 10, scale: 2 },
  { name: 'name', type: 'string' },
];
const LENIENT = { accept: { max_rejected: '99%' }, schema: { primaryKey: ['id'] } };
const row = (i: number, amount = `${i % 1000}.25`) =>
  `${i},2025-06-${String(1 + (i % 28)).padStart(2, '0')},${amount},Name ${i}\n`;
const file = (count: number, make: (i: number) => string = row) =>
  `id,when,amount,name\n${Array.from({ length: count }, (_, i) => make(i)).join('')}`;
const hash = (bytes: Buffer | null) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

// Slow machines take their time for so many rows.
describe('many rows', { timeout: 300_000 }, () => {
  test('a hundred thousand faults are counted exactly, and the first thousand told', async () => {
    const text = file(300_000, (i) => row(i, i % 3 === 0 ? 'x' : '1.00'));
    const { report, rows, findings } = await validateText(datasetOf(FIELDS, LENIENT), text);
    expect(rows).toEqual({ read: 300_000, accepted: 200_000, rejected: 100_000, blank: 0 });
    expect(findings.error).toBe(100_000);
    expect(report.totals).toMatchObject([{ code: 'type-error', count: 100_000, shown: 1000 }]);
    expect(report.findings).toHaveLength(1000);
    expect(report.findings.at(-1)).toMatchObject({ cell: `${2 + 999 * 3}:3`, row: 2 + 999 * 3, value: 'x' });
  });

  test('the same rows make the same bytes, whatever the threads', async () => {
    const text = file(300_000);
    const hashes = new Set<string>();
    for (const threads of [2, 4, 3]) {
      const { cleanedBytes } = await validateText(datasetOf(FIELDS, LENIENT), text, { threads });
      hashes.add(hash(cleanedBytes));
    }
    expect([...hashes]).toHaveLength(1);
  });

  test.each([1, 3, 2047, 2048, 2049, 4500, 11_000])(
    '%d rows of a small file are written alike by one thread and by several',
    async (count) => {
      const text = file(count, (i) => row(i, i % 50 === 9 ? 'x' : `${i % 1000}.25`));
      const written = [];
      for (const threads of [1, 2, 4]) {
        const outcome = await validateText(datasetOf(FIELDS, LENIENT), text, { threads });
        written.push([hash(outcome.cleanedBytes), hash(outcome.idBytes), outcome.rejectedCsv]);
      }
      expect(written[1]).toEqual(written[0]);
      expect(written[2]).toEqual(written[0]);
    },
  );

  test('rows keep the numbers they have in the file, whatever the rules', async () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
    const fields = [...FIELDS, { name: 'letter', constraints: { enum: letters } }];
    const text = `id,when,amount,name,letter\n${Array.from({ length: 300_000 }, (_, i) => `${row(i).trim()},${letters[i % 26]}\n`).join('')}`;
    const { accepted } = await validateText(datasetOf(fields, LENIENT), text);
    expect(accepted).toHaveLength(300_000);
    expect(accepted.filter((one) => Number(one._source_row) !== Number(one.id) + 2)).toEqual([]);
    expect(accepted.every((one, i) => Number(one.id) === i)).toBe(true);
  });

  test('rejected rows leave the others in their order, the same bytes each time', async () => {
    const text = file(300_000, (i) => row(i % 1000 === 7 ? 3 : i));
    const outcomes = [];
    for (const threads of [2, 4]) {
      const { accepted, rows, cleanedBytes } = await validateText(datasetOf(FIELDS, LENIENT), text, {
        threads,
      });
      const lines = accepted.map((one) => Number(one._source_row));
      expect(lines).toEqual([...lines].sort((a, b) => a - b));
      expect(rows).toMatchObject({ read: 300_000, rejected: 301 });
      outcomes.push(hash(cleanedBytes));
    }
    expect(outcomes[0]).toBe(outcomes[1]);
  });

  for (const [how, id] of [
    ['in order', (i: number) => i],
    ['in no order', (i: number) => (i * 7919) % 50_000],
  ] as const) {
    test(`keys ${how} are all different, and one that stands twice is found`, async () => {
      const whole = await validateText(
        datasetOf(FIELDS, LENIENT),
        file(50_000, (i) => row(id(i))),
      );
      expect(whole.rows).toMatchObject({ accepted: 50_000, rejected: 0 });
      const twice = await validateText(
        datasetOf(FIELDS, LENIENT),
        file(50_000, (i) => row(id(i === 49_999 ? 49_998 : i))),
      );
      expect(twice.report.totals).toMatchObject([{ code: 'primary-key', count: 2 }]);
    });
  }

  test('reads the same from plain lines and from the exact form', async () => {
    const text = file(50_000, (i) => row(i, i % 5 === 0 ? ' 7.5' : i % 11 === 0 ? '' : '1e3'));
    const lines = await validateText(datasetOf(FIELDS, LENIENT), text);
    const exact = await validateText(datasetOf(FIELDS, LENIENT), text, { canonical: true });
    expect([lines.form, exact.form]).toEqual(['lines', 'canonical']);
    expect(exact.accepted).toEqual(lines.accepted);
    expect(exact.report.findings).toEqual(lines.report.findings);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trialCount, trials } from '../../fixtures/trials.ts';
import { datasetOf, type Validated, validateText } from './validate-text.ts';

/** More of them: TIDEMARK_FUZZ=300 npx vitest run --project unit test/unit/validation/forms-agree.test.ts */
const RUNS = trialCount(12);
const DELIMITERS = [',', ';', '\t', '|'];
const DATA = datasetOf(
  [{ name: 'id', type: 'integer' }, { name: 'name' }, { name: 'day', type: 'date' }, { name: 'note' }],
  { accept: { max_rejected: '99%' }, schema: { missingValues: ['', 'NA', '-'] } },
);

/** What a line may hold without a quote: everything that some reader of CSV takes for something else. */
const ODD = [
  ...[
    'a',
    'é',
    '😀',
    ' ',
    '\u00a0',
    '\u200b',
    '\u2028',
    '\u0085',
    '\x0b',
    '\x0c',
    '\x1b',
    '\x1f',
    '\x1c',
    '\x7f',
  ],
  ...['\\', "'", '#', '\\N', 'NULL', 'NA', '-', '0', '1', '.', '%', '$', '\ufeff', '\x01', '\x1a', '//', '='],
];

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...ODD, ...DELIMITERS), maxLength: 6 }),
  fc.constantFrom('7', '-12', '2025-06-01', '', 'x'),
);
const row = fc.oneof(
  { weight: 9, arbitrary: fc.array(cell, { minLength: 4, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(cell, { minLength: 1, maxLength: 6 }) },
);

const toldBy = ({ rows, told, accepted, findings, rejectedCsv }: Validated) => ({
  rows,
  told,
  accepted,
  findings,
  rejectedCsv,
});

test('the fast form and the exact one tell the same of every file without quotes', async () => {
  let fast = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...DELIMITERS),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (table, delimiter, newline, last) => {
        const without = (text: string) => text.replaceAll(delimiter, '');
        const lines = [DATA.fields.map(({ name }) => name), ...table.map((cells) => cells.map(without))];
        const text = lines.map((cells) => cells.join(delimiter)).join(newline) + (last ? newline : '');
        const said = { ...DATA, source: { ...DATA.source, delimiter } };
        const exact = await validateText(said, text, { canonical: true, quickFrom: 1e9 });
        for (const quickFrom of [0, 1e9]) {
          const found = await validateText(said, text, { quickFrom });
          if (found.form === 'lines') fast++;
          expect(toldBy(found)).toEqual(toldBy(exact));
        }
      },
    ),
    trials(12),
  );
  expect(fast).toBeGreaterThan(RUNS / 4);
}, 3_600_000);

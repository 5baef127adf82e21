import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trialCount, trials } from '../../fixtures/trials.ts';
import {
  datasetOf,
  type SheetCell,
  type Validated,
  validateCells,
  validateText,
} from '../../unit/validation/validate-text.ts';

/** More of them: TIDEMARK_FUZZ=300 npx vitest run --project inputs test/inputs/validation/forms-agree.test.ts */
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

const MOMENTS = datasetOf(
  [
    { name: 'id', type: 'integer' },
    { name: 'at', type: 'datetime' },
    { name: 'sent', type: 'datetime', offset: 'utc' },
    { name: 'seen', type: 'datetime', format: ['%d/%m/%Y %H:%M', '%Y-%m-%dT%H:%M:%S'] },
    { name: 'clock', type: 'time' },
  ],
  { accept: { max_rejected: '99%' } },
);
/** A map that changes nothing: cells that are cleaned are never settled by a glance. */
const SLOWLY = {
  ...MOMENTS,
  fields: MOMENTS.fields.map((field) => ({ ...field, clean: [{ map: new Map<string, string>() }] })),
};

const day = fc.constantFrom(
  '2025-06-01',
  '2025-06-13',
  '2024-02-29',
  '2025-02-29',
  '0001-01-01',
  '9999-12-31',
);
const clock = fc.constantFrom(
  '10:00:00',
  '23:59:59',
  '00:00:00',
  '10:00:00.120',
  '23:59:59.999',
  '10:00:00.5',
);
const written = fc.tuple(day, fc.constantFrom('T', ' '), clock).map((parts) => parts.join(''));
const odd = fc.oneof(
  fc.tuple(written, fc.constantFrom('Z', '+02:00', ' Z', '00', '.', ',5')).map((parts) => parts.join('')),
  fc.constantFrom(
    '2025-06-01T10:00',
    '01/06/2025 10:00',
    '2025-06-01T24:00:00',
    '20250601',
    'x',
    '',
    '9:05',
    '10,5',
  ),
);
const moment = fc.oneof({ weight: 6, arbitrary: fc.oneof(written, written, day, clock) }, odd);
const momentCell = fc.oneof(
  {
    weight: 4,
    arbitrary: written.map((text): SheetCell => ['d', text.replace(' ', 'T').replace('T00:00:00', '')]),
  },
  day.map((text): SheetCell => ['d', text]),
  clock.map((text): SheetCell => ['t', text]),
  moment.map((text): SheetCell => [text === '' ? '_' : 's', text]),
  fc.constantFrom<SheetCell[]>(['n', '45809.5'], ['e', '#N/A'], ['e', '2025-06-01T10:00:00'], ['b', 'TRUE']),
);

test('dates and times of text and of workbooks are typed alike by a glance and by cleaning and matching', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(moment, moment, moment, moment), { minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(momentCell, momentCell, momentCell, momentCell), { minLength: 1, maxLength: 40 }),
      async (lines, cells) => {
        const text = `id,at,sent,seen,clock\n${lines.map((line, i) => `${i},${line.map((one) => one.replace(',', '.')).join(',')}\n`).join('')}`;
        const rows = cells.map((line, i): SheetCell[] => [['n', `${i}`], ...line]);
        const slow = [await validateText(SLOWLY, text), await validateCells(SLOWLY, rows)].map(toldBy);
        for (const quickFrom of [0, 1e9]) {
          const fast = [
            await validateText(MOMENTS, text, { quickFrom }),
            await validateCells(MOMENTS, rows, { quickFrom }),
          ];
          expect(fast.map(toldBy)).toEqual(slow);
        }
      },
    ),
    trials(4),
  );
}, 3_600_000);

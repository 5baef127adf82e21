import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CURRENCY_CODES } from '../../../src/domain/currency.ts';
import { datasetOf, validateText } from '../validation/validate-text.ts';

const FIELD = { type: 'number', precision: 18, scale: 3, groupChar: ',', bareNumber: false };
const RUNS = Number(process.env.TIDEMARK_FUZZ ?? 300);

/** What each text becomes, null where it is refused; texts hold no |, no quote and no line break. */
async function readAll(field: object, texts: readonly string[]): Promise<(string | null)[]> {
  const dataset = datasetOf([{ name: 'v', ...field }, { name: 'z' }], {
    source: { delimiter: '|' },
    accept: { max_rejected: '100%' },
  });
  const lines = texts.map((text, i) => `${text}|${i}\n`).join('');
  const { accepted } = await validateText(dataset, `v|z\n${lines}last|x\n`);
  const byLine = new Map(accepted.map(({ v, z }) => [z, v as string | null]));
  return texts.map((_, i) => byLine.get(String(i)) ?? null);
}

test.each([
  [
    'anything but a currency or percent sign',
    FIELD,
    [
      ...[
        '<5',
        '>95',
        '~5',
        '1.2m',
        '£1.2m',
        '1,234.5k',
        '1.2 bn',
        '5‰',
        '–5',
        '5 days',
        'Q2',
        '5*',
        '5.5.',
        '5¢',
      ],
      ...[
        'INV-1001',
        'ABC123',
        '$',
        'EUR',
        '%',
        '5%%',
        '%5%',
        '$5%',
        '5 EUR USD',
        '€€5',
        '--5',
        '-€-5',
        'x5',
        '5 x',
        '12CR€',
      ],
    ],
  ],
  [
    'a price without cents, and a credit, where minus signs may stand behind',
    { ...FIELD, accounting: true },
    [...['5.-', 'CHF 5.-', '1,234.50 CR', '.(5', '(5', '5)', '(-5)', '-(5)', '.(5)']],
  ],
  [
    'a dot that is no decimal sign',
    { type: 'number', precision: 18, scale: 3, locale: 'de', bareNumber: false },
    [...['.5', '€ .5', '.500', '1.5']],
  ],
  ['letters right before the decimal sign', FIELD, ['EUR.50', 'Rs..50']],
])('%s is refused', async (_, field, texts) => {
  expect(await readAll(field, texts)).toEqual(texts.map(() => null));
});

test.each([
  [FIELD, { '$5.00': '5.000', 'US$ 5': '5.000', 'EUR -5': '-5.000', '-€ 5': '-5.000', '- 5 kr': '-5.000' }],
  [
    FIELD,
    { '5 %': '5.000', '%5': '5.000', '-5%': '-5.000', 'CHF 1,234.50': '1234.500', '\u22125 zł': '-5.000' },
  ],
  [
    FIELD,
    {
      'Rs.500': '500.000',
      'Rs. 500': '500.000',
      'kr.5': '5.000',
      'EUR .50': '0.500',
      '$.50': '0.500',
      '5 Euro': '5.000',
    },
  ],
  [
    { ...FIELD, accounting: true },
    {
      '(5)': '-5.000',
      '($5.00)': '-5.000',
      'Rs(.5)': '-0.500',
      'EUR (5)': '-5.000',
      '5-': '-5.000',
      '5- EUR': '-5.000',
      '(5%)': '-5.000',
    },
  ],
  [
    { ...FIELD, percent: 'fraction' },
    { '%5': '0.050', '5 %': '0.050', '5': '5.000' },
  ],
  [
    { type: 'number', precision: 18, scale: 3, locale: 'de', bareNumber: false },
    { '1.234,50 €': '1234.500', ',5 €': '0.500' },
  ],
])('only the sign goes, and the number stays: %j', async (field, cases) => {
  expect(await readAll(field, Object.keys(cases))).toEqual(Object.values(cases));
});

test('what is accepted has the digits as written and the sign as written, and no other letters beside them', async () => {
  const piece = fc.constantFrom(
    ...[
      '5',
      '12',
      '0',
      '.',
      ',',
      '-',
      '\u2212',
      '–',
      '+',
      '(',
      ')',
      ' ',
      '\u00a0',
      '%',
      '‰',
      '$',
      '€',
      '£',
      '¢',
    ],
    ...['EUR', 'USD', 'ABC', 'kr', 'kr.', 'Rs.', 'Fr.', 'm', 'k', 'bn', 'CR', 'Q', 'x', '*', '<', '~'],
  );
  const texts = fc.sample(
    fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
    { numRuns: RUNS * 10, seed: 20250603 },
  );
  for (const accounting of [false, true]) {
    const values = await readAll({ ...FIELD, accounting }, texts);
    let read = 0;
    for (const [i, text] of texts.entries()) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      read++;
      const words = text.match(/\p{L}+/gu) ?? [];
      expect(
        words.filter((word) => !CURRENCY_CODES.has(word) && !['kr', 'Rs', 'Fr'].includes(word)),
        text,
      ).toEqual([]);
      const shown = text
        .replace(/\p{L}\./gu, '')
        .replaceAll(',', '')
        .match(/\d*\.?\d*/gu)
        ?.join('');
      expect(Math.abs(Number(value)), text).toBe(Number(shown));
      const isNegative = /[-\u2212(]/.test(text);
      expect(Number(value) < 0, text).toBe(isNegative && Number(value) !== 0);
    }
    expect(read).toBeGreaterThan(RUNS / 10);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literal } from '../../../src/sql/sql.ts';
import { typeOf } from '../../../src/types/registry.ts';
import { trimmed } from '../../../src/types/trimmed.ts';
import { Scratch } from '../../../src/validation/scratch.ts';
import { trialCount, trials } from '../../fixtures/trials.ts';
import { datasetOf, temporaryFolder } from '../validation/validate-text.ts';

const FIELDS: readonly Record<string, unknown>[] = [
  { type: 'datetime' },
  { type: 'datetime', offset: 'utc' },
  { type: 'datetime', format: '%Y-%m-%dT%H:%M:%S' },
  { type: 'datetime', format: '%d/%m/%Y %H:%M' },
  { type: 'date' },
  { type: 'date', format: ['%Y-%m-%d', '%d/%m/%Y'] },
  { type: 'time' },
  { type: 'time', format: '%H:%M' },
  { type: 'year' },
  { type: 'yearmonth' },
  { type: 'integer' },
  { type: 'number' },
  { type: 'number', precision: 8, scale: 2 },
];
const PIECES = [
  ...['2025-06-01', '2024-02-29', '2025-02-29', '0001-01-01', '9999-12-31', '10000-01-01', '0000-01-01'],
  ...['01/06/2025', '2025-06', '2025', '20250601', '45809', 'infinity', '-', '+', ' (BC)'],
  ...[
    'T',
    ' ',
    't',
    '  ',
    '10:00:00',
    '23:59:59',
    '24:00:00',
    '10:00',
    '9:05',
    '9:5',
    '00:00:60',
    '25:00:00',
  ],
  ...['.5', '.120', '.123456', '.1234567', '.1200000000', '.000', ',5', '.', '.999999', '.9999995'],
  ...['Z', ' Z', '+02:00', '-0930', '+00', ' UTC', '\u00a0', '\t', '12.34', '1e3', 'x', '0', '٣'],
];

/** A moment as programs write them, which most cells hold, and the same with something wrong in it. */
const usual = fc.tuple(
  fc.constantFrom(...PIECES.slice(0, 5)),
  fc.constantFrom('T', ' ', 'T', '  '),
  fc.constantFrom('10:00:00', '00:00:00', '23:59:59', '10:00', '9:05'),
  fc.constantFrom('', '', '.5', '.120', '.123456', '.000', ',5', 'Z'),
);
const text = fc.oneof(
  fc.constantFrom(...PIECES),
  usual.map((parts) => parts.join('')),
  usual.chain((parts) =>
    fc
      .tuple(fc.nat(19), fc.nat(2), fc.constantFrom('', '0', ' ', 'x', ':', '9'))
      .map(([at, many, other]) => parts.join('').slice(0, at) + other + parts.join('').slice(at + many)),
  ),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((parts) => parts.join('')),
);

const NUMBER = '-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?';
/** What the text of a cell looks like by its kind, as the readers hand it over; text may be anything. */
const LOOKS: Readonly<Record<string, string>> = {
  s: '.*',
  d: '[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?',
  t: '-?[0-9]{2,}:.*',
  n: NUMBER,
  w: NUMBER,
};

/** What the two ways make of each text, where they differ; and how many texts the fast way took. */
async function compared(scratch: Scratch, written: Record<string, unknown>, texts: readonly string[]) {
  const [field] = datasetOf([{ name: 'v', ...written }]).fields;
  if (field === undefined) throw new Error('no field');
  let fast = 0;
  const different: unknown[] = [];
  for (const kind of [...Object.keys(LOOKS), null]) {
    const names = { raw: 'c', cast: 'f', text: 'k', kind: kind === null ? null : 'kind' };
    const { cast, quick, sound, quickValue, parse } = typeOf(field.type).sql(field, names);
    const all = `SELECT DISTINCT unnest([${texts.map(literal).join(', ')}]) AS c, ${literal(kind ?? '')} AS kind`;
    const cells = `(FROM (${all}) WHERE regexp_full_match(c, ${literal(LOOKS[kind ?? 's'] ?? '')}))`;
    const rows = await scratch.rows<Record<string, unknown>>(
      `SELECT *, (${quickValue})::VARCHAR AS a, (${parse})::VARCHAR AS b, (${quick}) OR (${sound ?? 'false'}) AS q
       FROM (SELECT *, ${cast ?? 'NULL'} AS f, nullif(${trimmed('c')}, '') AS k FROM ${cells})`,
    );
    const settled = rows.filter(({ q }) => q === true);
    fast += settled.length;
    different.push(...settled.filter(({ a, b, c, k }) => a === null || a !== b || c !== k));
  }
  return { fast, different };
}

test.each(FIELDS)(
  'what the quick test settles has the value that cleaning and matching give: %j',
  async (field) => {
    const scratch = await Scratch.open(temporaryFolder());
    let fast = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 200, maxLength: 200, size: 'max' }), async (texts) => {
          const found = await compared(scratch, field, texts);
          fast += found.fast;
          expect(found.different).toEqual([]);
        }),
        { ...trials(2), endOnFailure: true },
      );
    } finally {
      scratch.close();
    }
    expect(fast).toBeGreaterThan(trialCount(2) / 2);
  },
);

test.each<[string, string[], string]>([
  [
    'datetime',
    ['2025-06-01T10:00:00', '2025-06-01 10:00:00', '2025-06-01T10:00:00.120', '2025-06-01'],
    '4 of 4',
  ],
  [
    'datetime',
    ['2025-06-01T10:00', '2025-06-01 9:05', '2025-06-01T23:59:59.123456', '0001-01-01T00:00:00'],
    '4 of 4',
  ],
  [
    'datetime',
    ['2025-02-29T10:00:00', '2025-06-01T24:00:00', '10000-01-01T00:00:00', '2025-06-01T10:00:00Z'],
    '0 of 4',
  ],
  ['time', ['10:00:00', '10:00:00.120', '9:05', '23:59'], '4 of 4'],
  ['time', ['24:00:00', '10:00:00,5', '10', '10:00:60'], '0 of 4'],
])('of %s texts %j the fast way takes %s', async (type, texts, taken) => {
  const scratch = await Scratch.open(temporaryFolder());
  try {
    const [field] = datasetOf([{ name: 'v', type }]).fields;
    const { cast, quick } = typeOf(type).sql(field as never, {
      raw: 'c',
      cast: 'f',
      text: 'k',
      kind: null,
    });
    const from = `(SELECT *, ${cast} AS f FROM (SELECT unnest([${texts.map(literal).join(', ')}]) AS c))`;
    expect(`${await scratch.count(`SELECT count(*) FROM ${from} WHERE ${quick}`)} of ${texts.length}`).toBe(
      taken,
    );
  } finally {
    scratch.close();
  }
});

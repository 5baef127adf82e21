import { describe, expect, it } from 'vitest';
import { datasetOf, validateFile, validateText } from './validate-text.ts';

const FIELDS = [
  { name: 'id', type: 'integer', constraints: { required: true } },
  { name: 'name', title: 'Full name' },
  { name: 'amount', type: 'integer' },
];
const DATA = datasetOf(FIELDS);
const values = (rows: readonly Record<string, unknown>[]) => rows.map((row) => `${row.id} ${row.name}`);

describe('a header that stands again among the rows', () => {
  it.each([
    ['lines', 0],
    ['exact', 1e9],
  ])('is no row of data, and said: %s', async (form, quickFrom) => {
    const text = 'id,Full name,amount\n1,A,2\nid,Full name,amount\n3,B,4\n id ,Full name,amount\n5,C,6\n';
    const found = await validateText(DATA, text, { canonical: form === 'exact', quickFrom });
    expect(values(found.accepted)).toEqual(['1 A', '3 B', '5 C']);
    expect(found.accepted.map((row) => Number(row._source_row))).toEqual([2, 4, 6]);
    expect(found.rows).toMatchObject({ read: 3, accepted: 3, rejected: 0 });
    expect(found.findings).toEqual({ error: 0, warning: 0, info: 2 });
    expect(found.told).toEqual(['repeated-header (info) 3:1 -', 'repeated-header (info) 5:1 -']);
  });

  it.each([
    ['lines', 0],
    ['exact', 1e9],
  ])('in another language is known by the names of its own columns: %s', async (form, quickFrom) => {
    const dataset = datasetOf([
      { name: 'region', title: 'Region', aliases: ['Région'] },
      { name: 'product', title: 'Product', aliases: ['Produit'] },
      { name: 'amount', title: 'Amount', aliases: ['Montant'] },
    ]);
    const text =
      'Region,Product,Amount\nRégion,Produit,Montant\nNorth,A,1\nrégion,x,2\nRégion,Produit,3\nProduit,Région,Montant\n' +
      'Région,Produit,Montant\nregion,Product, Montant \nSouth,B,4\n';
    const found = await validateText(dataset, text, { canonical: form === 'exact', quickFrom });
    expect(found.accepted.map(({ region, product, amount }) => `${region} ${product} ${amount}`)).toEqual([
      'North A 1',
      'région x 2',
      'Région Produit 3',
      'Produit Région Montant',
      'South B 4',
    ]);
    expect(found.told).toEqual([2, 7, 8].map((row) => `repeated-header (info) ${row}:1 -`));
  });

  it('of several rows is known row by row', async () => {
    const over = datasetOf([
      { name: 'key' },
      { name: 'x', title: '2025 Q1' },
      { name: 'y', title: '2024 Q1' },
    ]);
    const header = ',2025,2024\nKey,Q1,Q1\n';
    const found = await validateText(over, `${header}a,1,2\n${header}b,2025,2024\n,2025,\nc,Q1,Q1\n`);
    expect(found.accepted.map(({ key, x, y }) => [key, x, y])).toEqual([
      ['a', '1', '2'],
      ['b', '2025', '2024'],
      [null, '2025', null],
      ['c', 'Q1', 'Q1'],
    ]);
    expect(found.findings.info).toBe(2);
  });

  it('of one column is left alone, for a row may well say the same', async () => {
    const found = await validateText(datasetOf([{ name: 'note' }]), 'note\na\nnote\n');
    expect(found.accepted.map(({ note }) => note)).toEqual(['a', 'note']);
  });

  it('in part is a row like any other', async () => {
    const found = await validateText(DATA, 'id,Full name,amount\n1,Full name,2\nid,Full name,\n');
    expect(values(found.accepted)).toEqual([]);
    expect(found.rows).toMatchObject({ read: 2, rejected: 1 });
    expect(found.told).toEqual(['type-error 3:1 id']);
  });
});

describe('rows that source.skip names', () => {
  const skipping = datasetOf(FIELDS, { source: { skip: '^(?i)sub-?total', footer: '^Total' } });

  it('are left out one by one, counted and said, in the midst of the data', async () => {
    const text =
      'id,Full name,amount\n1,A,2\nSubtotal,,2\n2,B,3\n,Sub-total,3\n3,Subtotal Ltd,4\nTotal,,9\nSubtotal,,1\n';
    const found = await validateText(skipping, text);
    expect(values(found.accepted)).toEqual(['1 A', '2 B', '3 Subtotal Ltd']);
    expect(found.rows).toMatchObject({ read: 3, accepted: 3 });
    expect(found.report.footerRows).toBe(2);
    expect(found.told).toEqual(['skipped-row (info) 3:1 -', 'skipped-row (info) 5:1 -']);
  });

  it('a pattern that is none is named', async () => {
    const broken = datasetOf(FIELDS, { source: { skip: '(' } });
    await expect(validateText(broken, 'id,Full name,amount\n1,A,2\n')).rejects.toThrow(/skip: /);
  });
});

describe('rows below the footer', () => {
  const footed = datasetOf(FIELDS, { source: { footer: '^Total' } });

  it('that look like data are warned of, for the footer may have been found too early', async () => {
    const text =
      'id,Full name,amount\n1,A,2\nTotal North,,2\n2,B,3\n3,C,4\nTotal,,9\nSource: the registry,,\n';
    const found = await validateText(footed, text);
    expect(values(found.accepted)).toEqual(['1 A']);
    expect(found.status).toBe('passed');
    expect(found.findings).toEqual({ error: 0, warning: 2, info: 0 });
    expect(found.told).toEqual(['rows-below-footer (warning) 4:1 -', 'rows-below-footer (warning) 5:1 -']);
  });

  it('that are totals, notes and blanks are not', async () => {
    const text = 'id,Full name,amount\n1,A,2\nTotal,,9\n,,\nMean,,9\n,Drawn up by B,\nTotal of all,x,9\n';
    expect((await validateText(footed, text)).told).toEqual([]);
  });
});

describe('a configured dialect', () => {
  it('without quotes takes them for text, and with an escape takes what it says', async () => {
    const bare = datasetOf([{ name: 'a' }, { name: 'b' }], { source: { delimiter: '\\t', quote: '' } });
    const found = await validateText(bare, 'a\tb\n"x" y\t5"\n"\t"\n');
    expect(found.accepted.map(({ a, b }) => [a, b])).toEqual([
      ['"x" y', '5"'],
      ['"', '"'],
    ]);
    const escaped = datasetOf([{ name: 'a' }, { name: 'b' }], { source: { quote: "'", escape: '\\' } });
    const told = await validateText(escaped, "a,b\n'it\\'s, so','c:\\x'\n");
    expect(told.accepted.map(({ a, b }) => [a, b])).toEqual([["it's, so", 'c:\\x']]);
  });
});

describe('a text in the code page of another language', () => {
  it('is read as it stands, with a warning that names the first line', async () => {
    const bytes = Buffer.from('id,Full name,amount\n1,Ann,2\n3,du\xbfego,4\n', 'latin1');
    const found = await validateFile(DATA, 'data_2025-06.csv', bytes);
    expect(values(found.accepted)).toEqual(['1 Ann', '3 du¿ego']);
    expect(found.report.findings.map((one) => [one.code, one.severity, one.message])).toEqual([
      [
        'code-page',
        'warning',
        'Accented letters may be wrong, as in line 3: the text seems to be in the code page of another language.',
      ],
    ]);
  });
});

describe('a quoted cell that holds lines like rows', () => {
  it('is read as the cell it is, with a warning that names its lines', async () => {
    const text = 'id,Full name,amount\n1,"A\n2,B,3\n3,C,4\nD",5\n6,"two\nlines",7\n8,"x\ny, z\n w",9\n';
    const found = await validateText(DATA, text);
    expect(values(found.accepted)).toEqual(['1 A\n2,B,3\n3,C,4\nD', '6 two\nlines', '8 x\ny, z\n w']);
    expect(found.findings).toEqual({ error: 0, warning: 1, info: 0 });
    expect(found.report.findings.map((one) => [one.code, one.message])).toEqual([
      ['rows-in-cell', 'The quoted cell of lines 2–5 holds 2 lines that look like rows.'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { datasetOf, validateText } from '../validate-text.ts';

const FIELDS = [
  { name: 'id', type: 'integer', constraints: { required: true } },
  { name: 'name', constraints: { required: true } },
  { name: 'city', constraints: { required: true } },
  { name: 'amount', type: 'number', constraints: { required: true } },
];
const DATA = datasetOf(FIELDS, { schema: { primaryKey: ['id'] } });
const NAMED = datasetOf(FIELDS.slice(1), { schema: { primaryKey: ['name'] } });
const HEADER = 'id,name,city,amount\n';
const GOOD = '1,Ann,Rome,10.5\n2,Bob,Oslo,20\n';

const errors = async (dataset: typeof DATA, text: string) => {
  const { report } = await validateText(dataset, text);
  return report.findings.filter(({ severity }) => severity === 'error');
};

describe('a row that is no record', () => {
  it('is told as a totals row, once, with its row', async () => {
    const found = await validateText(DATA, `${HEADER}${GOOD}Total,,,30.5\n`);
    expect(found.report.findings).toMatchObject([
      {
        code: 'looks-like-total',
        row: 4,
        cell: '4:1',
        message: 'Row 4 looks like a totals row.',
        fix: 'Delete the row, unless it is data.',
      },
    ]);
    expect(found.report.counts).toEqual({ error: 1, warning: 0, info: 0 });
    expect(found.report.totals).toMatchObject([{ code: 'looks-like-total', count: 1, shown: 1 }]);
    expect(found.rows).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
    expect(found.rejectedCsv).toContain('The row looks like a totals row');
    expect(found.problems?.problems).toMatchObject([
      { row: 4, cell: null, message: 'Row 4 looks like a totals row.' },
    ]);
  });

  it('is told as a note where it holds a source or a sentence and nothing beside it', async () => {
    const text = `${HEADER}${GOOD}Source: register of June,,,\nPrepared by the finance office,,,\n`;
    expect(await errors(DATA, text)).toMatchObject([
      { code: 'looks-like-note', row: 4, message: 'Row 4 looks like a note.' },
      { code: 'looks-like-note', row: 5, message: 'Row 5 looks like a note.' },
    ]);
  });

  it('is known in words of other languages, amid the data, and with too few cells', async () => {
    const text = `${HEADER}1,Ann,Rome,10.5\nZwischensumme,,,10.5\n2,Bob,Oslo,20\nGesamtsumme;\n`;
    expect(await errors(DATA, text)).toMatchObject([
      { code: 'looks-like-total', row: 3 },
      { code: 'looks-like-total', row: 5 },
    ]);
  });

  it('is no second fault of a key: two totals share theirs', async () => {
    const text = 'name,city,amount\nAnn,Rome,1\nTotal,,1\nTotal,,2\n';
    expect((await errors(NAMED, text)).map(({ code, row }) => [code, row])).toEqual([
      ['looks-like-total', 3],
      ['looks-like-total', 4],
    ]);
  });

  it('leaves a record alone that begins with such a word and has one bad cell', async () => {
    const text = `name,city,amount\nTotal Energy,Paris,n/a\nTotal,Nice,x\nSource Ltd,Bonn,?\n`;
    expect((await errors(NAMED, text)).map(({ code }) => code)).toEqual([
      'type-error',
      'type-error',
      'type-error',
    ]);
  });

  it('leaves an incomplete record alone', async () => {
    expect((await errors(DATA, `${HEADER}${GOOD}3,,,\n`)).map(({ code }) => code)).toEqual([
      'constraint-error',
      'constraint-error',
      'constraint-error',
    ]);
    expect((await errors(NAMED, 'name,city,amount\nAnn,,\n')).map(({ code }) => code)).toEqual([
      'constraint-error',
      'constraint-error',
    ]);
  });

  it('stays data where it breaks no rule', async () => {
    const found = await validateText(NAMED, 'name,city,amount\nTotal,Rome,3\n');
    expect(found.status).toBe('passed');
    expect(found.told).toEqual([]);
  });
});

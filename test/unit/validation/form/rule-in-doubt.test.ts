import { describe, expect, it } from 'vitest';
import { datasetOf, validateText } from '../validate-text.ts';

type Field = Record<string, unknown>;

async function doubts(field: Field, cells: readonly string[], more: Record<string, unknown> = {}) {
  const dataset = datasetOf([{ name: 'id' }, { name: 'x', title: 'The x', ...field }], more);
  const rows = cells.map((cell, i) => `${i};${cell}\n`).join('');
  const { report } = await validateText(dataset, `id;The x\n${rows}`);
  const told = report.findings.filter(({ code }) => code === 'rule-in-doubt');
  return told.map(({ severity, field: of, message, fix }) => [severity, of, message, fix]);
}
const DATES = ['01.02.2025', '13.02.2025', '28.02.2025', '03.02.2025', '04.02.2025'];

describe('a column that fails alike', () => {
  it('has its format proposed to the owner, beside the cells', async () => {
    const dataset = { owner: 'registry@example.org' };
    expect(await doubts({ type: 'date', format: '%d/%m/%Y' }, DATES, dataset)).toEqual([
      [
        'warning',
        'x',
        'The x: all 5 cells are written like 30.06.2025, which the rules do not take.',
        'If they are right, ask registry@example.org to add the format %d.%m.%Y to the rules.',
      ],
    ]);
  });

  it('tells the cells all the same, and refuses the file', async () => {
    const found = await validateText(datasetOf([{ name: 'd', type: 'date' }]), `d\n${DATES.join('\n')}\n`);
    expect(found.status).toBe('refused');
    expect(found.report.counts).toMatchObject({ error: 5, warning: 1 });
    expect(found.report.refusals).toEqual(['None of the 5 rows can be accepted.']);
  });

  it('has the names of months proposed with their language', async () => {
    const cells = ['1. März 2025', '2. Mai 2025', '3. Juni 2025', '4. Juli 2025', '5. Oktober 2025'];
    expect((await doubts({ type: 'date' }, cells))[0]?.[3]).toMatch(
      /add the format %d\. %b %Y, names in 'de'/,
    );
  });

  it('has decimal and thousands signs proposed', async () => {
    const cells = ['1.234,50', '2,5', '3,75', '4.000,00', '5,1'];
    expect(await doubts({ type: 'number' }, cells)).toMatchObject([
      [
        'warning',
        'x',
        "The x: all 5 cells write decimals with ',' and thousands with '.', which the rules do not take.",
        'If they are right, ask the owner of the rules to have numbers of this column read so.',
      ],
    ]);
  });

  it('has its list proposed, without the values of personal data', async () => {
    const field = { constraints: { enum: ['NO', 'SO'] } };
    const cells = ['North', 'South', 'North', 'North', 'South'];
    expect((await doubts(field, cells))[0]?.[2]).toBe(
      "The x: all 5 cells are not among the values of the rules, such as 'North', 'South'.",
    );
    expect((await doubts({ ...field, pii: true }, cells))[0]?.[2]).toBe(
      'The x: all 5 cells are not among the values of the rules.',
    );
    const flags = ['oui', 'non', 'oui', 'oui', 'non'];
    expect((await doubts({ type: 'boolean' }, flags))[0]?.[2]).toMatch(/such as 'oui', 'non'/);
  });

  it('is told of blank cells that every row needs, and of any other rule', async () => {
    expect((await doubts({ constraints: { required: true } }, ['', '', '', '', '']))[0]?.[2]).toBe(
      'The x: all 5 cells are blank, and every row needs it.',
    );
    expect((await doubts({ constraints: { pattern: 'N[0-9]+' } }, ['1', '2', '3', '4', '5']))[0]?.[2]).toBe(
      'The x: all 5 cells break the same rule.',
    );
  });

  it('counts blank cells out, and bears one that is right in ten', async () => {
    const cells = [...DATES, ...DATES, '2025-02-03', '', ''];
    expect((await doubts({ type: 'date' }, cells))[0]?.[2]).toMatch(
      /^The x: 10 of 11 cells are written like/,
    );
  });

  it('is not told of a few cells, nor where two in ten are right', async () => {
    expect(await doubts({ type: 'date' }, DATES.slice(0, 4))).toEqual([]);
    expect(await doubts({ type: 'date' }, [...DATES, '2025-02-03', '2025-02-04'])).toEqual([]);
  });
});

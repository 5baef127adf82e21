import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ToldFinding } from '../../../src/domain/finding.ts';
import { renderFindingsJson } from '../../../src/reports/findings-json.ts';
import { renderReportHtml } from '../../../src/reports/report-html.ts';
import type { LastDelivery } from '../../../src/validation/findings/since-last.ts';
import { datasetOf, temporaryFolder, type Validated, validateText } from './validate-text.ts';

const FIELDS = [
  { name: 'id', title: 'Number', type: 'integer', constraints: { required: true } },
  {
    name: 'region',
    constraints: { enum: ['North Isle', 'SOUTH', 'Éire'] },
    clean: [{ map: { S: 'SOUTH' } }],
  },
  { name: 'income', type: 'number', precision: 8, scale: 2 },
  { name: 'secret', type: 'integer', pii: true },
];
const KEYED = datasetOf(FIELDS, { schema: { primaryKey: ['id'] } });
const KEYLESS = datasetOf(FIELDS);
const HEADER = 'Number,region,income,secret\n';

const idsOf = ({ report }: Validated) => report.findings.map((one) => one.id);
const first = ({ report }: Validated) => report.findings[0] as ToldFinding;

/** Keeps what a validation would leave beside its report, as the delivery before the next one. */
function asLast(folder: string, made: Validated): LastDelivery {
  const ids = join(folder, 'last.parquet');
  if (made.idBytes !== null) writeFileSync(ids, made.idBytes);
  writeFileSync(join(folder, 'findings.json'), renderFindingsJson(made.report));
  return {
    fileId: 6,
    idsPath: made.idBytes === null ? null : ids,
    findingsPath: join(folder, 'findings.json'),
    sameRows: false,
  };
}

describe('the id of a finding', () => {
  test('stays where rows move and other cells change, as long as rule, field and key are the same', async () => {
    const one = await validateText(KEYED, `${HEADER}1,North Isle,1,5\n2,SOUTH,abc,5\n`);
    const two = await validateText(
      KEYED,
      `${HEADER}7,SOUTH,3,5\n8,SOUTH,3,5\n2,North Isle,xyz,9\n1,SOUTH,4,4\n`,
    );
    expect(idsOf(one)).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(idsOf(two)).toEqual(idsOf(one));
    expect(first(two).row).toBe(4);
  });

  test('is another for another key, field or rule', async () => {
    const made = await validateText(KEYED, `${HEADER}1,WEST,abc,5\n2,WEST,1.234,5\n3,,1,x\n`);
    expect(new Set(idsOf(made)).size).toBe(5);
  });

  test('is made from the value without a key, however it is written, and then from the rest of the row', async () => {
    const one = await validateText(KEYLESS, `${HEADER}1,WEST,1,5\n,SOUTH,2,5\n`);
    const two = await validateText(KEYLESS, `${HEADER},SOUTH,2,6\n9, west ,3,5\n`);
    expect(new Set(idsOf(two))).toEqual(new Set(idsOf(one)));
  });

  test('tells several of the same apart by a number', async () => {
    const made = await validateText(KEYLESS, `${HEADER}1,WEST,1,5\n2,WEST,1,5\n3,WEST,1,5\n`);
    const [id] = idsOf(made);
    expect(idsOf(made)).toEqual([id, `${id}-2`, `${id}-3`]);
  });

  test('is not made from PII, which could be found again by trying', async () => {
    const pii = datasetOf(
      [
        { name: 'id', type: 'integer', pii: true },
        { name: 'a', type: 'integer' },
      ],
      { schema: { primaryKey: ['id'] } },
    );
    const one = await validateText(pii, 'id,a\n1,x\n');
    const two = await validateText(pii, 'id,a\n2,x\n');
    expect(idsOf(one)).toEqual(idsOf(two));
  });
});

describe('a finding', () => {
  test('has its key, cells, raw text and what was expected', async () => {
    const made = await validateText(KEYED, `${HEADER}4,WEST,1,5\n`);
    expect(first(made)).toMatchObject({
      rule: 'enum',
      cell: '2:2',
      cells: ['2:2'],
      key: [['id', '4']],
      value: 'WEST',
      raw: 'WEST',
      expected: 'one of North Isle, SOUTH, Éire',
      since: null,
      hiddenBy: null,
    });
  });

  test('of a rule over a row names every cell the rule looks at', async () => {
    const dataset = datasetOf(FIELDS, { checks: [{ name: 'small', expect: 'income < id' }] });
    const made = await validateText(dataset, `${HEADER}1,SOUTH,5,5\n`);
    expect(first(made)).toMatchObject({ cell: '2:1', cells: ['2:1', '2:3'] });
  });

  test('never shows PII: no value, no raw text, no key, no suggestion', async () => {
    const dataset = datasetOf(
      [
        { name: 'id', type: 'integer', pii: true },
        { name: 'kind', pii: true, constraints: { enum: ['Alpha', 'Beta'] } },
      ],
      { schema: { primaryKey: ['id'] } },
    );
    const made = await validateText(dataset, 'id,kind\n4711,aplha\n');
    expect(first(made)).toMatchObject({ value: '•••', raw: '•••', key: [['id', '•••']], suggestions: [] });
    expect(renderFindingsJson(made.report)).not.toMatch(/4711|aplha/);
  });

  test('keeps the whole of a long text beside the part it quotes', async () => {
    const made = await validateText(KEYED, `${HEADER}4,${'w'.repeat(500)},1,5\n`);
    expect(first(made).value).toBe(`${'w'.repeat(200)}…`);
    expect(first(made).raw).toHaveLength(500);
  });

  test('about a cell that another finding is about waits for that one', async () => {
    const dataset = datasetOf([
      { name: 'a', constraints: { pattern: '[a-z]+', maxLength: 3 } },
      { name: 'b' },
    ]);
    const made = await validateText(dataset, 'a,b\nABCDEF,1\nabcdef,1\n');
    const [pattern, long, alone] = made.report.findings as readonly ToldFinding[] as ToldFinding[];
    expect(made.report.counts.error).toBe(3);
    expect([pattern?.rule, pattern?.hiddenBy]).toEqual(['pattern', null]);
    expect([long?.rule, long?.row, long?.hiddenBy]).toEqual(['maxLength', 2, pattern?.id]);
    expect([alone?.rule, alone?.row, alone?.hiddenBy]).toEqual(['maxLength', 3, null]);
  });
});

describe('suggestions', () => {
  const suggested = async (line: string, lookUp?: Parameters<typeof validateText>[2]) =>
    first(await validateText(KEYED, `${HEADER}${line}\n`, lookUp)).suggestions;

  test.each([
    ['1,north-isle,1,5', ['North Isle']],
    ['1,EIRE,1,5', ['Éire']],
    ['1,s,1,5', ['SOUTH']],
    ['1,SUOTH,1,5', ['SOUTH']],
    ['1,WEST,1,5', []],
    ['1,SOUTH,"12,5",5', ['12.5']],
    ['1,SOUTH,123.456,5', []],
    ['1,SOUTH,"123,456,789",5', []],
    ['1,SOUTH,"1,234.5",5', ['1234.5']],
    ['1,SOUTH,1.23.4,5', []],
    ['1,SOUTH,"1,234",5', []],
    ['1,SOUTH,12 EUR,5', ['12']],
    ['1,SOUTH,"12.345,6",5', ['12345.6']],
  ])('%s → %j', async (line, expected) => expect(await suggested(line)).toEqual(expected));

  test('offer what the same key held in the last period, as the field writes it', async () => {
    const asked: unknown[] = [];
    const lookUp = async (
      key: readonly string[],
      keys: readonly (readonly string[])[],
      columns: readonly string[],
    ) => {
      asked.push(key, keys, columns);
      return [{ key: ['1'], values: ['SOUTH'] }];
    };
    expect(await suggested('1,WEST,1,5', { lookUp })).toEqual(['SOUTH']);
    expect(asked).toEqual([['id'], [['1']], ['region']]);
    const made = await validateText(KEYED, `${HEADER}1,WEST,1,5\n`, { lookUp });
    expect(first(made).lastValue).toBe('SOUTH');
    // That it was so once is told as that, and not as a guess at what was meant.
    expect(renderReportHtml(made.report)).toContain('In the last period it was <code>SOUTH</code>.');
    expect(renderReportHtml(made.report)).not.toContain('Perhaps');
  });

  test('for dates take only what has one reading', async () => {
    const dataset = datasetOf([{ name: 'd', type: 'date', format: ['%d/%m/%Y'] }, { name: 'z' }]);
    const made = await validateText(
      dataset,
      'd,z\n2025-06-30,1\n30.06.2025,1\n06-30-2025,1\n3-4-2025,1\n31.02.2025,1\n',
    );
    // The last finding is of the rule, which all five break alike.
    expect(made.report.findings.map(({ code, suggestions }) => [code, suggestions[0] ?? null])).toEqual([
      ['type-error', '30/06/2025'],
      ['type-error', '30/06/2025'],
      ['type-error', '30/06/2025'],
      ['type-error', null],
      ['type-error', null],
      ['rule-in-doubt', null],
    ]);
  });
});

describe('since the last delivery', () => {
  test('counts what is fixed, still open and new, exactly, a rule', async () => {
    const folder = temporaryFolder();
    const before = await validateText(KEYED, `${HEADER}1,WEST,1,5\n2,WEST,abc,5\n3,EAST,1,5\n`);
    const after = await validateText(KEYED, `${HEADER}1,SOUTH,1,5\n2,WEST,1,5\n3,EAST,zzz,5\n`, {
      last: asLast(folder, before),
    });
    expect(after.report.sinceLast).toMatchObject({ fileId: 6, fixed: 2, stillOpen: 2, new: 1 });
    expect(
      after.report.sinceLast?.rules.map(({ rule, field, ...n }) => [field, n.fixed, n.stillOpen, n.new]),
    ).toEqual([
      ['region', 1, 2, 0],
      ['income', 1, 0, 1],
    ]);
    expect(after.report.findings.map(({ field, row, since }) => [field, row, since])).toEqual([
      ['region', 3, 'still open'],
      ['region', 4, 'still open'],
      ['income', 4, 'new'],
    ]);
    expect(
      after.report.sinceLast?.fixedFindings.map(({ cell, value, since }) => [cell, value, since]),
    ).toEqual([
      ['2:2', 'WEST', 'fixed'],
      ['3:3', 'abc', 'fixed'],
    ]);
  });

  test('says that all are fixed, and takes a delivery without problems as one that had none', async () => {
    const folder = temporaryFolder();
    const faulty = await validateText(KEYED, `${HEADER}1,WEST,1,5\n`);
    const sound = `${HEADER}1,SOUTH,1,5\n`;
    const fixed = await validateText(KEYED, sound, { last: asLast(folder, faulty) });
    expect(fixed.report.sinceLast).toMatchObject({ fixed: 1, stillOpen: 0, new: 0 });
    const again = await validateText(KEYED, `${HEADER}1,WEST,1,5\n`, { last: asLast(folder, fixed) });
    expect(again.report.sinceLast).toMatchObject({ fixed: 0, stillOpen: 0, new: 1 });
  });

  test('of a reply goes by the rows, which are the same ones: a fixed key makes nothing else new', async () => {
    const folder = temporaryFolder();
    const before = await validateText(KEYED, `${HEADER}one,WEST,1,5\n2,EAST,abc,5\n`);
    const last = { ...asLast(folder, before), sameRows: true };
    const after = await validateText(KEYED, `${HEADER}1,WEST,1,5\n2,SOUTH,abc,5\n`, { last });
    expect(after.report.sinceLast).toMatchObject({ fixed: 2, stillOpen: 2, new: 0 });
    expect(after.report.findings.map(({ since }) => since)).toEqual(['still open', 'still open']);
    expect(after.report.sinceLast?.fixedFindings.map(({ value }) => value)).toEqual(['one', 'EAST']);
  });

  test('counts far more than it tells', async () => {
    const folder = temporaryFolder();
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `${from + i},WEST,1,5\n`).join('');
    const before = await validateText(KEYED, `${HEADER}${lines(0, 30_000)}`);
    const after = await validateText(KEYED, `${HEADER}${lines(10_000, 25_000)}`, {
      last: asLast(folder, before),
    });
    // The rule that all rows break is still in doubt, too.
    expect(after.report.sinceLast).toMatchObject({ fixed: 10_000, stillOpen: 20_001, new: 5000 });
    expect(after.report.findings).toHaveLength(1001);
    expect(after.report.findings.every(({ since }) => since === 'still open')).toBe(true);
  });

  test('is left out where the ids of the last delivery are gone', async () => {
    const last = {
      fileId: 6,
      idsPath: '/nowhere/ids.parquet',
      findingsPath: '/nowhere/findings.json',
      sameRows: false,
    };
    const made = await validateText(KEYED, `${HEADER}1,WEST,1,5\n`, { last });
    expect(made.report.sinceLast).toBeNull();
    expect(first(made).since).toBeNull();
  });
});

describe('findings that say the same', () => {
  test('stand together with exact counts, the most frequent first, also of far more than are told', async () => {
    const lines = Array.from({ length: 9000 }, (_, i) => `${i},${i % 3 === 0 ? 'EAST' : 'WEST'},1,5\n`).join(
      '',
    );
    const made = await validateText(KEYED, `${HEADER}${lines}`);
    const [total] = made.report.totals;
    expect(total?.groups.map(({ value, count, cells }) => [value, count, cells.slice(0, 3)])).toEqual([
      ['WEST', 6000, ['3:2', '4:2', '6:2']],
      ['EAST', 3000, ['2:2', '5:2', '8:2']],
    ]);
  });
});

describe('the reasons beside rejected rows', () => {
  test.each([3, 80])(
    'name every rule that a row breaks, in order, with %i columns at fault',
    async (count) => {
      const names = Array.from({ length: count }, (_, i) => `f${i}`);
      const dataset = datasetOf(names.map((name) => ({ name, type: 'integer' })));
      const all = names.map(() => 'x').join(',');
      const last = names.map((_, i) => (i === count - 1 ? 'x' : i)).join(',');
      const made = await validateText(
        dataset,
        `${names.join(',')}\n${all}\n${names.map((_, i) => i).join(',')}\n${last}\n`,
      );
      const reasons = names.map((name) => `${name}: is not a whole number`);
      const lines = (made.rejectedCsv ?? '').trim().split('\n').slice(1);
      expect(lines.map((line) => line.slice(line.lastIndexOf(',') + 1))).toEqual([
        reasons.join('; '),
        reasons.at(-1),
      ]);
    },
  );
});

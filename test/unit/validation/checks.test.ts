import { describe, expect, test } from 'vitest';
import { datasetOf, type Validated, validateText as validate } from './validate-text.ts';

/** Both ways of typing: straight to the judgement of every cell, and by way of the test whether all is sound. */
async function validateText(...[dataset, text, options]: Parameters<typeof validate>): Promise<Validated> {
  const judged = await validate(dataset, text, options);
  const quick = await validate(dataset, text, { ...options, quickFrom: 0 });
  expect([quick.accepted, quick.told, quick.rows]).toEqual([judged.accepted, judged.told, judged.rows]);
  return judged;
}

const LENIENT = { accept: { max_rejected: 1000 } };

/** Findings of one field's cells: code, address, value. */
async function told(field: Record<string, unknown>, ...cells: string[]) {
  const dataset = datasetOf([{ name: 'v', ...field }, { name: 'z' }], LENIENT);
  const { told, rows } = await validateText(dataset, `v,z\n${cells.map((cell) => `${cell},x\n`).join('')}`);
  expect(rows.read).toBe(rows.accepted + rows.rejected);
  return told;
}

describe('constraints', () => {
  const text = (constraints: object) => ({ type: 'string', constraints });
  test.each<[string, Record<string, unknown>, string[], string[]]>([
    [
      'required',
      text({ required: true }),
      ['a', '', ' '],
      ['constraint-error 3:1 -', 'constraint-error 4:1  '],
    ],
    [
      'pattern, the whole text',
      text({ pattern: '[0-9]{3}' }),
      ['123', '1234', 'x'],
      ['constraint-error 3:1 1234', 'constraint-error 4:1 x'],
    ],
    ['enum', text({ enum: ['NO', 'SO'] }), ['NO', 'no'], ['constraint-error 3:1 no']],
    [
      'enum of numbers',
      { type: 'integer', constraints: { enum: ['1', '2'] } },
      ['01', '3'],
      ['constraint-error 3:1 3'],
    ],
    ['minimum', { type: 'integer', constraints: { minimum: '5' } }, ['4', '5'], ['constraint-error 2:1 4']],
    [
      'maximum of a decimal',
      { type: 'number', precision: 5, scale: 2, constraints: { maximum: '0.005' } },
      ['0.00', '0.01'],
      ['constraint-error 3:1 0.01'],
    ],
    [
      'minimum of a date',
      { type: 'date', constraints: { minimum: '2025-01-01' } },
      ['2024-12-31', '2025-01-01'],
      ['constraint-error 2:1 2024-12-31'],
    ],
    ['minLength', text({ minLength: 2 }), ['a', 'éé'], ['constraint-error 2:1 a']],
    ['maxLength', text({ maxLength: 2 }), ['éé', 'abc'], ['constraint-error 3:1 abc']],
    ['unique', text({ unique: true }), ['a', 'b', 'a', '', ''], ['unique-error 2:1 a', 'unique-error 4:1 a']],
    ['nothing where blank', { type: 'integer', constraints: { minimum: '5', enum: ['7'] } }, [''], []],
  ])('%s', async (_, field, cells, findings) => expect(await told(field, ...cells)).toEqual(findings));

  test('several faults of one cell are all told', async () => {
    const field = { type: 'string', constraints: { pattern: '[a-z]+', maxLength: 2 } };
    expect(await told(field, 'ABC')).toEqual(['constraint-error 2:1 ABC', 'constraint-error 2:1 ABC']);
  });

  test('a broken pattern is an error of the configuration that names the field', async () => {
    await expect(told({ type: 'string', constraints: { pattern: 'a(' } }, 'x')).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining("field 'v', pattern"),
    });
  });

  test('offers what was probably meant, never for PII', async () => {
    const dataset = (pii: boolean) =>
      datasetOf([{ name: 'v', pii, constraints: { enum: ['north', 'south'] } }], LENIENT);
    const fix = async (pii: boolean) => (await validateText(dataset(pii), 'v\nnorht\n')).report.findings[0];
    expect((await fix(false))?.fix).toMatch(/Did you mean 'north'/);
    const masked = await fix(true);
    expect(masked?.value).toBe('•••');
    expect(JSON.stringify(masked)).not.toMatch(/norht|Did you mean/);
  });
});

describe('clean', () => {
  test.each<[unknown[], string, string | null]>([
    [['upper'], ' no ', 'NO'],
    [['lower'], 'ÉA', 'éa'],
    [['title'], 'anna-maria VAN dam', 'Anna-Maria Van Dam'],
    [['collapse'], 'a \u00a0 b', 'a b'],
    [['unaccent'], 'Zoë', 'Zoe'],
    [['digits'], '+44 (0)20', '44020'],
    [['digits'], 'none', null],
    [[{ map: { n: 'north' } }], 'n', 'north'],
    [['upper', { map: { N: 'north' } }], 'n', 'north'],
    [['upper'], 'na', null],
  ])('%j %j', async (clean, cell, value) => {
    const dataset = datasetOf([{ name: 'v', clean, missingValues: ['NA'] }, { name: 'z' }]);
    const { accepted } = await validateText(dataset, `v,z\n${cell},x\n`);
    expect(accepted[0]?.v).toBe(value);
  });

  test('counts a text that cleaning left nothing of', async () => {
    const dataset = datasetOf([{ name: 'v', type: 'integer', clean: ['digits'] }, { name: 'z' }]);
    const { report, accepted } = await validateText(dataset, 'v,z\nnone,x\n,y\n');
    expect(accepted.map(({ v }) => v)).toEqual([null, null]);
    expect(report.totals.map(({ rule, field, count }) => [rule, field, count])).toEqual([['digits', 'v', 1]]);
  });

  test('counts changes by field and step', async () => {
    const dataset = datasetOf([{ name: 'v', clean: ['upper'] }, { name: 'z' }]);
    const { report } = await validateText(dataset, 'v,z\n a,x\nb,y \nC,z\n');
    expect(report.totals.map(({ code, rule, field, count }) => [code, rule, field, count])).toEqual([
      ['cleaned', 'outer blanks', 'v', 1],
      ['cleaned', 'upper', 'v', 2],
      ['cleaned', 'outer blanks', 'z', 1],
    ]);
  });
});

describe('blanks at the ends of cells', () => {
  const fields = [
    { name: 'id', type: 'integer' },
    { name: 'name' },
    { name: 'day', type: 'date' },
    { name: 'z' },
  ];

  test.each([
    ['a space', ' '],
    ['a tab', '\t'],
    ['a space that does not break', '\u00a0'],
    ['an ideographic space', '\u3000'],
    ['the mark of a byte order', '\ufeff'],
  ])('are cut off and counted by column: %s', async (_what, blank) => {
    const rows = `1,${blank}Ann${blank}Lee,2025-06-01,x\n${blank}2,Bob,2025-06-02${blank},y\n3,Cy${blank},2025-06-03,z\n`;
    for (const canonical of [false, true]) {
      const { report, accepted } = await validateText(datasetOf(fields), `id,name,day,z\n${rows}`, {
        canonical,
      });
      expect(accepted.map(({ id, name }) => [id, name])).toEqual([
        ['1', `Ann${blank}Lee`],
        ['2', 'Bob'],
        ['3', 'Cy'],
      ]);
      expect(
        report.totals.map(({ severity, field, message, count }) => [severity, field, message, count]),
      ).toEqual([
        ['info', 'id', 'id: blanks at the ends of the text are cut off', 1],
        ['info', 'name', 'name: blanks at the ends of the text are cut off', 2],
        ['info', 'day', 'day: blanks at the ends of the text are cut off', 1],
      ]);
    }
  });

  test('of cells of blanks alone there is nothing to say: they are blank cells', async () => {
    const { report, accepted } = await validateText(datasetOf(fields), 'id,name,day,z\n1,  ,\u00a0,x\n');
    expect(accepted[0]).toMatchObject({ id: '1', name: null, day: null });
    expect(report.totals).toEqual([]);
  });
});

describe('primary key', () => {
  const keyed = (fields: object[], primaryKey: string[]) =>
    datasetOf(fields as never, { ...LENIENT, schema: { primaryKey } });

  test('all rows that share a key are rejected, with and without other faults', async () => {
    const dataset = keyed(
      [
        { name: 'id', type: 'integer' },
        { name: 'n', type: 'integer' },
      ],
      ['id'],
    );
    const { told, rows } = await validateText(dataset, 'id,n\n1,1\n2,1\n01,x\n,1\n');
    expect(told).toEqual([
      'type-error 4:2 x',
      'primary-key 5:1 -',
      'primary-key 2:1 1',
      'primary-key 4:1 01',
    ]);
    expect(rows).toEqual({ read: 4, accepted: 1, rejected: 3, blank: 0 });
  });

  test('a composite key counts as a whole', async () => {
    const dataset = keyed([{ name: 'a' }, { name: 'b' }], ['a', 'b']);
    const { told } = await validateText(dataset, 'a,b\nx,1\nx,2\ny,1\nx,1\n');
    expect(told).toEqual(['primary-key 2:1 x, 1', 'primary-key 5:1 x, 1']);
  });
});

describe('rows', () => {
  const two = (more: object) => datasetOf([{ name: 'a' }, { name: 'b' }], { ...LENIENT, ...more });

  test('too long and too short rows are errors of the row, wherever they stand', async () => {
    const { told, rows, form } = await validateText(two({}), 'a,b\n1,2\n1\n1,2,3\n1,2,\n3,4\n');
    expect(told).toEqual(['extra-cell 4:3 -', 'extra-cell 5:3 -', 'missing-cell 3:1 -']);
    expect([rows.accepted, form]).toEqual([2, 'lines']);
  });

  test('blank rows are counted apart and keep the numbers of the others', async () => {
    const { accepted, rows } = await validateText(two({}), 'a,b\n1,2\n , \n,\n3,4\n');
    expect(rows).toEqual({ read: 2, accepted: 2, rejected: 0, blank: 2 });
    expect(accepted.map((row) => row._source_row)).toEqual(['2', '5']);
  });

  test('rows from the first footer on are no data', async () => {
    const dataset = two({ source: { footer: '^(Total|Source:)' } });
    const { rows, report } = await validateText(dataset, 'a,b\n1,2\n,3\n,Total\n9,9\nSource: me\n');
    expect(rows).toEqual({ read: 2, accepted: 2, rejected: 0, blank: 0 });
    expect(report.footerRows).toBe(3);
  });

  test('a file without rows passes with a warning', async () => {
    const { status, told } = await validateText(two({}), 'a,b\n');
    expect([status, ...told]).toEqual(['passed', 'no-rows (warning) - -']);
  });

  test('a file whose rows are all rejected is refused, whatever may be rejected', async () => {
    const dataset = datasetOf([{ name: 'a', type: 'integer' }], LENIENT);
    expect((await validateText(dataset, 'a\nx\ny\n')).status).toBe('refused');
  });

  test.each([
    ['0', 'refused'],
    ['25%', 'passed'],
    ['24%', 'refused'],
    [1, 'passed'],
  ])('one of four rejected under max_rejected %s is %s', async (max_rejected, status) => {
    const dataset = datasetOf([{ name: 'a', type: 'integer' }], {
      accept: { max_rejected: max_rejected === '0' ? 0 : max_rejected },
    });
    const outcome = await validateText(dataset, 'a\n1\n2\n3\nx\n');
    expect(outcome.status).toBe(status);
    expect(outcome.cleaned === null).toBe(status === 'refused');
  });
});

describe('checks', () => {
  const numbers = (checks: object[], more: object = {}) =>
    datasetOf(
      [
        { name: 'a', type: 'integer' },
        { name: 'b', type: 'integer' },
      ],
      { ...LENIENT, ...more, checks },
    );

  test('expect rejects rows for which it is false; null passes', async () => {
    const { told } = await validateText(numbers([{ name: 'less', expect: 'a < b' }]), 'a,b\n1,2\n2,1\n,1\n');
    expect(told).toEqual(['row-constraint 3:1 -']);
  });

  test('a rule over one column points to its cell', async () => {
    const { told } = await validateText(numbers([{ name: 'small', expect: 'b < 10' }]), 'a,b\n1,2\n1,11\n');
    expect(told).toEqual(['row-constraint 3:2 -']);
  });

  test('a warning leaves the row', async () => {
    const check = { name: 'less', expect: 'a < b', severity: 'warning', message: 'a is mostly less than b' };
    const { told, rows, report } = await validateText(numbers([check]), 'a,b\n2,1\n');
    expect(told).toEqual(['row-constraint (warning) 2:1 -']);
    expect(report.findings[0]?.message).toBe('a is mostly less than b');
    expect(rows.accepted).toBe(1);
  });

  test('a cell that could not be read makes no second fault', async () => {
    const { told } = await validateText(
      numbers([{ name: 'filled', expect: 'a is not null' }]),
      'a,b\nx,1\n1,x\n',
    );
    expect(told).toEqual(['type-error 2:1 x', 'type-error 3:2 x']);
  });

  test.each([
    ['a <', /syntax|parser/i],
    ['nonsense > 1', /nonsense/],
    ['a > 0) or (1 = 1', /syntax|parser/i],
    ['a in (select 1)', /subquery/],
    ["a = (select count(*) from read_text('/etc/passwd'))", /subquery/],
    ["b::varchar::date > date '2020-01-01'", /./],
  ])('the expression %j is an error of the configuration', async (expression, message) => {
    const dataset = numbers([{ name: 'odd', expect: expression }]);
    await expect(validateText(dataset, 'a,b\n1,2\n')).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringMatching(message),
    });
  });

  test('counts rows that passed', async () => {
    const dataset = numbers([{ name: 'enough', rows: { min: 2, max: 2 } }]);
    expect((await validateText(dataset, 'a,b\n1,2\nx,2\n')).told).toEqual([
      'type-error 3:1 x',
      'row-count - -',
    ]);
    expect((await validateText(dataset, 'a,b\n1,2\n2,2\n')).status).toBe('passed');
    expect((await validateText(dataset, 'a,b\n1,2\n2,2\n3,3\n')).status).toBe('refused');
  });

  test('in_period is half-open', async () => {
    const dataset = datasetOf([{ name: 'd', type: 'date' }], {
      ...LENIENT,
      checks: [{ name: 'month', in_period: 'd' }],
    });
    const { told } = await validateText(dataset, 'd\n2025-05-31\n2025-06-01\n2025-06-30\n2025-07-01\n');
    expect(told).toEqual(['out-of-period 2:1 2025-05-31', 'out-of-period 5:1 2025-07-01']);
  });

  const previous = { period: '2025-05', rows: 10, measures: new Map([['sum(a)', '100']]), path: null };
  const steady = (rows: object) => numbers([{ name: 'steady', versus_previous: rows }]);
  const lines = (count: number) => `a,b\n${Array.from({ length: count }, () => '10,1\n').join('')}`;

  test.each([
    [8, { rows: { max_drop: '20%' } }, 'passed'],
    [7, { rows: { max_drop: '20%' } }, 'refused'],
    [15, { rows: { max_rise: '50%' } }, 'passed'],
    [16, { rows: { max_rise: '50%' } }, 'refused'],
    [9, { 'sum(a)': { max_drop: 10 } }, 'passed'],
    [8, { 'sum(a)': { max_drop: 10 } }, 'refused'],
    [30, { rows: { max_drop: '1%' } }, 'passed'],
  ])('%i rows against ten under %j: %s', async (count, rule, status) => {
    expect((await validateText(steady(rule), lines(count), { previous })).status).toBe(status);
  });

  test('says so where there is nothing to compare with', async () => {
    const { status, told } = await validateText(steady({ rows: { max_drop: '1%' } }), lines(1));
    expect([status, ...told]).toEqual(['passed', 'check-skipped (info) - -']);
  });
});

describe('slices', () => {
  const sliced = (fields: object[]) =>
    datasetOf(fields as never, { ...LENIENT, source: { filename: 'data_{board}_{period}.csv' } });

  test('a slice that is no column of the file becomes one', async () => {
    const { accepted } = await validateText(sliced([{ name: 'a' }]), 'a\n1\n', { slice: [['board', "A'Q"]] });
    expect(accepted).toEqual([{ a: '1', board: "A'Q", _source_row: '2' }]);
  });

  test.each([
    [{ constraints: { pattern: '[A-Z]{3}' } }, 'AQA', null],
    [{ constraints: { pattern: '[A-Z]{3}' } }, 'Aqa', 'of the form [A-Z]{3}, such as AAA'],
    [{ type: 'integer' }, '12', null],
    [{ type: 'integer' }, 'x12', 'a whole number'],
    [{ type: 'integer', constraints: { minimum: 10 } }, '9', 'a value that the column may have'],
    [{ constraints: { enum: ['AQA'] } }, 'OCR', 'a value that the column may have'],
  ])(
    'the rules %j of its field hold for the slice %s, with the column in the file or not',
    async (rules, board, wanted) => {
      const dataset = sliced([{ name: 'a' }, { name: 'board', ...rules }]);
      const slice = [['board', board]] as const;
      const without = await validateText(dataset, 'a\n1\n2\n', { slice });
      const withIt = await validateText(dataset, `a,board\n1,${board}\n2,${board}\n`, { slice });
      expect(withIt.status).toBe(wanted === null ? 'passed' : 'refused');
      expect(without.report.refusals).toEqual(
        wanted === null ? [] : [`The file name says '${board}' for board, which is not ${wanted}.`],
      );
    },
  );

  test('cells that contradict the slice are errors', async () => {
    const { told } = await validateText(
      sliced([{ name: 'a' }, { name: 'board' }]),
      'a,board\n1,AQA\n2,OCR\n3,\n',
      {
        slice: [['board', 'AQA']],
      },
    );
    expect(told).toEqual(['slice-mismatch 3:2 OCR', 'slice-mismatch 4:2 -']);
  });
});

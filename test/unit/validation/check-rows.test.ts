import { describe, expect, it } from 'vitest';
import { basisWithout } from '../../../src/checks/basis.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { parsePeriod } from '../../../src/domain/period.ts';
import { checkRows } from '../../../src/validation/check-rows.ts';
import type { CheckedRows } from '../../../src/validation/checked-rows.ts';
import { planColumns } from '../../../src/validation/layout.ts';
import { Scratch } from '../../../src/validation/scratch.ts';
import { textLayout, textRows } from '../../../src/validation/text-rows.ts';
import { datasetOf, temporaryFolder, validateText } from './validate-text.ts';

const DATASET = datasetOf(
  [
    { name: 'id', title: 'Citizen ID', type: 'integer' },
    { name: 'region', constraints: { enum: ['NO', 'SO'] } },
    { name: 'income', type: 'number', precision: 9, scale: 2 },
    { name: 'name', pii: true, constraints: { pattern: '[A-Z].*' } },
  ],
  {
    accept: { max_rejected: 100 },
    schema: { primaryKey: ['id'] },
    checks: [
      { name: 'positive', expect: 'income >= 0' },
      { name: 'rich_region', required: 'region', when: 'income > 100', severity: 'warning' },
      { name: 'enough', rows: { min: 10 } },
    ],
  },
);
const TEXTS = [
  ['1', 'NO', '5', 'Ada'],
  ['1', 'NW', '-5', 'Bo'],
  ['2', '', '1e5', 'cy'],
  ['3', '', '200', 'Di'],
  ['x', 'one two three four five six seven', '1', 'Ed'],
];
const BASIS = basisWithout(parsePeriod('2025-06') ?? raise());

function raise(): never {
  throw new Error('no period');
}

interface Fault {
  readonly row: string;
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
  readonly value: string | null;
}

async function withScratch<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const scratch = await Scratch.open(temporaryFolder(), { width: 5 });
  try {
    return await work(scratch);
  } finally {
    scratch.close();
  }
}

const faultsOf = async (scratch: Scratch, { everyFault }: Pick<CheckedRows, 'everyFault'>) =>
  (await scratch.rows<Fault>(`${everyFault()} ORDER BY rid, code, field`)).map(
    ({ row, field, code, message, value }) => [Number(row), field, code, message, value] as const,
  );

async function throughRawDoor(scratch: Scratch, dataset: Dataset, texts: readonly (readonly string[])[]) {
  const extract = await textRows(scratch.folder, 'rows', dataset, texts);
  const layout = textLayout(dataset, 'rows');
  return checkRows(scratch, dataset, { door: 'raw', slice: [], layout, extract }, BASIS);
}

describe('rows of texts', () => {
  it('are typed and checked, with every fault as a relation', async () => {
    await withScratch(async (scratch) => {
      const checked = await throughRawDoor(scratch, DATASET, TEXTS);
      expect(checked.rows).toMatchObject({ read: 5, accepted: 1, rejected: 4 });
      expect(await faultsOf(scratch, checked)).toEqual([
        [1, 'id', 'primary-key', "Citizen ID: '1' is in more than one row.", '1'],
        [2, 'region', 'constraint-error', "region: 'NW' is not one of NO, SO.", 'NW'],
        [2, 'id', 'primary-key', "Citizen ID: '1' is in more than one row.", '1'],
        [2, 'income', 'row-constraint', "The rule 'positive' does not hold in this row.", '-5'],
        [3, 'name', 'constraint-error', expect.stringMatching(/^name: the value does not have/), null],
        [3, 'income', 'type-error', expect.stringMatching(/^income: '1e5' is not a number/), '1e5'],
        [4, 'region', 'required-when', 'region is missing; this row needs it, as income says.', null],
        [
          5,
          'region',
          'constraint-error',
          "region: 'one two three four five six …' is not one of NO, SO.",
          'one two three four five six seven',
        ],
        [5, 'id', 'type-error', "Citizen ID: 'x' is not a whole number.", 'x'],
      ]);
      expect(checked.tableFindings.map(({ code }) => code)).toEqual(['row-count']);
    });
  });

  it('have the same faults as in a file, message for message', async () => {
    const file = `Citizen ID,region,income,name\n${TEXTS.map((row) => row.join(',')).join('\n')}\n`;
    const { report } = await validateText(DATASET, file);
    await withScratch(async (scratch) => {
      const checked = await throughRawDoor(scratch, DATASET, TEXTS);
      const own = (await faultsOf(scratch, checked)).map(([row, , code, message]) => [
        row + 1,
        code,
        message,
      ]);
      const told = report.findings.flatMap(({ row, code, message }) =>
        row === null ? [] : [[row, code, message]],
      );
      expect(own.sort()).toEqual(told.sort());
    });
  });

  it('may be none at all, which tries every rule', async () => {
    await withScratch(async (scratch) => {
      const checked = await throughRawDoor(scratch, DATASET, []);
      expect(checked.rows).toMatchObject({ read: 0, rejected: 0 });
      expect(await faultsOf(scratch, checked)).toEqual([]);
    });
    const broken = {
      ...DATASET,
      checks: DATASET.checks.map((one) => ({ ...one, expression: 'incom >= 0' })),
    };
    await withScratch((scratch) =>
      expect(throughRawDoor(scratch, broken, [])).rejects.toMatchObject({
        code: 'bad-config',
        message: expect.stringContaining("check 'positive'"),
      }),
    );
  });
});

describe('typed rows', () => {
  it('are only checked, and every fault names row, field and value', async () => {
    await withScratch(async (scratch) => {
      const plan = planColumns(DATASET, textLayout(DATASET, 'rows'), []);
      await scratch.run(
        `CREATE TABLE typed AS SELECT * FROM (VALUES
          (0, 11, 1, 'NO', 5.00, 'ada'), (1, 12, 1, 'NO', -5.00, 'Bo'), (2, 13, NULL, NULL, 200.00, 'Cy'))
         AS x(rid, r, v0, v1, v2, v3)`,
      );
      const checked = await checkRows(scratch, DATASET, { door: 'typed', relation: 'typed', plan }, BASIS);
      expect(checked.rows).toEqual({ read: 3, accepted: 0, rejected: 3 });
      // A pattern is a rule of texts: these have their types already.
      expect(await faultsOf(scratch, checked)).toEqual([
        [11, 'id', 'primary-key', "Citizen ID: '1' is in more than one row.", '1'],
        [12, 'id', 'primary-key', "Citizen ID: '1' is in more than one row.", '1'],
        [12, 'income', 'row-constraint', "The rule 'positive' does not hold in this row.", '-5.00'],
        [13, 'id', 'primary-key', 'Citizen ID is missing; it is part of the key.', null],
        [13, 'region', 'required-when', 'region is missing; this row needs it, as income says.', null],
      ]);
    });
  });
});

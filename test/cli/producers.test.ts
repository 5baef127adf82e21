import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COLUMNS, FOLDER } from '../unit/readers/xlsx/producer-facts.ts';
import { asFact, type Exception, typedFacts } from '../unit/readers/xlsx/producer-types.ts';
import { SAID } from '../unit/readers/xlsx/producers-said.ts';
import { filesIn, makeWorld, type Row } from './world.ts';

/** What the columns hold; `declared` is what a producer wrote in a way of its own. */
function datasetOf(name: string, declared: Readonly<Record<string, object>> = {}, without: string[] = []) {
  const types: Record<(typeof COLUMNS)[number], object> = {
    id: { constraints: { pattern: '[0-9]{5}' } },
    name: {},
    units: { type: 'integer' },
    price: { type: 'number', precision: 12, scale: 2 },
    rate: { type: 'number', precision: 6, scale: 4 },
    paid_on: { type: 'date' },
    seen_at: { type: 'datetime' },
    active: { type: 'boolean' },
    total: { type: 'number', precision: 14, scale: 2 },
    note: {},
  };
  const fields = COLUMNS.filter((column) => !without.includes(column));
  return {
    source: { filename: `${name}_{producer}_{period}.xlsx` },
    headers: { extra: without.length === 0 ? 'error' : 'ignore' },
    // One row in twelve may have a date that Excel has none of.
    accept: { max_rejected: '10%' },
    schema: {
      fields: fields.map((column) => ({ name: column, ...(declared[column] ?? types[column]) })),
      primaryKey: 'id',
    },
  };
}

/** JavaScript's dates for people. */
const SENTENCE = '%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)';
const MOMENT = { type: 'datetime' };
const DATASETS = {
  facts: datasetOf('facts'),
  // Nobody calculated the formulas, or they are texts.
  untotalled: datasetOf('untotalled', {}, ['total']),
  zoned: datasetOf('zoned', { paid_on: MOMENT }),
  sentences: datasetOf('sentences', {
    paid_on: { type: 'datetime', format: SENTENCE },
    seen_at: { type: 'datetime', format: SENTENCE },
  }),
  numbered: datasetOf('numbered', { id: { type: 'integer' } }, ['total']),
  late: datasetOf('late', { paid_on: MOMENT }, ['total']),
};

function datasetFor(exceptions: readonly Exception[]): keyof typeof DATASETS {
  const has = (one: Exception) => exceptions.includes(one);
  if (has('numericIds')) return 'numbered';
  if (has('year2036')) return 'late';
  if (has('uncalculated') || has('formulaTexts')) return 'untotalled';
  return has('zoned') ? 'zoned' : has('sentences') ? 'sentences' : 'facts';
}

/** With their format, dates for people are dates; what they lack is the fraction of the second. */
const declaredAs = (one: Exception): Exception => (one === 'sentences' ? 'wholeSeconds' : one);

/** Slices have small letters, digits and -. */
const sliceOf = (file: string) => file.replace(/\.xlsx$/, '').replace(/[^A-Za-z0-9]/g, '-');

it('the same facts by many producers, by declared types, are in stage what the facts say', async () => {
  const world = makeWorld({ config: { version: 1, datasets: DATASETS } });
  const producers = Object.entries(SAID);
  for (const [file, exceptions] of producers) {
    const bytes = readFileSync(join(FOLDER, file));
    world.land(`${datasetFor(exceptions)}_${sliceOf(file)}_2025-06.xlsx`, bytes);
  }
  // One of each: with the total that nobody calculated, each of its cells is an error.
  const uncalculated = ['xlsxwriter-3.3.1.xlsx', 'openpyxl-3.1.5.xlsx', 'excelize-2.11.1.xlsx'];
  for (const file of uncalculated)
    world.land(`facts_${sliceOf(file)}_2025-06.xlsx`, readFileSync(join(FOLDER, file)));
  await world.json('run --period 2025-06 --through load-stage', 3);

  const stage = new Map<string, Row[]>();
  for (const name of Object.keys(DATASETS)) {
    const rows = await world.query(`SELECT * FROM stage.${name} ORDER BY producer, _source_row`);
    for (const row of rows)
      stage.set(String(row.producer), [...(stage.get(String(row.producer)) ?? []), row]);
  }
  expect(stage.size).toBe(producers.length);
  for (const [file, exceptions] of producers) {
    const name = datasetFor(exceptions);
    const { fields } = DATASETS[name].schema;
    const found = stage.get(sliceOf(file)) ?? [];
    const said = found.map((row) =>
      fields.map((field) => asFact(row[field.name], (field as { type?: string }).type ?? 'string')),
    );
    const typed = typedFacts(exceptions.map(declaredAs)).map((fact) => ({
      ...fact,
      active: fact.active.replace('0', 'FALSE'),
    }));
    const wanted = typed.map((fact) => fields.map((field) => fact[field.name]));
    expect.soft({ file, rows: said }).toEqual({ file, rows: wanted });
  }

  const refused = filesIn(world.root, 'data/reports/facts')
    .filter((path) => path.endsWith('findings.json'))
    .map((path) => JSON.parse(readFileSync(join(world.root, path), 'utf8')))
    .filter(({ verdict }) => verdict === 'refused');
  const cells = (from: number) => Array.from({ length: 12 }, (_, i) => `I${from + i}`);
  expect(
    Object.fromEntries(
      refused.map(({ slice, findings }) => [
        slice,
        findings.map((one: { cell: string; rule: string }) => [one.rule, one.cell]),
      ]),
    ),
  ).toEqual({
    'producer=xlsxwriter-3-3-1': cells(2).map((cell) => ['error-cell', cell]),
    'producer=openpyxl-3-1-5': cells(4).map((cell) => ['error-cell', cell]),
    'producer=excelize-2-11-1': cells(4).map((cell) => ['error-cell', cell]),
  });
}, 600_000);

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeWorld } from './world.ts';

const CONFIG = `version: 1
datasets:
  prices:
    source: {filename: "prices_{period}.csv", footer: "^Total", skip: "^Subtotal"}
    schema:
      fields:
        - {name: name, constraints: {required: true}}
        - {name: price, type: number, precision: 9, scale: 2, decimalChar: ","}
  quarters:
    source: {filename: "quarters_{period}.csv", header_rows: 2}
    schema:
      fields:
        - {name: region}
        - {name: q1, title: 2025 Q1, type: integer}
        - {name: q2, title: 2025 Q2, type: integer}
  broken:
    source: {filename: "broken_{period}.csv"}
    schema:
      fields: [{name: id}, {name: full_name}, {name: town}]
`;

it('tables where people put them: read, counted and said, or refused with line and reason', async () => {
  const world = makeWorld({
    config: CONFIG,
    landed: {
      // Both the comma and the semicolon divide it evenly; the headers tell.
      'prices_2025-06.csv':
        'Name;Price, EUR\nA;1,5\nSubtotal;1,5\nName;Price, EUR\nB;2,5\nTotal;4,0\nC;3,5\n\x1a',
      'quarters_2025-06.csv': 'Output\n;2025;\nRegion;Q1;Q2\nNorth;1;2\n',
      'broken_2025-06.csv': 'A report\n\nid,Full nmae,Town,x\n1,A,B,\n',
    },
  });
  const ingest = await world.json('ingest --all', 3);
  const of = (name: string) => ingest.results.find((one: { dataset: string }) => one.dataset === name);
  expect(of('broken').message).toContain(
    "The headers (row 3) do not fit. Missing: 'full_name'; not expected: 'Full nmae', 'x'; probably renamed: 'Full nmae' should be 'full_name'.",
  );
  expect(of('prices')).toMatchObject({ status: 'done', findings: { error: 0, info: 1 } });

  const validate = await world.json('validate --period 2025-06 --dataset prices', 0);
  expect(validate.rows).toMatchObject({ read: 2, accepted: 2, rejected: 0 });
  expect(validate.findings).toMatchObject({ error: 0, warning: 1, info: 3 });
  const path = `data/reports/prices/2025-06/${validate.file_id}/findings.json`;
  const { findings } = JSON.parse(readFileSync(join(world.root, path), 'utf8'));
  const told = findings.map((one: { code: string; cell: string | null }) => [one.code, one.cell]);
  expect(told.sort()).toEqual([
    ['repeated-header', '4:1'],
    ['rows-below-footer', '7:1'],
    ['skipped-row', '3:1'],
    ['unit-label', '1:2'],
  ]);

  await world.json('run --period 2025-06 --dataset quarters', 0);
  expect(await world.query('SELECT region, q1, q2 FROM core.quarters')).toEqual([
    { region: 'North', q1: '1', q2: '2' },
  ]);

  writeFileSync(join(world.root, 'two.csv'), 'Name;Price, EUR\nA;1,5\n');
  const doubt = await world.json('peek two.csv', 3);
  expect(doubt.message).toContain('which is the delimiter cannot be told');
  const peek = await world.run(['peek', 'two.csv', '--delimiter', ';', '--as', 'ndjson']);
  expect(peek.stdout).toBe('["Name","Price, EUR"]\n["A","1,5"]\n');
}, 300_000);

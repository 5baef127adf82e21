import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { drafted } from './drafted.ts';

const LANDED = resolve('test/fixtures/nics/landed');

it.each(readdirSync(LANDED))('the draft of %s takes its own file whole, without an error', async (name) => {
  const { dataset, found, told, notes } = await drafted(name, readFileSync(resolve(LANDED, name)));
  expect(found.rows).toMatchObject({ read: 55, accepted: 55 });
  expect(told).toEqual([]);
  expect(dataset.primaryKey).toEqual(['state']);
  expect(dataset.checks.map((check) => check.name)).toEqual([
    'not_last_month_again',
    'right_month',
    'steady',
  ]);
  expect(notes.filter((note) => note.includes('names a row'))).toHaveLength(1);
});

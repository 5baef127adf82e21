import { expect, test } from 'vitest';
import type { Constraints } from '../../../src/domain/dataset.ts';
import { foldedSlice } from '../../../src/domain/slice.ts';
import { sliceFinding } from '../../../src/gate/slice-findings.ts';
import type { LandedFile } from '../../../src/lake/landed.ts';
import { dataset, field } from './dataset-for-test.ts';

const FILE = { name: 'sales_x_2025-06.csv', path: 'data/landed/sales_x_2025-06.csv' } as LandedFile;
const free = field('x').constraints;

function told(value: string, constraints: Partial<Constraints>, over: object = {}) {
  const region = field('region', { constraints: { ...free, ...constraints }, ...over });
  const finding = sliceFinding(FILE, dataset([region, field('id')]), [['region', value]]);
  return finding === null ? null : `${finding.message} ${finding.fix}`;
}

const LIST = { enum: ['North', 'South'] };

test.each([['North'], ['South']])('a slice of the list passes: %s', (value) => {
  expect(told(value, LIST)).toBeNull();
});

test.each(['north', ' North', 'NORTH', 'N\u00f3rth'])(
  'a slice outside of it is refused, with what is meant: %s',
  (value) => {
    expect(told(value, LIST)).toContain(
      "and region is one of 'North', 'South'. Rename the file, with 'North'",
    );
  },
);

test('a slice that nothing of the list is like is refused without a guess', () => {
  expect(told('East', LIST)).toContain('Rename the file with a region that is allowed.');
});

test('lengths hold for a slice too', () => {
  expect(told('ab', { minLength: 3 })).toContain('has at least 3 characters');
  expect(told('abcd', { maxLength: 3 })).toContain('has at most 3 characters');
  expect(told('abc', { minLength: 3, maxLength: 3 })).toBeNull();
});

test('a field that changes its value before it is judged is left to the check of its cells', () => {
  expect(told('north', LIST, { clean: ['title'] })).toBeNull();
  expect(told('north', LIST, { clean: ['trim'] })).not.toBeNull();
});

test('a slice name that is no field, or has no rules, holds anything', () => {
  expect(told('anything', {})).toBeNull();
  expect(sliceFinding(FILE, dataset([field('id')]), [['region', 'north']])).toBeNull();
});

test('slices fold alike where only case, blanks or accents differ', () => {
  const one = foldedSlice([['b', 'Nord Est']]);
  for (const other of ['nord est', ' Nord  Est ', 'NordEst', 'Nórd Est', 'Nord\u00a0Est'])
    expect(foldedSlice([['b', other]]), other).toBe(one);
  for (const other of ['Nord Ost', 'Nord-Est', 'Nord', 'Est Nord'])
    expect(foldedSlice([['b', other]]), other).not.toBe(one);
});

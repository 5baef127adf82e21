import { describe, expect, it } from 'vitest';
import { findHeader } from '../../../src/gate/find-header.ts';
import type { RawRow } from '../../../src/readers/reader.ts';
import { dataset, field } from './dataset-for-test.ts';

const row = (number: number, texts: readonly string[]): RawRow => ({
  row: number,
  cells: texts.map((text) => ({ text, kind: 's' })),
});
const people = dataset([field('id', { required: true }), field('name', { required: true })]);

describe('the header of a table', () => {
  it('is the first row that names every column; what stands below is not compared with it', () => {
    let looks = 0;
    const below: RawRow = {
      row: 3,
      get cells() {
        looks++;
        return row(3, ['id', 'name']).cells;
      },
    };
    const found = findHeader(people, [row(1, ['People']), row(2, ['id', 'name']), below], 'text');
    expect(found).toMatchObject({ isTable: true, missing: [], block: { row: 2 } });
    expect(looks).toBe(0);
  });

  it('is the likeliest row where none names every column, also below less likely ones', () => {
    const rows = [row(1, ['People']), row(2, ['x', 'y']), row(3, ['id', 'nome']), row(4, ['1', 'Anna'])];
    expect(findHeader(people, rows, 'text')).toMatchObject({ isTable: false, matched: 1, block: { row: 3 } });
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initProject } from '../../../../src/pipeline/init.ts';
import { temporaryFolder } from '../../validation/validate-text.ts';
import { type Cell, workbook } from './drafted.ts';

async function notesOf(name: string, bytes: string | Buffer): Promise<readonly string[]> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), bytes);
  return (await initProject(join(folder, 'p'), { from: join(folder, name) })).notes;
}

it.each<[string, readonly (readonly Cell[])[], string]>([
  [
    'values past the last header',
    [
      ['id', 'n'],
      ['a', 1, null, 'late'],
      ['b', 2],
    ],
    'Past the last header there are values (column D): the gate refuses such a file. Write a header there, or empty the cells.',
  ],
  [
    'a second table with its title',
    [['id', 'n'], ['a', 1], ['b', 2], ['South'], ['id', 'n'], ['c', 3]],
    'Row 4 looks like the title of another table, with the headers again below: such a file is refused. Put each table on a sheet of its own.',
  ],
])('a draft says why its own file will be refused: %s', async (_what, rows, note) => {
  expect(await notesOf('a_2025-06.xlsx', await workbook({ Data: rows }))).toContain(note);
});

it('a draft says which lines of a text file will be rejected for their quotes', async () => {
  const text = 'id,price,product\n1,2.5,Hat\n2,33.83"Shirt, Plaid",b\n3,4.5,Shoe\n';
  expect(await notesOf('a_2025-06.csv', text)).toContain(
    'The quotes of line 3 make no sense: such rows are rejected, and the file with them. Fix the quotes.',
  );
});

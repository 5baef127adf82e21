import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOLDER } from '../../readers/xlsx/producer-facts.ts';
import { drafted, workbook } from './drafted.ts';

const REF = { error: '#REF!' } as const;

describe('columns that a draft leaves out', () => {
  it('one whose formulas nobody calculated, with the reason at its place, and the file loads', async () => {
    const { dataset, found, notes, yaml } = await drafted(
      'sales_2025-06.xlsx',
      readFileSync(resolve(FOLDER, 'openpyxl-3.1.5.xlsx')),
    );
    const reason =
      'total: left out, for nobody calculated its 12 formulas: a spreadsheet program does so on saving';
    expect(dataset.fields.map(({ name }) => name)).not.toContain('total');
    expect(yaml).toMatch(new RegExp(`name: active.*\\n +# ${reason}\\n.*name: note`));
    expect(yaml).toMatch(/headers: \{extra: warning\} # check/);
    expect(notes).toContain(reason);
    expect(found.rows).toMatchObject({ read: 12, accepted: 12 });
  });

  it('one of errors alone', async () => {
    const rows = ['a', 'b', 'c'].map((id, i) => [id, REF, i + 1]);
    const { types, found, notes } = await drafted(
      'refs_2025-06.xlsx',
      await workbook({ Data: [['id', 'looked_up', 'n'], ...rows] }),
    );
    expect(types).toEqual({ id: 'string', n: 'integer' });
    expect(found.rows).toMatchObject({ read: 3, accepted: 3 });
    expect(notes).toContain('looked_up: left out, for all its 3 cells hold #REF! or another error');
  });

  it('none where some cell has a value: its errors are said, and rejected', async () => {
    const rows = [
      ['a', REF],
      ['b', 2],
      ['c', 3],
    ] as const;
    const { types, found, notes, yaml } = await drafted(
      'refs_2025-06.xlsx',
      await workbook({ Data: [['id', 'n'], ...rows] }),
    );
    expect(types).toEqual({ id: 'string', n: 'integer' });
    expect(found.rows).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
    expect(notes).toContain('n: 1 cell holds an error such as #REF!, so such rows will be rejected');
    expect(yaml).not.toContain('headers:');
  });

  it('one with values but without a header, as pandas writes its index', async () => {
    const { found, told, notes, types } = await drafted('rows_2025-06.csv', ',id,n\n0,a,5\n1,b,6\n2,c,7\n');
    expect(types).toEqual({ id: 'string', n: 'integer' });
    expect(found.rows).toMatchObject({ read: 3, accepted: 3 });
    expect(told).toEqual([expect.stringContaining('blank-label (warning)')]);
    expect(notes).toContain('column A: left out, for it has values, but no header');
  });
});

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileSource } from '../../../../src/domain/dataset.ts';
import { FOLDER } from '../../readers/xlsx/producer-facts.ts';
import { drafted } from './drafted.ts';

const producer = (name: string) => readFileSync(resolve(FOLDER, name));
const csv = (...rows: readonly string[]) => `${rows.join('\n')}\n`;

describe('totals are no data', () => {
  it.each([
    ['Grand Total', '^Grand Total'],
    ['TOTAL (3)', '^TOTAL'],
    ['Gesamtsumme', '^Gesamtsumme'],
    ['Totals:', '^Totals'],
    ['Razem', '^Razem'],
  ])('%s in a full row below the data', async (text, footer) => {
    const { rows, dataset, yaml, notes } = await drafted(
      'sums_2025-06.csv',
      csv('Region,Pieces,Weight', 'North,1,0.1', 'South,2,0.2', 'East,4,0.4', `${text},7,0.7`),
    );
    expect(rows.map(([region]) => region)).toEqual(['North', 'South', 'East']);
    expect(fileSource(dataset).footer).toBe(footer);
    expect(yaml).toMatch(/footer: .* # check: rows from here on are not data/);
    expect(notes).toContain(`Row 5 ('${text}') is taken for a total and left out.`);
  });

  it('sums of groups, in full rows that name their group', async () => {
    const { rows, dataset, notes } = await drafted(
      'sums_2025-06.xlsx',
      producer('xlsxwriter_subtotals-3.3.1.xlsx'),
    );
    expect(rows).toEqual([
      ['North', '1'],
      ['North', '2'],
      ['South', '3'],
    ]);
    expect(dataset.source).toMatchObject({ skip: ' Total$', footer: null });
    expect(notes).toContain("Row 4 ('North Total') and 2 more rows are taken for totals and left out.");
  });

  it('the totals row of a table, of which one column is a mean', async () => {
    const { rows, dataset } = await drafted('table_2025-06.xlsx', producer('exceljs_totals_row-4.4.0.xlsx'));
    expect(rows.map(([id]) => id)).toEqual(['00417', '00418']);
    expect(fileSource(dataset).footer).toBe('^Totals');
  });

  it('the totals row of a table whose first cell is blank and whose formulas nobody calculated', async () => {
    const { rows, dataset, found, types } = await drafted(
      'table_2025-06.xlsx',
      producer('polars_totals_row-2.1.0.xlsx'),
    );
    expect(rows).toEqual([
      ['00417', '3', '19.99'],
      ['00418', '12', '0.10'],
    ]);
    expect(types).toEqual({ id: 'string', units: 'integer', price: 'number' });
    expect(fileSource(dataset).footer).toBe('^#FORMULA');
    expect(found.rows).toMatchObject({ read: 2, accepted: 2 });
  });

  it('a last row of sums whose first cell is blank, whatever they are next time', async () => {
    const { rows, dataset } = await drafted(
      'sums_2025-06.csv',
      csv('Region;Pieces;Weight', 'North;1;1.000,5', 'South;2;2,25', ';3;1.002,75'),
    );
    expect(rows).toHaveLength(2);
    expect(fileSource(dataset).footer).toBe('^[-+]?[0-9][0-9.,]*$');
  });

  it('totals of totals, each the sum of the groups above it', async () => {
    const { rows, dataset } = await drafted(
      'sums_2025-06.csv',
      csv(
        ...['Town,Site,Pieces', 'Oslo,a,1', 'Oslo,b,2', 'Subtotal 1,all,3', 'Bergen,a,4', 'Subtotal 2,all,4'],
        ...['Total Norway,all,7', 'Bonn,a,8', 'Subtotal 3,all,8', 'Total Germany,all,8', 'Total,all,15'],
      ),
    );
    expect(rows.map(([town]) => town)).toEqual(['Oslo', 'Oslo', 'Bergen', 'Bonn']);
    expect(dataset.source).toMatchObject({ skip: '^(Subtotal|Total)', footer: null });
  });

  it('totals above the rows that they add up, left out with a doubt', async () => {
    const { rows, dataset, notes } = await drafted(
      'sums_2025-06.csv',
      csv('Region,Pieces', 'Total,6', 'North,1', 'South,2', 'East,3'),
    );
    expect(rows.map(([region]) => region)).toEqual(['North', 'South', 'East']);
    expect(fileSource(dataset).skip).toBe('^Total');
    expect(notes).toContain(
      "Row 2 ('Total') is above the rows that it adds up: check that source.skip leaves out no rows of data.",
    );
    const groups = await drafted(
      'groups_2025-06.csv',
      csv('Region,Pieces', 'North Total,3', 'North,1', 'North,2', 'South Total,9', 'South,9'),
    );
    expect(groups.rows.map(([region]) => region)).toEqual(['North', 'North', 'South']);
  });
});

describe('data that begins like a total stays data', () => {
  it.each([
    ['names in a narrow table', ['Firm,Sales', 'Acme,7', 'Zeta,6', 'Total Energies,5']],
    ['a first row that adds up nothing', ['Firm,Sales', 'Total Energies,5', 'Total Gas,7', 'Acme,3']],
    ['a name at the end of others', ['Firm,Sales', 'Acme,7', 'Sum Total,5', 'Acme Total,1', 'Zeta,3']],
    ['a blank cell', ['Firm,Town,Street,Sales', 'Acme,A,1,7', 'Total Gas,,3,6', 'Zeta,B,4,2']],
  ])('%s', async (_what, lines) => {
    const { found, dataset } = await drafted('firms_2025-06.csv', csv(...lines));
    expect(found.rows).toMatchObject({ read: lines.length - 1, accepted: lines.length - 1 });
    expect(dataset.source).toMatchObject({ skip: null, footer: null });
  });

  it('and the pattern for the total below it says the whole text', async () => {
    const { rows, dataset } = await drafted(
      'firms_2025-06.csv',
      csv('Firm,Sales', 'Total Energies,5', 'Acme,7', 'Total Gas,6', 'Total,18'),
    );
    expect(rows.map(([firm]) => firm)).toEqual(['Total Energies', 'Acme', 'Total Gas']);
    expect(fileSource(dataset).footer).toBe('^Total$');
  });

  it('with a doubt where the word stands alone and the numbers are no sums', async () => {
    const { rows, notes } = await drafted(
      'lines_2025-06.csv',
      csv('Line,Pieces,Rate', 'Total,5,9', 'North,1,2', 'Total,8,9', 'South,2,3'),
    );
    expect(rows).toHaveLength(4);
    expect(notes.filter((note) => note.includes('is loaded as data'))).toEqual([
      "Row 4 ('Total') is loaded as data: its numbers are not the sums of the rows above it. If it is a total, leave it out by source.skip.",
      "Row 2 ('Total') is loaded as data: its numbers are not the sums of the rows above it. If it is a total, leave it out by source.skip.",
    ]);
  });

  it('with a doubt where a last row adds up all others without a word for it', async () => {
    const { rows, notes } = await drafted(
      'sums_2025-06.csv',
      csv('Region,Pieces', 'North,11', 'South,27', 'East,34', 'All of them,72'),
    );
    expect(rows).toHaveLength(4);
    expect(notes.join()).toContain("Row 5 ('All of them') is loaded as data, but its numbers are the sums");
  });
});

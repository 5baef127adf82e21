import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { locateTable } from '../../../src/gate/locate-table.ts';
import { dataset, field } from './dataset-for-test.ts';
import { type Sheets, sourceOf, type Table } from './source-for-test.ts';

const FIELDS = [
  field('citizen_id', { title: 'Citizen ID', aliases: ['Citizen No.'], required: true }),
  field('name'),
  field('income'),
];
const workbook = (rows: Table, over: Dataset = dataset(FIELDS)) =>
  locateTable(sourceOf([{ name: 'Citizens', rows }]), over, 'a.xlsx');
const codes = async (rows: Table, over?: Dataset) =>
  (await workbook(rows, over)).findings.map((one) => [one.code, one.cell, one.field ?? one.value]);

describe('finding the header row', () => {
  it('takes the first row that holds the required headers, below titles and blank rows', async () => {
    const located = await workbook([
      ['Report'],
      ['name', 'of the register'],
      [],
      ['', 'CITIZEN-ID', 'Name', 'in_come'],
      ['', '1', 'A', '2'],
    ]);
    expect(located).toMatchObject({ headerRow: 4, width: 4, findings: [], message: null, hasDataRows: true });
    expect(located.mapping).toEqual([
      { column: 0, label: '', field: null },
      { column: 1, label: 'CITIZEN-ID', field: 'citizen_id' },
      { column: 2, label: 'Name', field: 'name' },
      { column: 3, label: 'in_come', field: 'income' },
    ]);
  });

  it('looks no further than the first 20 rows', async () => {
    const header = ['citizen_id', 'name', 'income'];
    const titles = (count: number) => Array.from({ length: count }, () => ['title']);
    expect((await workbook([...titles(19), header])).findings).toEqual([]);
    expect((await workbook([...titles(20), header])).headerRow).toBeNull();
  });

  it('uses the configured row, and says so when it is empty', async () => {
    const at = (headerRow: number) => dataset(FIELDS, { source: { headerRow } });
    const rows = [['citizen_id', 'name', 'income'], [], ['citizen_id', 'name', 'income'], ['1', '2', '3']];
    expect(await workbook(rows, at(3))).toMatchObject({ headerRow: 3, findings: [] });
    expect((await workbook(rows, at(2))).message).toMatch(/Row 2 should hold the headers, and it is empty/);
  });

  it('takes the first visible sheet with a matching header', async () => {
    const table: Table = [
      ['citizen_id', 'name', 'income'],
      ['1', 'A', '2'],
    ];
    const sheets: Sheets = [
      { name: 'Notes', rows: [['read me', 'name']] },
      { name: 'Old', visible: false, rows: table },
      { name: 'Data', rows: table },
    ];
    expect((await locateTable(sourceOf(sheets), dataset(FIELDS), 'a')).sheet?.name).toBe('Data');
    const chosen = (sheet: string | number) => dataset(FIELDS, { source: { sheet } });
    expect((await locateTable(sourceOf(sheets), chosen('old'), 'a')).sheet?.name).toBe('Old');
    expect((await locateTable(sourceOf(sheets), chosen(3), 'a')).sheet?.name).toBe('Data');
    const unknown = await locateTable(sourceOf(sheets), chosen('Dta'), 'a');
    expect(unknown.message).toBe(
      "The workbook has no sheet 'Dta'. Its sheets are: 'Notes', 'Old', 'Data'. Is it 'Data'?",
    );
    expect(unknown.findings.map((one) => one.code)).toEqual(['unknown-sheet']);
  });
});

describe('sheets by name and number', () => {
  const table: Table = [
    ['citizen_id', 'name', 'income'],
    ['1', 'A', '2'],
  ];
  const located = (sheets: Sheets, sheet?: string | number) =>
    locateTable(sourceOf(sheets), dataset(FIELDS, sheet === undefined ? {} : { source: { sheet } }), 'a');

  it('a quoted number is a name first, and the position where no sheet has that name', async () => {
    const named = [
      { name: 'x', rows: table },
      { name: '3', rows: table },
      { name: '1', rows: table },
    ];
    expect((await located(named, '1')).sheet?.index).toBe(3);
    expect((await located(named, '2')).sheet?.index).toBe(2);
    expect((await located(named, 1)).sheet?.index).toBe(1);
    expect((await located(named, '4')).message).toContain("no sheet '4'");
  });

  it('one that the workbook lacks is passed over with a warning, unless it is asked for', async () => {
    const sheets: Sheets = [
      { name: 'Gone', missing: true, rows: table },
      { name: 'Data', rows: table },
    ];
    const found = await located(sheets);
    expect(found.sheet?.name).toBe('Data');
    expect(found.findings.map(({ code, severity, sheet }) => [code, severity, sheet])).toEqual([
      ['sheet-not-read', 'warning', 'Gone'],
    ]);
    expect(found.findings[0]?.message).toBe(
      "The workbook is damaged: it lacks the cells of the sheet 'Gone'. 'Data' is read.",
    );
    expect((await located(sheets, 'Gone')).sheet?.name).toBe('Gone');
  });
});

describe('headers', () => {
  it('match by name, title and alias, whatever case, blanks, hyphens and invisible marks', async () => {
    for (const label of [
      'Citizen No.',
      'CITIZEN\u00a0ID',
      ' citizen–id ',
      '\u200fcitizenid',
      'ｃｉｔｉｚｅｎ_id',
    ]) {
      expect((await workbook([[label, 'name', 'income']])).findings).toEqual([]);
    }
  });

  it('match exactly where that is asked for', async () => {
    const exact = dataset(FIELDS, { headers: { match: 'exact' } });
    expect((await workbook([['Citizen ID', 'name', 'income']], exact)).findings).toEqual([]);
    expect((await codes([['citizen id', 'name', 'income']], exact)).map(([code]) => code)).toEqual([
      'missing-label',
      'extra-label',
    ]);
  });

  it('gives one message that lists missing, unexpected, doubled and probably renamed headers', async () => {
    const located = await workbook([['Citizen ID', 'Nmae', 'name of dog', 'Citizen No.', 'zzz']]);
    expect(located.message).toBe(
      "The headers (row 1 of sheet 'Citizens') do not fit. Missing: 'name', 'income'; not expected: 'Nmae', " +
        "'name of dog', 'zzz'; there twice: 'citizen_id'; probably renamed: 'Nmae' should be 'name'.",
    );
    expect(located.findings.map((one) => [one.code, one.cell])).toEqual([
      ['missing-label', null],
      ['missing-label', null],
      ['extra-label', 'B1'],
      ['extra-label', 'C1'],
      ['extra-label', 'E1'],
      ['duplicate-label', 'D1'],
    ]);
  });

  it('names the probable header also when every one is misspelt', async () => {
    expect((await workbook([['title'], ['citzen_id', 'nane', 'incme']])).message).toMatch(
      /'citzen_id' should be 'Citizen ID'/,
    );
  });

  it('reports all as missing where no row looks like the header, or there is none', async () => {
    expect(await codes([['x'], ['y']])).toEqual([
      ['missing-label', null, 'citizen_id'],
      ['missing-label', null, 'name'],
      ['missing-label', null, 'income'],
    ]);
    expect((await workbook([])).message).toMatch(/The file has no rows/);
  });

  it('lets unexpected columns pass as warnings or silently, and never reads them', async () => {
    const rows: Table = [['citizen_id', 'x', 'name', 'income']];
    const warned = await workbook(rows, dataset(FIELDS, { headers: { extra: 'warning' } }));
    expect(warned.findings.map((one) => [one.code, one.severity])).toEqual([['extra-label', 'warning']]);
    expect(warned.message).toBeNull();
    expect(warned.mapping[1]).toEqual({ column: 1, label: 'x', field: null });
    expect((await workbook(rows, dataset(FIELDS, { headers: { extra: 'ignore' } }))).findings).toEqual([]);
  });

  it('reports a column with values and no header, not an empty one', async () => {
    const header = ['citizen_id', '', 'name', 'income'];
    expect(await codes([header, ['1', '', 'A', '2']])).toEqual([]);
    expect(await codes([header, ['1', 'lost', 'A', '2']])).toEqual([['blank-label', 'B1', null]]);
    expect(await codes([header, ['1', '', 'A', '2', '', 'lost']])).toEqual([['blank-label', 'F1', null]]);
  });

  it('does not look below the footer for columns without header', async () => {
    const rows = [
      ['citizen_id', '', 'name', 'income'],
      ['1', '', 'A', '2'],
      ['', '', 'total of', '2'],
      ['region', 'lost', 'x', 'y', 'wider', 'still'],
    ];
    const footed = (footer: string) => dataset(FIELDS, { source: { footer } });
    expect(await codes(rows, footed('^(?i)Total'))).toEqual([]);
    expect(await codes(rows, footed('^Nothing'))).toEqual([
      ['blank-label', 'B1', null],
      ['blank-label', 'E1', null],
      ['blank-label', 'F1', null],
    ]);
  });

  it('lets a column without header pass where unexpected ones do, beyond the table only under ignore', async () => {
    const ignoring = dataset(FIELDS, { headers: { extra: 'ignore' } });
    const header = ['citizen_id', '', 'name', 'income'];
    const within = await workbook([header, ['1', 'lost', 'A', '2']], ignoring);
    expect(within.findings.map(({ severity }) => severity)).toEqual(['info']);
    expect(within.message).toBeNull();
    const beyond = (of: typeof ignoring) => workbook([header, ['1', '', 'A', '2', 'lost']], of);
    const passed = await beyond(ignoring);
    expect(passed.findings.map(({ cell, severity }) => [cell, severity])).toEqual([['E1', 'info']]);
    expect(passed.message).toBeNull();
    const warning = dataset(FIELDS, { headers: { extra: 'warning' } });
    expect((await beyond(warning)).message).toContain('Column E');
  });

  it('keeps an agreed order', async () => {
    const same = dataset(FIELDS, { headers: { order: 'same' } });
    expect(await codes([['citizen_id', 'income', 'name']], same)).toEqual([
      ['incorrect-label', 'B1', 'income'],
    ]);
    expect(await codes([['citizen_id', 'name', 'income']], same)).toEqual([]);
  });

  it('treats names such as __proto__ and constructor as data', async () => {
    const odd = dataset([field('__proto__'), field('constructor'), field('"; drop')]);
    expect(
      (await workbook([['"; drop', '__proto__', 'constructor']], odd)).mapping.map((one) => one.field),
    ).toEqual(['"; drop', '__proto__', 'constructor']);
    expect(await codes([['toString', '"; drop', '__proto__', 'constructor']], odd)).toEqual([
      ['extra-label', 'A1', 'toString'],
    ]);
  });

  it('does without a slice column, and takes it where it is there', async () => {
    const sliced = dataset(FIELDS, { pattern: 'citizens_{board}_{period}.csv' });
    expect((await workbook([['citizen_id', 'name', 'income']], sliced)).findings).toEqual([]);
    expect((await workbook([['citizen_id', 'name', 'income', 'Board']], sliced)).mapping[3]?.field).toBe(
      'board',
    );
  });

  it('gives cells of text files as line:column, and counts trailing delimiters of the header as columns', async () => {
    const located = await locateTable(
      sourceOf(
        [{ name: '', rows: [['t'], ['citizen_id', 'name', 'incme', ''], ['1', 'A', '2', '']] }],
        'text',
      ),
      dataset(FIELDS),
      'a.csv',
    );
    expect(located.width).toBe(4);
    expect(located.findings.map((one) => one.cell)).toEqual([null, '2:3']);
  });

  it('answers soon for 16,384 strange columns', async () => {
    const wide = Array.from({ length: 16_384 }, (_, i) => `strange column number ${i}`);
    const many = dataset(Array.from({ length: 200 }, (_, i) => field(`a field of the register ${i}`)));
    const located = await workbook(
      Array.from({ length: 20 }, () => wide),
      many,
    );
    expect(located.findings.length).toBe(200);
  }, 4000);
});

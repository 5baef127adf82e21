import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../../../src/cli/write-words.ts';
import { loadConfig } from '../../../../src/config/load-config.ts';
import { initProject } from '../../../../src/pipeline/init.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(folder, ...parts);
const put = (name: string, text: string) => {
  writeFileSync(at(name), text);
  return at(name);
};
const datasets = (dir = 'p') => loadConfig(at(dir, 'datasets_config.yml'), {}).datasets;

describe('init', () => {
  it('makes a pipeline whose configuration is valid and whose landed folder is empty', async () => {
    const { written } = await initProject(at('p'));
    expect(datasets().size).toBe(0);
    expect(written).toContain('datasets_config.yml');
    expect(readdirSync(at('p', 'data', 'landed'))).toEqual(['.gitkeep']);
    expect(readdirSync(at('p')).sort()).toEqual([
      '.gitignore',
      'data',
      'datasets_config.yml',
      'migrations',
      'models',
    ]);
  });

  it.each(['register', '2025', 'Q1: "north" ${HOME}'])(
    'names the pipeline as its folder is called: %s',
    async (name) => {
      const { notes } = await initProject(at(name), { from: put('a_2025-06.csv', 'id,n\nx,1\ny,2\n') });
      expect(loadConfig(at(name, 'datasets_config.yml'), {}).name).toBe(name);
      expect(notes.length).toBeGreaterThan(0);
    },
  );

  it('leaves a folder alone that is a pipeline already', async () => {
    await initProject(at('p'));
    await expect(initProject(at('p'))).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('drafts a dataset from a text file that reaches a mart', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `${1000 + i};${i % 3 ? 'North' : 'South'};${i},50;${i + 1}.06.2025`,
    );
    const file = put(
      'orders_2025-06.csv',
      `Order No;Region;Amount;Ordered on\n${rows.slice(0, 29).join('\n')}\nTotal;;435,00;\n`,
    );
    const { next, written } = await initProject(at('p'), { from: file });
    const orders = datasets().get('orders');
    expect(orders?.fields.map((field) => [field.name, field.type])).toEqual([
      ['order_no', 'integer'],
      ['region', 'string'],
      ['amount', 'number'],
      ['ordered_on', 'date'],
    ]);
    expect(orders?.fields[2]).toMatchObject({ decimalChar: ',', precision: 18, scale: 2 });
    expect(orders?.source).toMatchObject({ delimiter: ';', footer: '^Total' });
    expect(orders?.primaryKey).toEqual(['order_no']);
    expect(readFileSync(at('p', 'data', 'landed', 'orders_2025-06.csv'))).toEqual(readFileSync(file));
    expect(readFileSync(at('p', 'models', 'mart', 'orders_by_period.sql'), 'utf8')).toContain(
      'GROUP BY _data_period, region',
    );
    expect(next.map(writeWords).at(-1)).toContain('run --period 2025-06');
    expect(written).toContain('models/mart/orders_by_period.sql');
  });

  it('finds the table of a workbook under title rows and beside other sheets', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('Read me').addRows([['About this file'], ['Nothing to see.']]);
    const sheet = workbook.addWorksheet('Data');
    sheet.addRows([['Staff hours'], [], ['Staff', 'Day', 'Hours']]);
    for (let i = 0; i < 24; i++)
      sheet.addRow([`S${i % 12}`, new Date(Date.UTC(2025, 5, 1 + Math.floor(i / 12))), i % 5 ? 7.25 : 'N/A']);
    await workbook.xlsx.writeFile(at('hours_2025-06.xlsx'));
    await initProject(at('p'), { from: at('hours_2025-06.xlsx') });
    const hours = datasets().get('hours');
    expect(hours?.source).toMatchObject({ sheet: 'Data' });
    expect(hours?.fields.map((field) => field.type)).toEqual(['string', 'date', 'number']);
    expect(hours?.primaryKey).toEqual(['staff', 'day']);
    expect(hours?.fields[2]?.missingValues).toEqual(['', 'N/A']);
  });

  it('leaves N/A alone where it stands in a column of texts too', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => `k${i},${i % 2 ? 'NA' : 'DE'},${i % 2 ? 'NA' : i}`);
    await initProject(at('p'), { from: put('codes_2025.csv', `key,country,score\n${rows.join('\n')}\n`) });
    const fields = datasets().get('codes')?.fields;
    expect(fields?.map((field) => field.missingValues)).toEqual([[''], [''], ['', 'NA']]);
  });

  it('never proposes a measure as the key, however unique it is', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => `${i % 5},${100 + i * 7}`);
    await initProject(at('p'), { from: put('counts_2025-06.csv', `grp,visits\n${rows.join('\n')}\n`) });
    expect(datasets().get('counts')?.primaryKey).toEqual([]);
  });

  it('sums in the first mart without a cast that would round', async () => {
    await initProject(at('p'), { from: put('a_2025-06.csv', 'id,n,z,m\nx,1,0,2.5\ny,2,0,1\n') });
    const model = readFileSync(at('p', 'models', 'mart', 'a_by_period.sql'), 'utf8');
    expect(model).toContain('  sum(n) AS n,\n  sum(z) AS z,\n  sum(m) AS m\n');
  });

  it('adds a dataset to a configuration and keeps every line of it', async () => {
    await initProject(at('p'), { from: put('a_2025-06.csv', 'id,n\nx,1\ny,2\n') });
    const path = at('p', 'datasets_config.yml');
    const before = `${readFileSync(path, 'utf8').trimEnd()} # last line\n\n# a comment at the end\n`;
    writeFileSync(path, before);
    await initProject(at('p'), { from: put('b_2025-06.csv', 'id,n\nx,1\ny,2\n'), dataset: 'bees' });
    const after = readFileSync(path, 'utf8').split('\n');
    for (const line of before.split('\n')) expect(after).toContain(line);
    expect([...datasets().keys()]).toEqual(['a', 'bees']);
  });

  it('writes nothing where the dataset is there already', async () => {
    const file = put('a_2025-06.csv', 'id,n\nx,1\ny,2\n');
    await initProject(at('p'), { from: file });
    const before = readFileSync(at('p', 'datasets_config.yml'), 'utf8');
    await expect(initProject(at('p'), { from: file })).rejects.toMatchObject({ code: 'already-exists' });
    expect(readFileSync(at('p', 'datasets_config.yml'), 'utf8')).toBe(before);
  });

  it('does not write over another landed file of the same name', async () => {
    await initProject(at('p'));
    writeFileSync(at('p', 'data', 'landed', 'a_2025-06.csv'), 'another');
    const file = put('a_2025-06.csv', 'id,n\nx,1\ny,2\n');
    await expect(initProject(at('p'), { from: file })).rejects.toMatchObject({ code: 'already-exists' });
    expect(readFileSync(at('p', 'data', 'landed', 'a_2025-06.csv'), 'utf8')).toBe('another');
    expect(datasets().size).toBe(0);
  });

  it('takes hostile headers as data', async () => {
    const header = `"\${HOME}","a""b","x: y # z","order","__proto__"`;
    await initProject(at('p'), { from: put('odd_2025-06.csv', `${header}\nk,1,q,1,2\nl,2,r,2,3\n`) });
    expect(
      datasets()
        .get('odd')
        ?.fields.map((field) => field.title),
    ).toEqual([`\${HOME}`, 'a"b', 'x: y # z', null, '__proto__']);
    expect(readFileSync(at('p', 'models', 'mart', 'odd_by_period.sql'), 'utf8')).toContain('sum("order")');
  });

  it('drafts JSON lines', async () => {
    const lines = [1, 2, 3].map((id) =>
      JSON.stringify({ id: `k${id}`, when: `2025-06-0${id}`, amount: id * 1.5 }),
    );
    await initProject(at('p'), { from: put('events_2025-06.jsonl', `${lines.join('\n')}\n`) });
    const events = datasets().get('events');
    expect(events?.fields.map((field) => [field.name, field.type])).toEqual([
      ['id', 'string'],
      ['when', 'date'],
      ['amount', 'number'],
    ]);
    expect(events?.primaryKey).toEqual(['id']);
  });

  it('takes the sheet and the header row that it is told, and writes both down', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook
      .addWorksheet('Wide')
      .addRows([['a', 'b', 'c'], ...[1, 2, 3, 4, 5].map((n) => [n, n * 2, n * 3])]);
    workbook.addWorksheet('Lists').addRows([
      ['x', 'y'],
      ['p', 'q'],
      ['id', 'n'],
      ['k', 1],
      ['l', 2],
    ]);
    await workbook.xlsx.writeFile(at('lists_2025-06.xlsx'));
    const from = at('lists_2025-06.xlsx');
    const chosen = await initProject(at('chosen'), { from, write: writeWords });
    expect(chosen.notes).toContain(
      "The sheet 'Wide' was chosen for its largest table, not 'Lists'; --sheet NAME takes another.",
    );
    const told = await initProject(at('p'), { from, sheet: 'lists', headerRow: 3 });
    const lists = datasets().get('lists');
    expect(lists?.source).toMatchObject({ sheet: 'Lists', headerRow: 3 });
    expect(lists?.fields.map((field) => [field.name, field.type])).toEqual([
      ['id', 'string'],
      ['n', 'integer'],
    ]);
    expect(told.notes.join()).not.toContain('was chosen');
    await expect(initProject(at('q'), { from, sheet: 'None' })).rejects.toMatchObject({ code: 'usage' });
    await expect(initProject(at('q'), { from, headerRow: 40 })).rejects.toMatchObject({
      message: expect.stringContaining('Row 40'),
    });
  });

  it('proposes a real month for a list of no period', async () => {
    const from = put('countries.csv', 'id,n\nx,1\ny,2\n');
    const { next } = await initProject(at('p'), { from, month: '2025-06' });
    expect(next.map(writeWords).at(-1)).toMatch(/^tidemark run --period 2025-06 --project /);
  });

  it('names the schema of the installed package from the folder itself', async () => {
    await initProject(at('deep', 'p'));
    const line = readFileSync(at('deep', 'p', 'datasets_config.yml'), 'utf8').split('\n')[0] ?? '';
    const path = /\$schema=(.*)$/.exec(line)?.[1] ?? '';
    expect(isAbsolute(path)).toBe(false);
    expect(JSON.parse(readFileSync(join(realpathSync(at('deep', 'p')), path), 'utf8'))).toHaveProperty(
      '$schema',
    );
  });

  it('changes nothing in a dry run', async () => {
    const file = put('a_2025-06.csv', 'id,n\nx,1\ny,2\n');
    const { written } = await initProject(at('p'), { from: file, dryRun: true });
    expect(written).toContain('data/landed/a_2025-06.csv');
    expect(readdirSync(folder)).toEqual(['a_2025-06.csv']);
  });

  it('says so where a file holds no table', async () => {
    const file = put('empty_2025-06.csv', 'just one line\n');
    await expect(initProject(at('p'), { from: file })).rejects.toMatchObject({ code: 'file-unreadable' });
    expect(readdirSync(folder)).not.toContain('p');
  });
});

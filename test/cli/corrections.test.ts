import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asZip, tinyParts } from '../unit/readers/xlsx/tiny-workbook.ts';
import { packedParts } from '../unit/reports/packed-parts.ts';
import { copiesOf, makeWorld, type World } from './world.ts';

const CONFIG = {
  version: 1,
  datasets: {
    people: {
      period: 'month',
      source: { filename: 'people_{period}[_v{version}].{xlsx,csv}' },
      schema: {
        fields: [
          { name: 'id', type: 'integer', constraints: { required: true } },
          { name: 'name', type: 'string', pii: true, constraints: { required: true } },
          { name: 'region', type: 'string', constraints: { enum: ['NORTH', 'SOUTH'] } },
          { name: 'born', type: 'date' },
        ],
        primaryKey: ['id'],
      },
    },
  },
};

const TEXT = (cell: string, text: string) => `<c r="${cell}" t="inlineStr"><is><t>${text}</t></is></c>`;

/** Three rows: the second has a wrong id, a blank name and a misspelt region. */
function workbook(): Buffer {
  const header = ['id', 'name', 'region', 'born'].map((name, i) => TEXT(`${'ABCD'[i]}1`, name)).join('');
  const row = (r: number, cells: string) => `<row r="${r}">${cells}</row>`;
  const rows = [
    row(1, header),
    row(
      2,
      `<c r="A2"><v>1</v></c>${TEXT('B2', 'Ann')}${TEXT('C2', 'NORTH')}<c r="D2" s="1"><v>45000</v></c>`,
    ),
    row(3, `${TEXT('A3', 'two')}${TEXT('C3', 'SUOTH')}<c r="D3" s="1"><v>45001</v></c>`),
    row(
      4,
      `<c r="A4"><v>3</v></c>${TEXT('B4', 'Cyd Secret')}${TEXT('C4', 'SOUTH')}<c r="D4" s="1"><v>45002</v></c>`,
    ),
  ];
  return asZip(tinyParts({ rows: rows.join(''), formats: [14] }));
}

const FOLDER = 'data/reports/people/2025-06';

const leadToRefusal = async (world: World) => {
  await world.json('ingest --all', 0);
  await world.json('validate --period 2025-06 --dataset people', 3);
};

async function refused(landed: Record<string, string | Buffer>): Promise<World> {
  const world = makeWorld({ config: CONFIG, landed });
  await leadToRefusal(world);
  return world;
}

const refusedWorkbook = copiesOf(
  { config: CONFIG, landed: { 'people_2025-06.xlsx': workbook() } },
  leadToRefusal,
);

/** The corrections of a delivery with values filled in, by cell. */
/** Cells of the sheet of problems that people fill in; a value may be of another column than the corrected values. */
type FillIn = string | { readonly emptyCell?: string; readonly deleteRow?: string };
const letterOf = (value: FillIn) =>
  typeof value === 'string' ? 'I' : value.emptyCell === undefined ? 'K' : 'J';
const textOf = (value: FillIn) =>
  typeof value === 'string' ? value : (value.emptyCell ?? value.deleteRow ?? '');

async function filledIn(world: World, fileId: number, values: Record<string, FillIn>): Promise<Buffer> {
  const parts = await packedParts(join(world.root, FOLDER, String(fileId), 'corrections.xlsx'));
  const written = new Map([...parts].map(([name, { text }]) => [name, text]));
  let sheet = written.get('xl/worksheets/sheet2.xml') as string;
  for (const [cell, value] of Object.entries(values)) {
    const row = [...sheet.matchAll(/<row .*?<\/row>/gs)].find(([text]) => text.includes(`>${cell}<`));
    expect(row, `${cell} in ${sheet}`).toBeDefined();
    const text = (row as RegExpMatchArray)[0];
    const filled = text.replace(
      new RegExp(`<c r="(${letterOf(value)}\\d+)" s="(\\d+)"\\s*(?:/>|></c>)`),
      `<c r="$1" s="$2" t="inlineStr"><is><t>${textOf(value)}</t></is></c>`,
    );
    expect(filled).not.toBe(text);
    sheet = sheet.replace(text, filled);
  }
  return asZip(written.set('xl/worksheets/sheet2.xml', sheet));
}

const FIXED = { A3: '2', B3: 'Bob', C3: 'SOUTH' };

describe('validate', () => {
  it('writes corrections.xlsx and the annotated workbook beside the report, for owner and group alone', async () => {
    const world = makeWorld({ config: CONFIG, landed: { 'people_2025-06.xlsx': workbook() } });
    await world.json('ingest --all', 0);
    const result = await world.json('validate --period 2025-06 --dataset people', 3);
    for (const name of ['corrections.xlsx', 'annotated.xlsx']) {
      const path = `${FOLDER}/1/${name}`;
      expect(result.outputs).toContain(path);
      expect((statSync(join(world.root, path)).mode & 0o777).toString(8)).toBe('640');
    }
    const report = readFileSync(join(world.root, FOLDER, '1/report.html'), 'utf8');
    expect(report).toContain('fill in corrections.xlsx, beside this report');
    expect(report).toContain('annotated.xlsx');
    const landed = readFileSync(join(world.root, 'data/landed/people_2025-06.xlsx'));
    expect(landed.equals(workbook())).toBe(true);
  });

  it('has nothing to annotate in a text file, and names its cells by line and column', async () => {
    const world = await refused({
      'people_2025-06.csv': 'id,name,region,born\n1,Ann,NORTH,\ntwo,Bob,SOUTH,\n',
    });
    expect(existsSync(join(world.root, FOLDER, '1/annotated.xlsx'))).toBe(false);
    const parts = await packedParts(join(world.root, FOLDER, '1/corrections.xlsx'));
    expect(parts.get('xl/worksheets/sheet2.xml')?.text).toContain('>3:1<');
  });

  it('shows PII in the two workbooks and nowhere else', async () => {
    const world = await refused({
      'people_2025-06.csv': 'id,name,region,born\nx1,Zaphod Secret,NORTH,\nx2,Zaphod Secret,SOUTH,\n',
    });
    const parts = await packedParts(join(world.root, FOLDER, '1/corrections.xlsx'));
    expect(parts.get('xl/worksheets/sheet3.xml')?.text).toContain('Zaphod Secret');
    for (const name of ['findings.json', 'report.html']) {
      expect(readFileSync(join(world.root, FOLDER, '1', name), 'utf8')).not.toContain('Zaphod');
    }
  });

  it('writes neither where nothing is wrong, and takes away those of a validation before', async () => {
    const world = await refused({ 'people_2025-06.csv': 'id,name,region,born\n1,Ann,WEST,\n' });
    expect(existsSync(join(world.root, FOLDER, '1/corrections.xlsx'))).toBe(true);
    const config = JSON.stringify(CONFIG).replace('"SOUTH"', '"SOUTH","WEST"');
    writeFileSync(join(world.root, 'datasets_config.yml'), config);
    const result = await world.json('validate --file-id 1', 0);
    expect(result.outputs.join()).not.toContain('.xlsx');
    expect(existsSync(join(world.root, FOLDER, '1/corrections.xlsx'))).toBe(false);
  });
});

describe('a filled-in corrections.xlsx in data/landed', () => {
  it('is known by what it holds, under any name, and is a delivery of its own that fixes the original', async () => {
    const world = await refusedWorkbook();
    world.land('from Bob/Re fixed (2).xlsx', await filledIn(world, 1, FIXED));
    await world.json('ingest --period 2025-06 --dataset people', 0);
    const result = await world.json('validate --period 2025-06 --dataset people', 0);
    expect(result).toMatchObject({ file_id: 2, rows: { read: 3, accepted: 3, rejected: 0 } });
    await world.json('load-stage --period 2025-06 --dataset people', 0);
    expect(
      await world.query('SELECT id, name, region, born, _source_row, _file_id FROM stage.people ORDER BY id'),
    ).toEqual([
      { id: '1', name: 'Ann', region: 'NORTH', born: '2023-03-15', _source_row: '2', _file_id: '2' },
      { id: '2', name: 'Bob', region: 'SOUTH', born: '2023-03-16', _source_row: '3', _file_id: '2' },
      { id: '3', name: 'Cyd Secret', region: 'SOUTH', born: '2023-03-17', _source_row: '4', _file_id: '2' },
    ]);
    expect(
      await world.query('SELECT file_id, reply_to, status FROM meta.ingestion_log ORDER BY file_id'),
    ).toEqual([
      { file_id: '1', reply_to: null, status: expect.any(String) },
      { file_id: '2', reply_to: '1', status: 'accepted' },
    ]);
    const report = readFileSync(join(world.root, FOLDER, '2/report.html'), 'utf8');
    expect(report).toContain('reply to delivery 1: 3 cells were replaced');
    await world.json('ingest --all', 0);
    expect(await world.query('SELECT count(*) AS n FROM meta.ingestion_log')).toEqual([{ n: '2' }]);
  });

  it('that fixes a part is told what is left, and a reply to the reply fixes the rest', async () => {
    const world = await refusedWorkbook();
    world.land('first.xlsx', await filledIn(world, 1, { A3: '2', B3: 'Bob' }));
    await world.json('ingest --all', 0);
    const left = await world.json('validate --period 2025-06 --dataset people', 3);
    expect(left.findings.error).toBe(1);
    expect(existsSync(join(world.root, FOLDER, '2/annotated.xlsx'))).toBe(false);
    world.land('second.xlsx', await filledIn(world, 2, { C3: 'SOUTH' }));
    await world.json('ingest --all', 0);
    const result = await world.json('validate --period 2025-06 --dataset people', 0);
    expect(result.rows).toMatchObject({ read: 3, accepted: 3 });
  });

  it('is told by trace: the original file, sheet and cell, what was there before, and who changed it', async () => {
    const world = await refusedWorkbook();
    world.land('first.xlsx', await filledIn(world, 1, { A3: '2', B3: 'Bob' }));
    await world.json('ingest --all', 0);
    await world.json('validate --period 2025-06 --dataset people', 3);
    world.land('second.xlsx', await filledIn(world, 2, { C3: 'SOUTH' }));
    await world.json('run --period 2025-06', 0);
    const [row] = (await world.json('trace core.people 2 --show-pii', 0)).details.rows;
    expect(row.delivery).toMatchObject({
      file_id: 3,
      path: 'data/landed/second.xlsx',
      original: { file_id: 1, path: 'data/landed/people_2025-06.xlsx', row: 3 },
    });
    expect(row.cells).toMatchObject([
      { cell: 'A3', raw: '2', replaced: { raw: 'two', file_id: 2, path: 'data/landed/first.xlsx' } },
      { cell: 'B3', raw: 'Bob', replaced: { raw: '', file_id: 2 } },
      { cell: 'C3', raw: 'SOUTH', replaced: { raw: 'SUOTH', file_id: 3, path: 'data/landed/second.xlsx' } },
      { cell: 'D3', replaced: null },
    ]);
    const { stdout } = await world.run('trace core.people 2');
    expect(stdout).toMatch(/from +delivery 1, data\/landed\/people_2025-06\.xlsx, sheet \S+, row 3\n/);
    expect(stdout).toMatch(/fixed +by delivery 3 \(accepted\), the reply data\/landed\/second\.xlsx\n/);
    expect(stdout).toMatch(/region +C3 +SUOTH, until delivery 3 +SOUTH/);
    expect(stdout).not.toContain('Bob');
    const [untouched] = (await world.json('trace core.people 1', 0)).details.rows;
    expect(untouched.cells.every((cell: { replaced: unknown }) => cell.replaced === null)).toBe(true);
  });

  it('deletes a row, and takes every text in a corrected cell for a value of its field', async () => {
    const text = 'id,name,region,born\n1,Ann,NORTH,\ntwo,Bob,EAST,\n3,,SOUTH,\nTotal,,,\n';
    const world = await refused({ 'people_2025-06.csv': text });
    const corrections = await world.json('report --dataset people --period 2025-06', 0);
    expect(corrections.details.totals.map((one: { code: string }) => one.code)).toContain('looks-like-total');
    const fill = {
      '3:1': { deleteRow: 'yes' },
      '4:2': '(delete)',
      'Row 5 looks like a totals row.': { deleteRow: 'yes' },
    };
    world.land('re.xlsx', await filledIn(world, 1, fill));
    await world.json('ingest --all', 0);
    const result = await world.json('validate --period 2025-06 --dataset people', 0);
    expect(result.rows).toMatchObject({ read: 2, accepted: 2, rejected: 0 });
    await world.json('load-stage --period 2025-06 --dataset people', 0);
    expect(await world.query('SELECT id, name, _source_row FROM stage.people ORDER BY id')).toEqual([
      { id: '1', name: 'Ann', _source_row: '2' },
      { id: '3', name: '(delete)', _source_row: '4' },
    ]);
    const report = readFileSync(join(world.root, FOLDER, '2/report.html'), 'utf8');
    expect(report).toContain(
      'reply to delivery 1: 1 cell was replaced with the corrected values and 2 rows were deleted',
    );
  });

  it('checks a corrected value by the type of its field', async () => {
    const world = await refused({ 'people_2025-06.csv': 'id,name,region,born\n1,Ann,EAST,\n' });
    world.land('re.xlsx', await filledIn(world, 1, { '2:3': '(delete)' }));
    await world.json('ingest --all', 0);
    const result = await world.json('validate --period 2025-06 --dataset people', 3);
    expect(result).toMatchObject({ file_id: 2, findings: { error: 1 } });
  });

  it('empties a cell where the column for it says yes, and fixes a text file too', async () => {
    const world = await refused({
      'people_2025-06.csv':
        'id,name,region,born\n1,"Ann, A.",NORTH,\ntwo,Bob,EAST,\n3,"C ""x""",SOUTH,2020-01-02\n',
    });
    world.land('re.xlsx', await filledIn(world, 1, { '3:1': '2', '3:3': { emptyCell: 'yes' } }));
    await world.json('ingest --all', 0);
    await world.json('validate --period 2025-06 --dataset people', 0);
    await world.json('load-stage --period 2025-06 --dataset people', 0);
    expect(await world.query('SELECT id, name, region FROM stage.people ORDER BY id')).toEqual([
      { id: '1', name: 'Ann, A.', region: 'NORTH' },
      { id: '2', name: 'Bob', region: null },
      { id: '3', name: 'C "x"', region: 'SOUTH' },
    ]);
  });

  it('is known and read also after a program saved it that drops custom properties and moves every part', async () => {
    const world = await refusedWorkbook();
    const { default: excel } = await import('exceljs');
    const book = new excel.Workbook();
    await book.xlsx.readFile(join(world.root, FOLDER, '1/corrections.xlsx'));
    const sheet = book.getWorksheet('Problems');
    sheet?.eachRow((row) => {
      const cell = row.getCell(1).text;
      if (cell in FIXED) row.getCell(9).value = cell === 'A3' ? 2 : FIXED[cell as keyof typeof FIXED];
    });
    world.land('saved again.xlsx', Buffer.from(await book.xlsx.writeBuffer()));
    await world.json('ingest --all', 0);
    const result = await world.json('validate --period 2025-06 --dataset people', 0);
    expect(result).toMatchObject({ file_id: 2, rows: { read: 3, accepted: 3, rejected: 0 } });
    expect(await world.query('SELECT reply_to FROM meta.ingestion_log WHERE file_id = 2')).toEqual([
      { reply_to: '1' },
    ]);
  });

  it('has a report that says what it fixed and what is left', async () => {
    const world = await refusedWorkbook();
    world.land('first.xlsx', await filledIn(world, 1, { A3: '2', B3: 'Bob' }));
    await world.json('ingest --all', 0);
    await world.json('validate --period 2025-06 --dataset people', 3);
    const told = JSON.parse(readFileSync(join(world.root, FOLDER, '2/findings.json'), 'utf8'));
    expect(told.since_last).toMatchObject({ file_id: 1, fixed: 2, still_open: 1, new: 0 });
    expect(told.fixed.map(({ cell, since }: { cell: string; since: string }) => `${cell} ${since}`)).toEqual([
      'A3 fixed',
      'B3 fixed',
    ]);
    expect(
      told.findings.map(({ cell, since }: { cell: string; since: string }) => `${cell} ${since}`),
    ).toContain('C3 still open');
    const page = readFileSync(join(world.root, FOLDER, '2/report.html'), 'utf8');
    expect(page).toContain('Since delivery 1: 2 problems fixed, 1 still open, 0 new.');
  });

  it('is refused where the original changed or is gone', async () => {
    const world = await refusedWorkbook();
    world.land('re.xlsx', await filledIn(world, 1, FIXED));
    world.land('people_2025-06.xlsx', asZip(tinyParts({ rows: '<row><c><v>1</v></c></row>' })));
    const result = await world.json(['ingest', '--file-path', 're.xlsx'], 3);
    expect(result.message).toMatch(
      /people_2025-06.xlsx' \(delivery 1\), which this replies to, has changed since/,
    );
    world.land('people_2025-06.xlsx', workbook());
    await world.json(['ingest', '--file-path', 're.xlsx'], 0);
  });

  it('is refused where nothing is filled in', async () => {
    const world = await refused({
      'people_2025-06.csv': 'id,name,region,born\n,Ann,NORTH,\n',
    });
    world.land('none.xlsx', await filledIn(world, 1, {}));
    const none = await world.json(['ingest', '--file-path', 'none.xlsx'], 3);
    expect(none.message).toContain("No 'Corrected value' is filled in");
  });

  it('is refused where it replies to a delivery that is not here', async () => {
    const world = await refusedWorkbook();
    const other = makeWorld({ config: CONFIG });
    other.land('people_2025-07.xlsx', await filledIn(world, 1, FIXED));
    const result = await other.json(['ingest', '--file-path', 'people_2025-07.xlsx'], 3);
    expect(result.message).toContain('There is no delivery 1');
  });
});

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asZip, tinyParts } from '../unit/readers/xlsx/tiny-workbook.ts';
import { packedParts } from '../unit/reports/packed-parts.ts';
import { CITIZENS_ONLY, THREE } from './registers.ts';
import { makeWorld } from './world.ts';

const TEXT = (cell: string, text: string) => `<c r="${cell}" t="inlineStr"><is><t>${text}</t></is></c>`;
const FOLDER = 'data/reports/citizens/2025-06/1';

describe('a file that the gate refused', () => {
  it('has a report, findings and its own workbook with the headers coloured, for owner and group alone', async () => {
    const rows = `<row r="3">${TEXT('A3', 'Citizen ID')}${TEXT('B3', 'Nmae')}${TEXT('C3', 'Pet')}</row><row r="4"><c r="A4"><v>1</v></c>${TEXT('B4', 'Ada Secret')}${TEXT('C4', 'cat')}</row>`;
    const world = makeWorld({
      config: CITIZENS_ONLY,
      landed: { 'citizens_2025-06.xlsx': asZip(tinyParts({ rows })) },
    });
    const result = await world.json('ingest --all', 3);
    expect(result.outputs).toEqual(
      ['report.html', 'findings.json', 'annotated.xlsx'].map((name) => `${FOLDER}/${name}`),
    );
    for (const path of result.outputs)
      expect((statSync(join(world.root, path)).mode & 0o777).toString(8)).toBe('640');
    const page = readFileSync(join(world.root, FOLDER, 'report.html'), 'utf8');
    const words = page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]+>/g, ' ');
    expect(words).toMatch(
      /This file cannot be used yet\.\s+The headers do not fit, so no cell was looked at yet\./,
    );
    expect(words).toMatch(/What to do now:\s+fix the headers of citizens_2025-06\.xlsx as shown below/);
    expect(words).toMatch(/The column &#39;Income&#39; is missing\./);
    expect(words).toMatch(/Name\s+Missing/);
    expect(page).not.toMatch(/Secret|missing-label/);
    const told = JSON.parse(readFileSync(join(world.root, FOLDER, 'findings.json'), 'utf8'));
    expect(told).toMatchObject({ verdict: 'refused', rows: null, counts: { error: 4 } });
    const comments = [...(await packedParts(join(world.root, FOLDER, 'annotated.xlsx')))].find(([name]) =>
      /Comments/.test(name),
    );
    expect([...(comments?.[1].text ?? '').matchAll(/ref="(\w+)"/g)].map(([, cell]) => cell)).toEqual([
      'B3',
      'C3',
    ]);
  });

  it('leaves no report of a rehearsal, and none of a file that belongs to no dataset', async () => {
    const world = makeWorld({
      config: CITIZENS_ONLY,
      landed: { 'citizens_2025-06.csv': 'a,b\n1,2\n', 'x.csv': 'a\n' },
    });
    await world.json('ingest --period 2025-06 --dry-run', 3);
    expect(existsSync(join(world.root, 'data/reports'))).toBe(false);
    await world.json(['ingest', '--file-path', 'x.csv'], 3);
    expect(existsSync(join(world.root, 'data/reports'))).toBe(false);
  });

  it('that is unreadable says so, and what to do with it', async () => {
    const world = makeWorld({ config: CITIZENS_ONLY, landed: { 'citizens_2025-06.xlsx': 'PK no workbook' } });
    await world.json('ingest --all', 3);
    const page = readFileSync(join(world.root, FOLDER, 'report.html'), 'utf8');
    expect(page).toContain('do as shown below with citizens_2025-06.xlsx');
    expect(page).toContain('The file as a whole');
    world.land('citizens_2025-06.csv', THREE);
    await world.json('ingest --all', 0);
  });
});

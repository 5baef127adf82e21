import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openXlsx } from '../../../../src/readers/xlsx/open-xlsx.ts';
import { writeAnnotated } from '../../../../src/reports/annotated/write-annotated.ts';
import type { Problem } from '../../../../src/reports/problem-list.ts';
import { allRows, asZip, cellsOf, scratchFolder, writeFile } from '../../readers/xlsx/tiny-workbook.ts';
import { type PackedPart, packedParts } from '../packed-parts.ts';
import { DEFINED_NAMES, richParts, SHEET_AFTER } from './rich-workbook.ts';

const SHEET = 'xl/worksheets/sheet1.xml';
/** Parts in which something is added; every other one is as it was. */
const TOUCHED = [
  '[Content_Types].xml',
  'xl/_rels/workbook.xml.rels',
  'xl/styles.xml',
  'xl/workbook.xml',
  'xl/worksheets/_rels/sheet1.xml.rels',
  SHEET,
];

const problem = (cell: string, column: number, row: number): Problem => ({
  ...{ severity: 'error', cell, column, row, field: 'region', label: 'Region', value: 'Nroth' },
  ...{ message: 'Region is wrong.', fix: 'Fix it.', suggestion: 'North' },
});

async function sheetsOf(path: string) {
  const source = await openXlsx(path, DEFAULT_LIMITS);
  try {
    const out: Record<string, unknown> = {};
    for (const sheet of await source.sheets()) out[sheet.name ?? ''] = cellsOf(await allRows(source, sheet));
    return out;
  } finally {
    await source.close();
  }
}

describe('the annotated copy of a workbook with everything in it', () => {
  let source: string;
  let target: string;
  let before: Map<string, PackedPart>;
  let after: Map<string, PackedPart>;

  beforeAll(async () => {
    source = writeFile(asZip(richParts()));
    target = join(scratchFolder(), 'rich-annotated.xlsx');
    const problems = [problem('C3', 2, 3), problem('B3', 1, 3), problem('C4', 2, 4)];
    await writeAnnotated(target, {
      source,
      sheet: 'Data',
      problems,
      headline: 'All.',
      limits: DEFAULT_LIMITS,
    });
    before = await packedParts(source);
    after = await packedParts(target);
  });

  it('has every other part as it lies packed: chart, picture, pivot table, comments of other sheets', () => {
    const same = [...before.keys()].filter((name) =>
      after.get(name)?.packed.equals(before.get(name)?.packed as Buffer),
    );
    expect([...before.keys()].filter((name) => !same.includes(name)).sort()).toEqual(TOUCHED);
    expect([...after.keys()].filter((name) => !before.has(name)).sort()).toEqual([
      'xl/drawings/tidemark1.vml',
      'xl/tidemarkComments1.xml',
      'xl/worksheets/tidemarkProblems1.xml',
    ]);
  });

  it('changes the styles of the touched cells in their sheet, and nothing else of it', () => {
    const written = after.get(SHEET)?.text ?? '';
    const undone = written
      .replace(/(<c r="B3") s="\d+"/, '$1 s="2"')
      .replace(/<c s="\d+" r="C3"/, '<c r="C3"')
      .replace(/<c r="C4" s="\d+"\/>/, '')
      .replace(/<legacyDrawing [^>]*>/, '');
    expect(undone).toBe(before.get(SHEET)?.text);
    expect(written).toContain(SHEET_AFTER);
    expect(written).toContain('<f>B2*2</f><v>25</v>');
  });

  it('adds to styles and workbook what it needs, between what was there', () => {
    const workbook = after.get('xl/workbook.xml')?.text ?? '';
    expect(workbook.replace(/<sheet [^>]*name="Problems"[^>]*>/, '')).toBe(
      before.get('xl/workbook.xml')?.text,
    );
    expect(workbook).toContain(DEFINED_NAMES);
    const styles = after.get('xl/styles.xml')?.text ?? '';
    const was = before.get('xl/styles.xml')?.text ?? '';
    for (const kept of [
      /<font>.*?<\/font>/,
      /<dxfs.*<\/dxfs>/,
      /<cellStyleXfs.*<\/cellStyleXfs>/,
      /<borders.*<\/borders>/,
    ])
      expect(styles).toContain(kept.exec(was)?.[0]);
    expect(styles).toContain('<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0"/>');
  });

  it('reads back as the same data on every sheet', async () => {
    const { Problems: added, ...read } = await sheetsOf(target);
    expect(read).toEqual(await sheetsOf(source));
    expect(Object.values(added as object)).toContain('s:Nroth');
  });
});

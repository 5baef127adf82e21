import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/domain/limits.ts';
import { openXlsx } from '../../../../src/readers/xlsx/open-xlsx.ts';
import { writeAnnotated } from '../../../../src/reports/annotated/write-annotated.ts';
import type { Problem } from '../../../../src/reports/problem-list.ts';
import {
  allRows,
  asZip,
  type Cells,
  cellsOf,
  relsXml,
  scratchFolder,
  sheetXml,
  type TinyWorkbook,
  tinyParts,
  workbookXml,
  writeFile,
} from '../../readers/xlsx/tiny-workbook.ts';
import { type PackedPart, packedParts } from '../packed-parts.ts';

const SHEET = 'xl/worksheets/sheet1.xml';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

function problem(column: number, row: number, more: Partial<Problem> = {}): Problem {
  const cell = `${String.fromCharCode(65 + column)}${row}`;
  const about = { severity: 'error', cell, column, row, field: 'f', label: 'F', value: 'x' } as const;
  return { ...about, message: `wrong in ${cell}`, fix: 'Fix it.', suggestion: null, ...more };
}

interface Annotated {
  readonly before: ReadonlyMap<string, PackedPart>;
  readonly after: ReadonlyMap<string, PackedPart>;
  readonly read: { readonly before: Cells; readonly after: Cells };
  readonly path: string;
}

let made = 0;

async function annotate(
  parts: ReadonlyMap<string, string | Buffer>,
  problems: readonly Problem[],
): Promise<Annotated> {
  const source = writeFile(asZip(parts));
  const path = join(scratchFolder(), `annotated-${++made}.xlsx`);
  const headline = 'All of them.';
  await writeAnnotated(path, { source, sheet: 'Data', problems, headline, limits: DEFAULT_LIMITS });
  const read = { before: await cellsAt(source), after: await cellsAt(path) };
  return { before: await packedParts(source), after: await packedParts(path), read, path };
}

async function cellsAt(path: string): Promise<Cells> {
  const source = await openXlsx(path, DEFAULT_LIMITS);
  try {
    return cellsOf(await allRows(source));
  } finally {
    await source.close();
  }
}

const ofTiny = (book: TinyWorkbook, problems: readonly Problem[]) => annotate(tinyParts(book), problems);

/** The number of a cell's style. */
function styleOf(sheet: string, cell: string): number {
  const tag = new RegExp(`<(?:x:)?c [^>]*r="${cell}"[^>]*>`).exec(sheet)?.[0] ?? '';
  return Number(/ s="(\d+)"/.exec(tag)?.[1] ?? -1);
}

function xfs(styles: string): string[] {
  const table = /<(?:x:)?cellXfs.*<\/(?:x:)?cellXfs>/s.exec(styles)?.[0] ?? '';
  return [...table.matchAll(/<(?:x:)?xf [^>]*>/g)].map(([xf]) => xf);
}

const ROWS =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c><c r="B1" t="inlineStr"><is><t>Day</t></is></c></row>' +
  '<row r="2" spans="1:2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>45000</v></c></row>' +
  '<row r="3" ht="30"><c r="A3"><v>2</v></c><c r="B3" s="1"><v>45001</v></c></row>';

describe('writeAnnotated', () => {
  it('gives a touched cell a copy of its style on a fill, and leaves every other byte of the sheet', async () => {
    const { before, after, read } = await ofTiny({ rows: ROWS, formats: [14] }, [problem(1, 2)]);
    const sheet = after.get(SHEET)?.text ?? '';
    const style = styleOf(sheet, 'B2');
    expect(xfs(after.get('xl/styles.xml')?.text ?? '')[style]).toBe(
      '<xf applyFill="1" fillId="2" numFmtId="14"/>',
    );
    const undone = sheet
      .replace(`<c r="B2" s="${style}">`, '<c r="B2" s="1">')
      .replace(/<legacyDrawing[^>]*>/, '');
    expect(undone).toBe(before.get(SHEET)?.text);
    expect(read.after).toEqual(read.before);
    expect(read.after.B2).toBe('d:2023-03-15');
  });

  it('copies all parts it has no word in as they lie packed, whatever they hold', async () => {
    const parts = tinyParts({ rows: ROWS, formats: [14], strings: '<si><t>s</t></si>' });
    parts.set('xl/charts/chart1.xml', '<c:chartSpace>not closed');
    parts.set('xl/media/image1.png', Buffer.from([137, 80, 78, 71, 0, 1, 2, 255]));
    const { before, after } = await annotate(parts, [problem(0, 3)]);
    for (const name of [
      'xl/charts/chart1.xml',
      'xl/media/image1.png',
      'xl/sharedStrings.xml',
      '_rels/.rels',
    ]) {
      expect(after.get(name)?.packed.equals(before.get(name)?.packed as Buffer), name).toBe(true);
    }
    expect([...before.keys()].filter((name) => !after.has(name))).toEqual([]);
  });

  it('puts in a blank cell that is not there, between its neighbours, and nothing is read in it', async () => {
    const rows =
      '<row r="1"><c r="A1"><v>1</v></c><c r="D1"><v>4</v></c></row><row r="2" spans="1:1"><c r="A2"><v>1</v></c></row>';
    const { after, read } = await ofTiny({ rows, formats: [14] }, [problem(1, 1), problem(4, 2)]);
    const sheet = after.get(SHEET)?.text ?? '';
    expect(sheet).toMatch(/<c r="A1"><v>1<\/v><\/c><c r="B1" s="2"\/><c r="D1">/);
    expect(sheet).toMatch(/<row r="2" spans="1:5"><c r="A2"><v>1<\/v><\/c><c r="E2" s="2"\/><\/row>/);
    expect(read.after).toEqual(read.before);
  });

  it('a blank cell put in keeps the look of its row or column', async () => {
    const sheet = sheetXml(
      '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" s="1" customFormat="1"><c r="A2"><v>1</v></c></row>',
    ).replace('<sheetData>', '<cols><col min="2" max="3" width="9" style="2"/></cols><sheetData>');
    const { after } = await ofTiny({ sheet, formats: [14, 20] }, [problem(1, 1), problem(1, 2)]);
    const all = xfs(after.get('xl/styles.xml')?.text ?? '');
    const written = after.get(SHEET)?.text ?? '';
    expect(all[styleOf(written, 'B1')]).toContain('numFmtId="20"');
    expect(all[styleOf(written, 'B2')]).toContain('numFmtId="14"');
  });

  it('where no fonts are listed, only the headings of the added sheet become bold', async () => {
    const { after } = await ofTiny({ rows: ROWS, formats: [14] }, [problem(1, 2)]);
    const styles = after.get('xl/styles.xml')?.text ?? '';
    expect(styles).toMatch(/<fonts[^>]*><font><sz val="11"\/><name val="Calibri"\/><\/font><font><b\/>/);
    expect(xfs(styles).filter((xf) => xf.includes('fontId="1"'))).toHaveLength(1);
  });

  it('works without a styles part, and styles that cells already number stay plain', async () => {
    const rows = '<row r="1"><c r="A1" s="7"><v>45000</v></c><c r="B1"><v>2</v></c></row>';
    const { after, read } = await ofTiny({ rows }, [problem(1, 1)]);
    const styles = [...after].find(([name]) => /styles/i.test(name))?.[1].text ?? '';
    const all = xfs(styles);
    expect(all[7]).toContain('fillId="0"');
    expect(all[styleOf(after.get(SHEET)?.text ?? '', 'B1')]).toContain('fillId="2"');
    expect(after.get('xl/_rels/workbook.xml.rels')?.text).toContain('/styles"');
    expect(after.get('[Content_Types].xml')?.text).toContain('styles+xml');
    expect(read.after).toEqual(read.before);
  });

  it('finds cells and rows that have no address, and elements with a prefix', async () => {
    const sheet = `<x:worksheet xmlns:x="${MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row><x:row><x:c><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
    const { after, read } = await ofTiny({ sheet, formats: [14] }, [
      problem(1, 1),
      problem(0, 2),
      problem(2, 2),
    ]);
    const written = after.get(SHEET)?.text ?? '';
    expect(written).toContain('<x:c><x:v>1</x:v></x:c><x:c s="2"><x:v>2</x:v></x:c>');
    expect(written).toContain('<x:c s="2"><x:v>3</x:v></x:c><x:c r="C2" s="2"/></x:row>');
    expect(written).toMatch(/<x:legacyDrawing xmlns:r="[^"]+" r:id="rIdTidemark1"\/><\/x:worksheet>$/);
    expect(read.after).toEqual(read.before);
  });

  it('a sheet stored as UTF-16 is written as UTF-8 that says so', async () => {
    const text = sheetXml(ROWS.replace('>ID<', '>Größe<')).replace('encoding="UTF-8"', 'encoding="UTF-16"');
    const sheet = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const { after, read } = await ofTiny({ sheet, formats: [14] }, [problem(0, 2)]);
    expect(after.get(SHEET)?.text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
    expect(read.after).toEqual(read.before);
    expect(read.after.A1).toBe('s:Größe');
  });

  it('names the comments’ shapes before the parts that must come later', async () => {
    const after = '<pageMargins left="1"/><tableParts count="0"/><extLst/>';
    const book = await ofTiny({ rows: ROWS, formats: [14], after }, [problem(0, 2)]);
    expect(book.after.get(SHEET)?.text).toMatch(
      /<pageMargins left="1"\/><legacyDrawing [^>]*r:id="rIdTidemark1"\/><tableParts/,
    );
    expect(book.after.get('xl/worksheets/_rels/sheet1.xml.rels')?.text).toMatch(
      /Id="rIdTidemark1" Type="[^"]*\/vmlDrawing" Target="\/xl\/drawings\/tidemark1.vml"/,
    );
  });

  it('says every message of a cell in one comment, escaped, the worst severity on top', async () => {
    const said = { message: '<b>&\u0007', fix: null } as const;
    const { after } = await ofTiny({ rows: ROWS, formats: [14] }, [
      problem(0, 2, { severity: 'warning', suggestion: 'one' }),
      problem(0, 2, said),
      problem(0, 3, { severity: 'warning' }),
    ]);
    const comments = [...after].find(([name]) => /comments/i.test(name))?.[1].text ?? '';
    expect(comments.match(/<comment /g)).toHaveLength(2);
    expect(comments).toContain("wrong in A2\nDid you mean 'one'?\nFix it.\n\n&lt;b&gt;&amp;_x0007_<");
    const all = xfs(after.get('xl/styles.xml')?.text ?? '');
    const sheet = after.get(SHEET)?.text ?? '';
    expect(all[styleOf(sheet, 'A2')]).toContain('fillId="2"');
    expect(all[styleOf(sheet, 'A3')]).toContain('fillId="3"');
  });

  it('adds a sheet of problems under a name that is free, each with a link to its cell', async () => {
    const parts = tinyParts({ rows: ROWS, formats: [14] });
    parts.set(
      'xl/workbook.xml',
      workbookXml(
        '<sheet name="Data" sheetId="7" r:id="rId1"/><sheet name="PROBLEMS" sheetId="3" r:id="rId1"/>',
      ),
    );
    const { after, path } = await annotate(parts, [
      problem(0, 2, { value: '=1+1' }),
      problem(0, 3, { cell: null }),
    ]);
    expect(after.get('xl/workbook.xml')?.text).toMatch(
      /name="Problems \(2\)" sheetId="8" r:id="rIdTidemark1"\/><\/sheets>/,
    );
    const added = after.get('xl/worksheets/tidemarkProblems1.xml')?.text ?? '';
    expect(added.match(/<hyperlink /g)).toHaveLength(1);
    expect(added).toContain('location="\'Data\'!A2"');
    expect(added).not.toContain('<f>');
    const source = await openXlsx(path, DEFAULT_LIMITS);
    const sheet = (await source.sheets())[2];
    const rows = sheet === undefined ? [] : await allRows(source, sheet);
    await source.close();
    expect(rows.map(({ cells }) => cells[3]?.text)).toEqual([undefined, 'Value', '=1+1', 'x']);
  });

  it('can be read by its owner and group alone', async () => {
    const { path } = await ofTiny({ rows: ROWS }, [problem(0, 2)]);
    expect((statSync(path).mode & 0o777).toString(8)).toBe('640');
  });

  it('writes the same bytes for the same workbook', async () => {
    const first = await ofTiny({ rows: ROWS, formats: [14] }, [problem(0, 2)]);
    const again = await ofTiny({ rows: ROWS, formats: [14] }, [problem(0, 2)]);
    for (const [name, part] of first.after) expect(again.after.get(name)?.packed).toEqual(part.packed);
  });
});

describe('writeAnnotated with comments that are there', () => {
  const VML =
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shape id="_x0000_s1025"><br></v:shape></xml>';
  const COMMENTS = `<comments xmlns="${MAIN}"><authors><author>Boss</author><author>tc={1}</author></authors><commentList><comment ref="A2" authorId="0"><text><t>old</t></text></comment><comment ref="A3" authorId="1"><text><t>[Threaded]</t></text></comment><comment ref="B3" authorId="0"><text><r><t>kept</t></r></text></comment></commentList></comments>`;

  function commented(): Map<string, string | Buffer> {
    const parts = tinyParts({ rows: ROWS, formats: [14], after: '<legacyDrawing r:id="rId5"/>' });
    parts.set(SHEET, String(parts.get(SHEET)).replace('<worksheet ', '<worksheet xmlns:r="urn:r" '));
    parts.set(
      'xl/worksheets/_rels/sheet1.xml.rels',
      relsXml(['rId5', 'vmlDrawing', '../drawings/old.vml'], ['rId6', 'comments', '../comments9.xml']),
    );
    parts.set('xl/drawings/old.vml', VML);
    parts.set('xl/drawings/other.vml', VML.replace('data="1"', 'data="4,5"'));
    parts.set('xl/comments9.xml', COMMENTS);
    return parts;
  }

  it('adds to them: a commented cell keeps its words, others keep every byte', async () => {
    const { after } = await annotate(commented(), [problem(0, 2), problem(0, 3), problem(1, 2)]);
    const text = after.get('xl/comments9.xml')?.text ?? '';
    expect(text).toContain(
      '<text><r><t>old</t></r><r><t xml:space="preserve">\n\nTidemark: wrong in A2\nFix it.</t></r></text>',
    );
    expect(text).toContain('<comment ref="A3" authorId="1"><text><t>[Threaded]</t></text></comment>');
    expect(text).toContain('<comment ref="B3" authorId="0"><text><r><t>kept</t></r></text></comment>');
    expect(text).toMatch(/<author>Tidemark<\/author><\/authors>/);
    expect(text).toContain('<comment ref="B2" authorId="2">');
  });

  it('draws a shape only for a cell that had none, under a number no sheet has', async () => {
    const { before, after } = await annotate(commented(), [problem(0, 2), problem(1, 2)]);
    const vml = after.get('xl/drawings/old.vml')?.text ?? '';
    expect(vml).toContain('data="1,6"');
    expect(vml).toContain('<v:shape id="_x0000_s1025"><br></v:shape>');
    expect([...vml.matchAll(/id="(_x0000_s\d+)"/g)].map(([, id]) => id)).toEqual([
      '_x0000_s1025',
      '_x0000_s6145',
    ]);
    expect(vml).toContain('<x:Row>1</x:Row><x:Column>1</x:Column>');
    expect(after.get('xl/drawings/other.vml')?.packed).toEqual(before.get('xl/drawings/other.vml')?.packed);
    expect(after.get(SHEET)?.text.match(/<legacyDrawing/g)).toHaveLength(1);
  });
});

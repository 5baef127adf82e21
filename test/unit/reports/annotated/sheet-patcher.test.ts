import { expect, it } from 'vitest';
import { SheetPatcher } from '../../../../src/reports/annotated/sheet-patcher.ts';

const SHEET = `<?xml version="1.0"?><!-- <c r="A1"> --><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>a&gt;b</v></c><c r='B1' s = '4'/><c r="C1" t="inlineStr"><is><t><![CDATA[<c r="D1">]]></t></is></c></row><row r="3"><c r="B3"><f>"x>y"</f><v>1</v></c></row></sheetData><extLst/></worksheet>`;

async function patched(portion: number): Promise<string> {
  const touched = new Map(
    [1, 3].map((row) => [
      row,
      [0, 1, 3].map((column) => ({ column, row, severity: 'error' as const, text: '' })),
    ]),
  );
  const patcher = new SheetPatcher({
    touched,
    restyle: (style) => style + 10,
    legacyDrawing: () => '<legacyDrawing/>',
  });
  async function* chunks() {
    const bytes = Buffer.from(SHEET);
    for (let at = 0; at < bytes.length; at += portion) yield bytes.subarray(at, at + portion);
  }
  const out: Buffer[] = [];
  for await (const chunk of patcher.run(chunks())) out.push(chunk);
  return Buffer.concat(out).toString();
}

it('changes the touched cells alone, wherever the bytes are cut', async () => {
  const expected = SHEET.replace('<c r="A1" t="str">', '<c s="10" r="A1" t="str">')
    .replace("s = '4'", 's = "14"')
    .replace('</c></row><row', '</c><c r="D1" s="10"/></row><row')
    .replace('<row r="3"><c r="B3">', '<row r="3"><c r="A3" s="10"/><c s="10" r="B3">')
    .replace(
      '</c></row></sheetData><extLst/>',
      '</c><c r="D3" s="10"/></row></sheetData><legacyDrawing/><extLst/>',
    );
  for (const portion of [1, 2, 3, 7, 64, 10_000])
    expect(await patched(portion), String(portion)).toBe(expected);
});

it('does not take a sheet that was cut for a whole one', async () => {
  const patcher = new SheetPatcher({
    touched: new Map(),
    restyle: (style) => style,
    legacyDrawing: () => '',
  });
  async function* chunks() {
    yield Buffer.from(SHEET.slice(0, 200));
  }
  await expect(async () => {
    for await (const _ of patcher.run(chunks()));
  }).rejects.toThrow('ends early');
});

import { builtInFormat, type NumberFormat, parseNumberFormat } from './number-format.ts';
import { scanPart } from './xml-elements.ts';
import { nameCode } from './xml-name.ts';
import { unescapeExcel } from './xml-text.ts';
import { CLOSE, OPEN } from './xml-token.ts';
import type { ZipReader } from './zip-reader.ts';

const NUM_FMTS = nameCode('numFmts');
const NUM_FMT = nameCode('numFmt');
const CELL_XFS = nameCode('cellXfs');
const XF = nameCode('xf');

/** Excel itself stops at 65,490 cell formats. */
const MAX_STYLES = 1_000_000;

/** The number format of every cell style, by the index that cells carry. Without a styles part all are plain numbers. */
export async function readStyles(zip: ZipReader, part: string | null): Promise<readonly NumberFormat[]> {
  if (part === null || !zip.has(part)) return [];
  const custom = new Map<number, NumberFormat>();
  const ids: number[] = [];
  // `xf` and `numFmt` also stand in cell style and conditional formats, which do not decide what a cell shows.
  let inside = 0;
  await scanPart(zip, part, 'styleSheet', (token, xml) => {
    if (token === CLOSE && xml.code === inside) inside = 0;
    if (token !== OPEN) return;
    if ((xml.code === NUM_FMTS || xml.code === CELL_XFS) && !xml.empty) inside = xml.code;
    if (xml.code === XF && inside === CELL_XFS && ids.length < MAX_STYLES) {
      ids.push(Number(xml.attribute('numFmtId', true) ?? 0));
    }
    if (xml.code === NUM_FMT && inside === NUM_FMTS) {
      const code = unescapeExcel(xml.attribute('formatCode', true) ?? '');
      custom.set(Number(xml.attribute('numFmtId', true)), parseNumberFormat(code));
    }
  });
  return ids.map((id) => custom.get(id) ?? builtInFormat(id));
}

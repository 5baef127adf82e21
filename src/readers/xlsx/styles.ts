import { builtInFormat, type NumberFormat, parseNumberFormat } from './number-format.ts';
import { unreadable } from './refusal.ts';
import { scanPart } from './xml-elements.ts';
import { nameCode } from './xml-name.ts';
import type { XmlScanner } from './xml-scanner.ts';
import { unescapeExcel } from './xml-text.ts';
import { CLOSE, OPEN } from './xml-token.ts';
import type { ZipReader } from './zip-reader.ts';

const NUM_FMTS = nameCode('numFmts');
const NUM_FMT = nameCode('numFmt');
const CELL_XFS = nameCode('cellXfs');
const XF = nameCode('xf');
const EXT_LST = nameCode('extLst');
const ALTERNATIVE = nameCode('AlternateContent');

/** Excel itself allows at most 65,490 cell formats. */
const MAX_STYLES = 1_000_000;

/**
 * The number format of every cell style, by the index that cells refer to. Without a styles part all cells are plain
 * numbers.
 */
export async function readStyles(zip: ZipReader, part: string | null): Promise<readonly NumberFormat[]> {
  if (part === null || !zip.has(part)) return [];
  const custom = new Map<number, NumberFormat>();
  const ids: number[] = [];
  // `xf` and `numFmt` also occur in cell style formats and conditional formats, which do not decide what a cell shows.
  let inside = 0;
  let isAlternative = false;
  await scanPart(zip, part, 'styleSheet', (token, xml) => {
    if (token === CLOSE && xml.code === inside && xml.depth === 1) inside = 0;
    if (token !== OPEN) return;
    const depth = xml.depth - (xml.empty ? 0 : 1);
    if (depth === 1) isAlternative = xml.code === ALTERNATIVE;
    // Nothing tells which of several alternatives counts.
    else if (isAlternative && (xml.code === NUM_FMTS || xml.code === CELL_XFS)) throw xml.malformed();
    if ((xml.code === NUM_FMTS || xml.code === CELL_XFS) && depth === 1 && !xml.empty) inside = xml.code;
    else if (inside !== 0 && depth === 2) {
      if (xml.code === XF && inside === CELL_XFS) {
        if (ids.length < MAX_STYLES) ids.push(formatId(xml, part, '0'));
      } else if (xml.code === NUM_FMT && inside === NUM_FMTS) {
        const code = unescapeExcel(xml.attribute('formatCode', true) ?? '');
        const id = formatId(xml, part, '');
        // 0 is always General, whatever a file says.
        if (id > 0) custom.set(id, parseNumberFormat(code));
        // If another element in the list were skipped, every style after it would get the format of its neighbour.
      } else if (xml.code !== EXT_LST && (!xml.foreign || xml.code === ALTERNATIVE)) throw xml.malformed();
    }
  });
  return ids.map((id) => custom.get(id) ?? builtInFormat(id));
}

/** The number of a format. A wrong number would turn dates into numbers, or numbers into dates. */
function formatId(xml: XmlScanner, part: string, absent: string): number {
  const text = xml.attribute('numFmtId', true)?.trim() ?? absent;
  if (/^\+?\d{1,10}$/.test(text)) return Number(text);
  throw unreadable(
    `The workbook is damaged: ${part} names a number format ${JSON.stringify(text.slice(0, 20))}.`,
  );
}

import type { SheetInfo } from '../reader.ts';
import { unreadable } from './refusal.ts';
import { readRelationships } from './relationships.ts';
import { scanElements } from './xml-elements.ts';
import { nameCode } from './xml-name.ts';
import type { XmlScanner } from './xml-scanner.ts';
import { unescapeExcel } from './xml-text.ts';
import type { ZipReader } from './zip-reader.ts';

export interface WorkbookSheet extends SheetInfo {
  readonly name: string;
  /** Null where the workbook has none. */
  readonly part: string | null;
}

export interface Workbook {
  /** Work sheets in the order of their tabs; `index` counts all tabs, also chart sheets, which hold no cells. */
  readonly sheets: readonly WorkbookSheet[];
  readonly date1904: boolean;
  /**
   * The results of formulas are to be calculated when the workbook is opened: the values in the cells are not results
   * yet.
   */
  readonly recalculated: boolean;
  /** Null where the workbook refers to no such part; even then the part may be missing. */
  readonly stylesPart: string | null;
  readonly stringsPart: string | null;
}

const SHEETS = nameCode('sheets');
const SHEET = nameCode('sheet');
const WORKBOOK_PROPERTIES = nameCode('workbookPr');
const CALCULATION = nameCode('calcPr');
const ALTERNATIVE = nameCode('AlternateContent');
const COUNTED = new Set([SHEETS, WORKBOOK_PROPERTIES, CALCULATION]);

/** Tabs of other kinds: charts, dialogs and the macros of Excel 4. */
const SHEETS_WITHOUT_CELLS = new Set([
  'chartsheet',
  'dialogsheet',
  'xlmacrosheet',
  'xlintlmacrosheet',
  'macrosheet',
]);

/** Follows the relationships from the package to the workbook to its sheets; no part name is guessed. */
export async function readWorkbook(zip: ZipReader): Promise<Workbook> {
  const documents = (await readRelationships(zip, '')).filter(({ type }) => type === 'officeDocument');
  const main = documents[0]?.target;
  if (documents.some(({ target }) => target !== main))
    throw unreadable('The file holds two documents; which one counts cannot be told.');
  if (main === undefined) throw unreadable('The file is a zip archive, but not an Excel workbook.');
  if (/\.bin$/i.test(main))
    throw unreadable('The file is a binary Excel workbook (.xlsb), which is not read.');
  if (!zip.has(main)) throw unreadable(`The workbook lacks its main part ${main}.`);
  const related = await readRelationships(zip, main);
  const byId = new Map(related.map((relationship) => [relationship.id, relationship]));
  const sheets: WorkbookSheet[] = [];
  const names = new Set<string>();
  let tabs = 0;
  /** The element directly under the root. */
  let under = 0;
  let date1904: boolean | null = null;
  let recalculated = false;
  await scanElements(zip, main, 'workbook', (xml) => {
    const depth = xml.depth - (xml.empty ? 0 : 1);
    // Extensions have an element of this name too (x15, deep under extLst), which says nothing about dates.
    if (depth === 1 && xml.code === WORKBOOK_PROPERTIES) {
      if (date1904 !== null) throw xml.malformed();
      date1904 = usesDate1904(xml.attribute('date1904', true));
    }
    if (depth === 1 && xml.code === CALCULATION) recalculated = isTrue(xml.attribute('fullCalcOnLoad', true));
    if (depth === 1) under = xml.code;
    // Nothing tells which of several alternatives counts.
    if (depth > 1 && under === ALTERNATIVE && COUNTED.has(xml.code)) throw xml.malformed();
    if (depth !== 2 || under !== SHEETS) return;
    if (xml.foreign && xml.code !== ALTERNATIVE) return;
    if (xml.code !== SHEET) throw xml.malformed();
    tabs++;
    const id = relationshipId(xml);
    const target = byId.get(id);
    const name = unescapeExcel(xml.attribute('name', true) ?? '');
    // A tab without a part, such as an old module sheet, holds no cells.
    if (id === '' && !target) return;
    if (target && SHEETS_WITHOUT_CELLS.has(target.type.toLowerCase())) return;
    if (target && target.type !== 'worksheet')
      throw unreadable(`The sheet ${JSON.stringify(name)} of the workbook is of an unknown kind.`);
    if (names.has(name.toLowerCase()))
      throw unreadable(
        `The workbook has two sheets called ${JSON.stringify(name)}; which one is meant cannot be told.`,
      );
    names.add(name.toLowerCase());
    const part = target && zip.has(target.target) ? target.target : null;
    const missing = part === null ? { missing: true as const } : {};
    sheets.push({ name, index: tabs, visible: isVisible(xml.attribute('state', true)), part, ...missing });
  });
  if (sheets.length === 0) throw unreadable('The workbook has no sheet with cells.');
  const [first] = sheets;
  if (first && sheets.every(({ part }) => part === null)) throw lacksSheet(first.name);
  const partOf = (type: string): string | null => {
    const parts = new Set(related.filter((one) => one.type === type).map(({ target }) => target));
    if (parts.size > 1)
      throw unreadable(
        `The workbook refers to ${parts.size} parts of the kind ${type}; which one counts cannot be told.`,
      );
    return [...parts][0] ?? null;
  };
  return {
    sheets,
    date1904: date1904 ?? false,
    recalculated,
    stylesPart: partOf('styles'),
    stringsPart: partOf('sharedStrings'),
  };
}

/** With several ids, the one in the vocabulary of relationships counts; the others belong to extensions. */
function relationshipId(xml: XmlScanner): string {
  const ids = xml.attributes().filter(([name]) => /(^|:)id$/.test(name));
  const isRelationship = ([name]: readonly [name: string, value: string]) =>
    /\/relationships$/i.test(xml.vocabularyOf(name.replace(/:?id$/, '')) ?? '');
  return (ids.find(isRelationship) ?? ids[0])?.[1] ?? '';
}

function isVisible(state: string | undefined): boolean {
  return state !== 'hidden' && state !== 'veryHidden';
}

/** XML booleans, and the `on` that older writers used. */
export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}

/** This word shifts all dates by four years, so an unknown value is not guessed at. */
function usesDate1904(value: string | undefined): boolean {
  const word = value?.trim().toLowerCase() ?? '';
  if (isTrue(word)) return true;
  if (word === '' || word === '0' || word === 'false' || word === 'off') return false;
  throw unreadable(
    `The workbook is damaged: whether its dates count from 1904 is told as ${JSON.stringify(value)}.`,
  );
}

export function lacksSheet(name: string): Error {
  return unreadable(`The workbook lacks the sheet ${JSON.stringify(name)}.`);
}

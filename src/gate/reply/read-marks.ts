import { extname } from 'node:path';
import type { Limits } from '../../domain/limits.ts';
import { PROBLEMS_SHEET, REPLY_PROPERTIES, SUMMARY_MARKS, SUMMARY_SHEET } from '../../domain/reply-marks.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { isUnfinishedName, type LandedFile } from '../../lake/landed.ts';
import { openXlsx } from '../../readers/xlsx/open-xlsx.ts';
import { readRelationships } from '../../readers/xlsx/relationships.ts';
import { scanPart } from '../../readers/xlsx/xml-elements.ts';
import { nameCode } from '../../readers/xlsx/xml-name.ts';
import { CLOSE, OPEN, TEXT } from '../../readers/xlsx/xml-token.ts';
import { ZipReader } from '../../readers/xlsx/zip-reader.ts';

/** The delivery that a filled-in corrections.xlsx replies to, as the workbook says. */
export interface ReplyMarks {
  readonly fileId: number;
  readonly sha256: string;
}

const PROPERTY = nameCode('property');
const SHEET = nameCode('sheet');
/** The marks are near the top of the sheet, below the reason why the file was refused. */
const SUMMARY_ROWS = 200;
/** The custom properties of real workbooks stay far below this. */
const MAX_PROPERTIES = 1024 ** 2;

/**
 * Reads the custom document properties of a landed workbook, or the cells of its summary where a program dropped the
 * properties; null for every file that is not a reply. Null also for a file that cannot be read here: the gate then
 * says what is wrong with it.
 */
export async function readMarks(file: LandedFile, limits: Limits): Promise<ReplyMarks | null> {
  if (file.kind !== 'file' || extname(file.name).toLowerCase() !== '.xlsx') return null;
  if (isUnfinishedName(file.name) || file.bytes > limits.file_bytes) return null;
  try {
    const zip = await ZipReader.open(file.absolute, file.bytes, limits);
    try {
      const marks = await marksIn(zip);
      if (marks !== null) return marks;
      const names = await sheetNames(zip);
      if (!names.includes(SUMMARY_SHEET) || !names.includes(PROBLEMS_SHEET)) return null;
    } finally {
      await zip.close();
    }
    return await marksInSummary(file.absolute, limits);
  } catch (error) {
    if (error instanceof TidemarkError || (error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  }
}

async function marksIn(zip: ZipReader): Promise<ReplyMarks | null> {
  const part = (await readRelationships(zip, '')).find(({ type }) => type === 'custom-properties')?.target;
  if (part === undefined || !zip.has(part)) return null;
  const found = new Map<string, string>();
  let name: string | null = null;
  let length = 0;
  await scanPart(zip, part, 'Properties', (token, xml) => {
    if (token === OPEN && xml.code === PROPERTY) name = xml.attribute('name', true) ?? null;
    else if (token === CLOSE && xml.code === PROPERTY) name = null;
    else if (token === TEXT && name !== null && length < MAX_PROPERTIES) {
      const text = xml.text();
      length += text.length;
      found.set(name, (found.get(name) ?? '') + text);
    }
  });
  return marksOf(found.get(REPLY_PROPERTIES.fileId), found.get(REPLY_PROPERTIES.sha256));
}

function marksOf(idText = '', hashText = ''): ReplyMarks | null {
  const fileId = idText.trim();
  const sha256 = hashText.trim().toLowerCase();
  if (!/^[1-9]\d{0,15}$/.test(fileId) || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return { fileId: Number(fileId), sha256 };
}

async function sheetNames(zip: ZipReader): Promise<string[]> {
  const part = (await readRelationships(zip, '')).find(({ type }) => type === 'officeDocument')?.target;
  const names: string[] = [];
  if (part === undefined || !zip.has(part)) return names;
  await scanPart(zip, part, 'workbook', (token, xml) => {
    if (token === OPEN && xml.code === SHEET) names.push(xml.attribute('name', true) ?? '');
  });
  return names;
}

/** The marks that are left when a program drops custom properties: those in the cells of the first sheet. */
async function marksInSummary(path: string, limits: Limits): Promise<ReplyMarks | null> {
  const source = await openXlsx(path, limits);
  try {
    const sheet = (await source.sheets()).find(({ name }) => name === SUMMARY_SHEET);
    if (sheet === undefined) return null;
    const found = new Map<string, string>();
    for (const { cells } of await source.head(sheet, SUMMARY_ROWS)) {
      const [name, value] = cells;
      if (name !== undefined && value !== undefined && !found.has(name.text))
        found.set(name.text, value.text);
    }
    return marksOf(found.get(SUMMARY_MARKS.fileId), found.get(SUMMARY_MARKS.sha256));
  } finally {
    await source.close();
  }
}

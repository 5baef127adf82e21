import { extname } from 'node:path';
import type { Limits } from '../../domain/limits.ts';
import { REPLY_PROPERTIES } from '../../domain/reply-marks.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { isUnfinishedName, type LandedFile } from '../../lake/landed.ts';
import { readRelationships } from '../../readers/xlsx/relationships.ts';
import { scanPart } from '../../readers/xlsx/xml-elements.ts';
import { nameCode } from '../../readers/xlsx/xml-name.ts';
import { CLOSE, OPEN, TEXT } from '../../readers/xlsx/xml-token.ts';
import { ZipReader } from '../../readers/xlsx/zip-reader.ts';

/** What a filled-in corrections.xlsx says it is a reply to. */
export interface ReplyMarks {
  readonly fileId: number;
  readonly sha256: string;
}

const PROPERTY = nameCode('property');
/** Custom properties of any workbook stay far below. */
const MAX_PROPERTIES = 1024 ** 2;

/**
 * Reads the custom document properties of a landed workbook; null for every file that is no reply. A file that cannot
 * be read here is none either: the gate then says what is wrong with it.
 */
export async function readMarks(file: LandedFile, limits: Limits): Promise<ReplyMarks | null> {
  if (file.kind !== 'file' || extname(file.name).toLowerCase() !== '.xlsx') return null;
  if (isUnfinishedName(file.name) || file.bytes > limits.file_bytes) return null;
  try {
    const zip = await ZipReader.open(file.absolute, file.bytes, limits);
    try {
      return await marksIn(zip);
    } finally {
      await zip.close();
    }
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
  const fileId = found.get(REPLY_PROPERTIES.fileId)?.trim() ?? '';
  const sha256 = found.get(REPLY_PROPERTIES.sha256)?.trim().toLowerCase() ?? '';
  if (!/^[1-9]\d{0,15}$/.test(fileId) || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return { fileId: Number(fileId), sha256 };
}

import { type FileHandle, open, stat } from 'node:fs/promises';
import { counted } from '../../domain/count.ts';
import type { Limits } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { Source } from '../reader.ts';
import { refuseForeignArchive, refuseForeignFile } from './foreign-file.ts';
import { overLimit, unreadable } from './refusal.ts';
import { readWorkbook } from './workbook.ts';
import { located, XlsxSource } from './xlsx-source.ts';
import { ZipReader } from './zip-reader.ts';

/**
 * Opens an Excel workbook (.xlsx, .xlsm) and reads its list of sheets; cells are read when asked for. The caller closes
 * it. Errors: `no-such-file`; `limit-exceeded`, whose message names the limit; `file-unreadable` for a file that is
 * damaged, cut, forged or of another kind, with what to do about it.
 */
export async function openXlsx(path: string, limits: Limits): Promise<Source> {
  return located(path, async () => {
    const size = await landedSize(path);
    if (size > limits.file_bytes)
      throw overLimit('file_bytes', limits, `The file has ${counted(size, 'byte')}`);
    const file = await openToRead(path);
    try {
      await refuseForeignFile(file, size);
    } finally {
      await file.close();
    }
    const zip = await ZipReader.open(path, size, limits);
    try {
      await refuseForeignArchive(zip);
      return new XlsxSource(path, zip, await readWorkbook(zip), limits);
    } catch (error) {
      await zip.close();
      throw error;
    }
  });
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw unreadable(
      'Tidemark has no right to read the file.',
      'Give the account that runs Tidemark the right to read it.',
      error,
    );
  }
}

async function landedSize(path: string): Promise<number> {
  try {
    const facts = await stat(path);
    if (facts.isFile()) return facts.size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new TidemarkError('no-such-file', { message: 'There is no such file.', cause: error });
  }
  throw unreadable('This is a folder or device, not a file.', 'Name the workbook itself.');
}

import { didYouMean } from '../domain/did-you-mean.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { SheetInfo } from './reader.ts';

/** The sheet of that name, otherwise the sheet of that number; throws `usage` with all names where there is none. */
export function namedSheet(sheets: readonly SheetInfo[], wanted: string | number): SheetInfo {
  const names = sheets.map((sheet) => sheet.name ?? '');
  const found =
    sheets.find((sheet) => sheet.name === wanted) ??
    sheets.find((sheet) => sheet.name?.toLowerCase() === String(wanted).toLowerCase()) ??
    sheets.find((sheet) => sheet.index === Number(wanted));
  if (found) return found;
  if (names.every((name) => name === '')) {
    throw new TidemarkError('usage', { message: `The file has no sheets, so it has no sheet '${wanted}'.` });
  }
  const meant = didYouMean(String(wanted), names);
  throw new TidemarkError('usage', {
    message: `The workbook has no sheet '${wanted}'.${meant === null ? '' : ` Did you mean '${meant}'?`}`,
    hint: `Its sheets are: ${names.map((name) => `'${name}'`).join(', ')}.`,
  });
}

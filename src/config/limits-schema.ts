import { z } from 'zod';
import { grouped } from '../domain/count.ts';
import { DEFAULT_LIMITS, type Limits } from '../domain/limits.ts';

const limit = (key: keyof Limits, what: string) =>
  z
    .int()
    .min(1)
    .optional()
    .describe(`${what}; ${grouped(DEFAULT_LIMITS[key])} by default.`);

/** `limits:` as it is written. */
export const limitsSchema = z
  .strictObject({
    file_bytes: limit('file_bytes', 'Bytes of a landed file'),
    unpacked_bytes: limit('unpacked_bytes', 'Bytes of all parts of a workbook, unpacked'),
    unpack_ratio: limit('unpack_ratio', 'How many times larger a part of a workbook may unpack'),
    rows: limit('rows', "Rows of a workbook's sheet"),
    columns: limit('columns', 'Columns'),
    cell_characters: limit('cell_characters', 'Characters in one cell of a workbook'),
    text_cell_bytes: limit('text_cell_bytes', 'Bytes in one cell of a text file'),
    name_bytes: limit('name_bytes', 'Bytes of the file name'),
  })
  .optional()
  .describe('Limits on broken or hostile files; a refusal names the one it met.');

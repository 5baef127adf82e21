import { counted } from '../../domain/count.ts';
import type { Limits } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { overLimit, unreadable } from './text-error.ts';

/** There is text between a closing quote and the next delimiter or line end. `cell` counts from 1. */
export function afterQuote(file: string, line: number, cell: number, byte: number): Error {
  const shown = byte >= 32 && byte < 127 ? ` ('${String.fromCharCode(byte)}')` : '';
  return unreadable(
    file,
    line,
    `text follows a closing quote${shown} in cell ${cell}.`,
    'Write a quote inside a quoted cell twice, then drop the file into data/landed again.',
  );
}

/** `line` is the line on which the cell begins whose quote is never closed. */
export function neverClosed(file: string, line: number): Error {
  return unreadable(
    file,
    line,
    'a quoted cell begins here and is never closed.',
    'Close the quote, or take it out, then drop the file into data/landed again.',
  );
}

export function nulByte(file: string, line: number): Error {
  return unreadable(file, line, 'it holds a NUL byte, so it is not a text file or was damaged.');
}

export function tooLongCell(file: string, limits: Limits, line: number, cell: number): Error {
  return overLimit(file, 'text_cell_bytes', limits, `line ${line}: cell ${cell} is too long`);
}

export function tooManyCells(file: string, limits: Limits, line: number): Error {
  return overLimit(file, 'columns', limits, `line ${line} has too many cells`);
}

/** `most`: the bytes that one record may have; no configured limit changes it. */
export function tooLongRecord(file: string, line: number, most: number): Error {
  return new TidemarkError('limit-exceeded', {
    message: `'${file}': the record of line ${line} is longer than ${counted(most, 'byte')}.`,
    hint: 'Look for a quote in this line that is never closed.',
    where: { file },
  });
}

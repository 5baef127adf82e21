import { noteWord, type TotalWords, totalWords } from '../../domain/total-words.ts';
import type { RawRow } from '../../readers/reader.ts';
import { filled } from './find-table.ts';
import type { RowStart } from './row-pattern.ts';

const NUMBER = /^[-+]?[0-9][0-9.,]*$/;

/** Text of a row's first filled cell; empty where all are blank. */
export function firstText(row: RawRow): string {
  return filled(row)[0]?.text.trim() ?? '';
}

export function wordsOf(row: RawRow): TotalWords | null {
  return totalWords(firstText(row));
}

/** The start of a row that is not data. */
export function startOf(row: RawRow): RowStart {
  const text = firstText(row);
  const words = totalWords(text);
  if (words !== null) return { text, word: words.word, place: words.place };
  // A total without any word begins with a number, which will differ in the next file.
  if (NUMBER.test(text)) return { text, word: text, place: 'number' };
  return { text, word: noteWord(text) ?? text.slice(0, 24), place: 'before' };
}

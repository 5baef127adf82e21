import type { RawRow } from '../readers/reader.ts';
import { isUnit } from './unit.ts';

/** What the header says about one column of the sheet. */
export interface HeaderCell {
  /** All its header rows together, as `2025 Q1`. */
  readonly label: string;
  /** The lowest row that has a text of its own for this column. */
  readonly row: number;
  /** Shorter names of the column, the longer first: without the text above it, without a unit below it. */
  readonly short: readonly string[];
}

/** One or several rows of the sheet that together form the header. */
export interface HeaderBlock {
  /** The first and the last of its rows. */
  readonly firstRow: number;
  readonly row: number;
  readonly cells: readonly HeaderCell[];
  /** Each of its rows by column, as written. */
  readonly texts: readonly (readonly string[])[];
}

/**
 * Rows below each other as one row of headers. A text belongs to its own column and to those to the right that have no
 * text in its row but one below: so a merged `2025` heads `Q1` and `Q2`. A text with nothing below it heads its own
 * column only.
 */
export function headerBlock(rows: readonly RawRow[]): HeaderBlock {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) throw new TypeError('a header without rows');
  if (first === last) return singleRow(first);
  const width = Math.max(...rows.map((row) => row.cells.length));
  const texts = rows.map((row) => Array.from({ length: width }, (_, i) => row.cells[i]?.text ?? ''));
  const parents = rows.map(() => '');
  const cells = Array.from({ length: width }, (_, column) => {
    const own = texts.map((row) => row[column]?.trim() ?? '');
    const lowest = own.findLastIndex((text) => text !== '');
    for (const [level, text] of own.entries()) {
      if (lowest < 0) parents[level] = '';
      else if (text !== '') {
        // Another group begins: the text above the last group does not head this one.
        parents.fill('', level);
        parents[level] = level < lowest ? text : '';
      } else if (level >= lowest) parents[level] = '';
    }
    const parts = own.slice(0, Math.max(lowest, 0) + 1).map((text, level) => text || parents[level] || '');
    return headerCell(
      parts.filter((text) => text !== ''),
      rows[Math.max(lowest, 0)]?.row ?? last.row,
    );
  });
  return { firstRow: first.row, row: last.row, cells, texts };
}

/** The texts unchanged: headers that are compared exactly must not lose their blanks. */
function singleRow({ row, cells }: RawRow): HeaderBlock {
  const texts = cells.map(({ text }) => text);
  return { firstRow: row, row, cells: texts.map((label) => ({ label, row, short: [] })), texts: [texts] };
}

function headerCell(parts: readonly string[], row: number): HeaderCell {
  const below = parts.slice(1).map((_, i) => parts.slice(i + 1).join(' '));
  const lowest = parts.at(-1) ?? '';
  const named = parts.length > 1 && isUnit(lowest) ? [`${parts.slice(0, -1).join(' ')} (${lowest})`] : [];
  return { label: parts.join(' '), row, short: [...below, ...named] };
}

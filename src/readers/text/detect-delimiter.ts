import { DEFAULT_LIMITS } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { RawRow } from '../reader.ts';
import { canonicalRows } from './canonical-rows.ts';
import { dialectOf, type TextRules } from './dialect.ts';
import { Tokenizer } from './tokenizer.ts';

const CANDIDATES = [',', ';', '\t', '|'];

/** How well the first rows of a file fit what is known of it: more is better, 0 where they do not fit. */
export type HeaderFit = (rows: readonly RawRow[]) => number;

export interface DetectedDelimiter {
  readonly delimiter: string;
  /** Another delimiter that explains the file equally well, with other cells; null where there is none. */
  readonly rival: string | null;
}

interface Reading {
  readonly delimiter: string;
  /** How well the headers fit the contract's; 0 without a contract. */
  readonly fit: number;
  /** With this delimiter the quotes make sense, as far as the head reaches. */
  readonly sound: boolean;
  /** Share of the records that have the most frequent number of cells above one. */
  readonly share: number;
  readonly width: number;
}

/**
 * The delimiter of a file's head. Where the headers are known (`fit`), it is the delimiter with which they are found;
 * otherwise the one that gives the most records the same number of cells, more than one, and with which the quotes make
 * sense. A file of one column has no delimiter: then it is the comma.
 */
export function detectDelimiter(
  head: Buffer,
  headIsWhole: boolean,
  rules: TextRules,
  fitOf: HeaderFit = () => 0,
): DetectedDelimiter {
  const readings = CANDIDATES.map((delimiter) => readWith(delimiter, head, headIsWhole, rules, fitOf));
  const [best, second] = readings.sort(compare) as [Reading, Reading];
  if (best.share === 0 && best.fit === 0) return { delimiter: ',', rival: null };
  const even = second.fit === best.fit && second.sound === best.sound && second.share === best.share;
  return { delimiter: best.delimiter, rival: even && second.width > 1 ? second.delimiter : null };
}

function compare(one: Reading, two: Reading): number {
  return (
    two.fit - one.fit ||
    Number(two.sound && two.share > 0) - Number(one.sound && one.share > 0) ||
    two.share - one.share ||
    two.width - one.width
  );
}

function readWith(
  delimiter: string,
  head: Buffer,
  headIsWhole: boolean,
  rules: TextRules,
  fitOf: HeaderFit,
): Reading {
  const { rows: all, sound } = readHead(head, headIsWhole, rules, delimiter);
  // A line that consists of delimiters shows the delimiter; an empty line shows nothing.
  const rows = all.filter(({ cells }) => cells.length > 1 || cells[0]?.kind !== '_');
  const filled = rows.filter(({ cells }) => cells.some(({ kind }) => kind !== '_'));
  const counts = new Map<number, number>();
  for (const { cells } of rows)
    if (cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let mode = { width: 1, count: 0 };
  for (const [width, count] of counts) if (count > mode.count) mode = { width, count };
  const share = rows.length === 0 ? 0 : mode.count / rows.length;
  return { delimiter, fit: fitOf(filled), sound, share, width: mode.width };
}

function readHead(
  head: Buffer,
  headIsWhole: boolean,
  rules: TextRules,
  delimiter: string,
): { readonly rows: readonly RawRow[]; readonly sound: boolean } {
  const rows: RawRow[] = [];
  const tokenizer = new Tokenizer({
    file: '',
    dialect: dialectOf(rules, delimiter),
    limits: DEFAULT_LIMITS,
    width: null,
    afterRow: 0,
    keepBlank: true,
    sink: (records) => {
      for (const row of canonicalRows(records)) rows.push(row);
    },
  });
  try {
    tokenizer.push(head);
    tokenizer.end();
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    // The records read before the fault still count; the head may also end inside a quoted cell.
    tokenizer.flushWhole();
    return { rows, sound: !headIsWhole && /never closed/.test(error.message) };
  }
  if (!headIsWhole && rows.length > 1) rows.pop();
  return { rows, sound: true };
}

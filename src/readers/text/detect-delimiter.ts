import { DEFAULT_LIMITS } from '../../domain/limits.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { canonicalRows } from './canonical-rows.ts';
import { dialectOf, type TextRules } from './dialect.ts';
import { Tokenizer } from './tokenizer.ts';

const CANDIDATES = [',', ';', '\t', '|'];

/**
 * The delimiter that gives the most records of a file's head the same number of cells, more than one; where two do
 * equally well, the one that gives more cells. A candidate under which the quotes make no sense is out. A file of one
 * column has none of them: then it is the comma.
 */
export function detectDelimiter(head: Buffer, headIsWhole: boolean, rules: TextRules): string {
  let best = { delimiter: ',', share: 0, width: 1 };
  for (const delimiter of CANDIDATES) {
    const score = scoreOf(head, headIsWhole, rules, delimiter);
    if (score === null || score.width < 2) continue;
    if (score.share > best.share || (score.share === best.share && score.width > best.width)) {
      best = { delimiter, ...score };
    }
  }
  return best.delimiter;
}

function scoreOf(
  head: Buffer,
  headIsWhole: boolean,
  rules: TextRules,
  delimiter: string,
): { share: number; width: number } | null {
  const widths = recordWidths(head, headIsWhole, rules, delimiter);
  if (widths === null || widths.length === 0) return null;
  const counts = new Map<number, number>();
  for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
  let mode = { width: 1, count: 0 };
  for (const [width, count] of counts) if (count > mode.count) mode = { width, count };
  return { share: mode.count / widths.length, width: mode.width };
}

function recordWidths(
  head: Buffer,
  headIsWhole: boolean,
  rules: TextRules,
  delimiter: string,
): number[] | null {
  const widths: number[] = [];
  const tokenizer = new Tokenizer({
    file: '',
    dialect: dialectOf(rules, delimiter),
    limits: DEFAULT_LIMITS,
    width: null,
    afterRow: 0,
    sink: (records) => widths.push(...canonicalRows(records).map((row) => row.cells.length)),
  });
  try {
    tokenizer.push(head);
    tokenizer.end();
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    // The head may end inside a quoted cell; the records before it still tell.
    if (headIsWhole || !/never closed/.test(error.message)) return null;
    tokenizer.flushWhole();
    return widths;
  }
  if (!headIsWhole && widths.length > 1) widths.pop();
  return widths;
}

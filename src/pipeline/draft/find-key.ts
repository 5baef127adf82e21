import type { FieldAsWritten } from '../../config/schema.ts';
import { typeOf } from '../../types/registry.ts';
import type { ColumnSample } from './column-sample.ts';
import { namesIdentifier } from './identifier-name.ts';

interface Candidate {
  readonly at: number;
  readonly name: string;
  readonly rank: number;
}

const FREE_TEXT = /(name|address|remark|comment|note|description|title)/i;
/** In wider tables, pairs of later columns are not tried: their key is among the first columns. */
const MOST_COLUMNS = 40;

/**
 * Names of the fields that seem to identify a row: one column that is never blank and never repeats, else the first
 * such pair. Columns of measures (numbers with decimals, whole numbers not called an identifier) are never proposed: it
 * is chance that they do not repeat.
 */
export function findKey(
  columns: readonly ColumnSample[],
  fields: readonly FieldAsWritten[],
  kept: readonly (readonly string[])[],
): readonly string[] {
  if (kept.length < 2) return [];
  const candidates = columns
    .flatMap((column, at): Candidate[] => {
      const field = fields[at] as FieldAsWritten;
      const rank = rankOf(column, field);
      return rank === null || column.blanks > 0 || column.noValues.size > 0 || column.values.size < 2
        ? []
        : [{ at, name: field.name, rank }];
    })
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, MOST_COLUMNS);
  for (const one of candidates) if (isUnique(kept, [one.at])) return [one.name];
  for (const [i, one] of candidates.entries()) {
    for (const two of candidates.slice(0, i)) {
      const pair = [two, one].sort((a, b) => a.at - b.at);
      if (
        isUnique(
          kept,
          pair.map((each) => each.at),
        )
      )
        return pair.map((each) => each.name);
    }
  }
  return [];
}

/** Likelier identifiers first; null: a measure, or not an identifier at all. */
function rankOf(column: ColumnSample, field: FieldAsWritten): number | null {
  return typeOf(field.type ?? 'string').drafting.keyRank({
    isNamed: namesIdentifier(column.header),
    isProse: FREE_TEXT.test(field.name),
    counts: () => looksCounted(column),
  });
}

/** A first column that counts 1, 2, 3 … numbers the rows. */
function looksCounted(column: ColumnSample): boolean {
  const counted = [...column.values.keys()].slice(0, 50).map(Number);
  const first = counted[0] ?? Number.NaN;
  return column.index === 0 && (first === 0 || first === 1) && counted.every((n, i) => n === first + i);
}

function isUnique(rows: readonly (readonly string[])[], at: readonly number[]): boolean {
  const seen = new Set<string>();
  for (const row of rows) {
    const key = at.map((i) => row[i] ?? '').join('\0');
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

import type { ColumnSample } from './column-sample.ts';
import { namesIdentifier } from './identifier-name.ts';
import type { FieldDraft } from './infer-field.ts';

/** Rows from which 'never blank' says something of the next delivery too. */
const ENOUGH_ROWS = 20;

export interface MissingValues {
  /** For the whole dataset; null where each field says its own. */
  readonly everywhere: readonly string[] | null;
}

/** `N/A` in a column of numbers is no value; in a column of texts it may be one (NA is Namibia), so it is left alone. */
export function missingValues(
  columns: readonly ColumnSample[],
  drafts: readonly FieldDraft[],
): MissingValues {
  const inTyped = new Set<string>();
  const inTexts = new Set<string>();
  for (const [i, column] of columns.entries()) {
    const target = drafts[i]?.written.type === 'string' && column.filled > 0 ? inTexts : inTyped;
    // No text is ever #N/A by itself: it is what a look-up that found nothing leaves.
    for (const text of column.noValues.keys()) (text === '#N/A' ? inTyped : target).add(text);
  }
  if (inTyped.size === 0) return { everywhere: [] };
  return { everywhere: [...inTyped].some((text) => inTexts.has(text)) ? null : ['', ...[...inTyped].sort()] };
}

/** The field with what of its cells means no value, and whether each row needs one. */
export function withRules(
  draft: FieldDraft,
  column: ColumnSample,
  key: readonly string[],
  rows: number,
  missing: MissingValues,
): FieldDraft {
  const { written } = draft;
  const own =
    missing.everywhere === null
      ? [...column.noValues.keys()].filter((text) => written.type !== 'string' || text === '#N/A').sort()
      : [];
  const values = own.length > 0 ? { missingValues: ['', ...own] } : {};
  // What is never blank this month may be blank the next; what identifies something should not be.
  const full = column.blanks === 0 && column.noValues.size === 0 && rows > 0;
  const sure = key.includes(written.name) || rows >= ENOUGH_ROWS;
  const constraints =
    full && sure && namesIdentifier(column.header) ? { constraints: { required: true } } : {};
  return { ...draft, written: { ...written, ...values, ...constraints } };
}

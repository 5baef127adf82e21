import { typeOf } from '../../types/registry.ts';
import type { ColumnSample } from './column-sample.ts';
import { namesIdentifier } from './identifier-name.ts';
import type { FieldDraft } from './infer-field.ts';

/** With this many rows, 'never blank' is likely to be true of the next delivery too. */
const ENOUGH_ROWS = 20;

export interface MissingValues {
  /** For the whole dataset; null where each field has its own. */
  readonly everywhere: readonly string[] | null;
}

/**
 * `N/A` in a column of numbers means no value. In a column of texts it may be a value (NA is Namibia), so it is kept.
 */
export function missingValues(
  columns: readonly ColumnSample[],
  drafts: readonly FieldDraft[],
): MissingValues {
  const inTyped = new Set<string>();
  const inTexts = new Set<string>();
  for (const [i, column] of columns.entries()) {
    const draft = drafts[i];
    const target = draft !== undefined && isText(draft) && column.filled > 0 ? inTexts : inTyped;
    // Nobody types #N/A as a text: a look-up that found nothing leaves it.
    for (const text of column.noValues.keys()) (text === '#N/A' ? inTyped : target).add(text);
  }
  if (inTyped.size === 0) return { everywhere: [] };
  return { everywhere: [...inTyped].some((text) => inTexts.has(text)) ? null : ['', ...[...inTyped].sort()] };
}

/** The field with its texts for 'no value', and whether every row needs a value. */
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
      ? [...column.noValues.keys()].filter((text) => !isText(draft) || text === '#N/A').sort()
      : [];
  const values = own.length > 0 ? { missingValues: ['', ...own] } : {};
  // A column that is never blank this month may have blanks the next; an identifier should not.
  const full = column.blanks === 0 && column.noValues.size === 0 && rows > 0;
  const sure = key.includes(written.name) || rows >= ENOUGH_ROWS;
  const constraints =
    full && sure && namesIdentifier(column.header) ? { constraints: { required: true } } : {};
  return { ...draft, written: { ...written, ...values, ...constraints } };
}

function isText({ written }: FieldDraft): boolean {
  return typeOf(written.type ?? 'string').cells.anyText;
}

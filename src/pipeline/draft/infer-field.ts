import type { FieldAsWritten } from '../../config/schema.ts';
import { counted } from '../../domain/count.ts';
import type { Guess } from '../../types/drafting.ts';
import { TYPES } from '../../types/registry.ts';
import type { ColumnSample } from './column-sample.ts';

/** A field as the draft writes it, with notes for its reader. */
export interface FieldDraft {
  readonly written: FieldAsWritten;
  readonly notes: readonly string[];
}

/** What the file as a whole says about its columns. */
export interface FileHints {
  /** Its month (2025-06), which helps to tell days from months. */
  readonly month: string | null;
  /** The decimal sign of its texts. */
  readonly decimalChar: string | null;
}

/** The narrowest type that all values of the column have; string where in doubt. */
export function inferField(name: string, column: ColumnSample, hints: FileHints): FieldDraft {
  const { typed, note } = guess(column, hints);
  const title = column.header === name ? {} : { title: column.header };
  const errors = errorNote(column);
  const notes = [note ?? null, errors, personal(column.header)].filter((one) => one !== null);
  return { written: { name, ...title, ...typed }, notes };
}

function errorNote({ errors, errorText }: ColumnSample): string | null {
  if (errors === 0) return null;
  const what =
    errorText === '#FORMULA' ? 'a formula that nobody calculated' : `an error such as ${errorText}`;
  return `${counted(errors, 'cell holds', 'cells hold')} ${what}, so such rows will be rejected`;
}

const RULES = TYPES.flatMap((type) => type.drafting.rules).sort((a, b) => a.rank - b.rank);

function guess(column: ColumnSample, { month, decimalChar }: FileHints): Guess {
  const { header, values } = column;
  const kinds = new Set(values.values());
  const sample = { header, values, texts: [...values.keys()], kinds, month, decimalChar };
  for (const rule of RULES) {
    const found = rule.guess(sample);
    if (found !== null) return found;
  }
  throw new TypeError('the type of texts is drafted from any column');
}

function personal(header: string): string | null {
  const words = header.replace(/[_-]/g, ' ');
  return /\b(name|surname|first name|last name|e ?mail|phone|address|national id|passport|ssn|iban)\b/i.test(
    words,
  )
    ? 'personal data? pii: true masks it in messages and reports'
    : null;
}

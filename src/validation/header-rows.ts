import type { Dataset, Field } from '../domain/dataset.ts';
import type { Layout } from './layout.ts';

/** The texts that a cell of a header row may hold, by column; a column without texts is blank in that row. */
export type HeaderTexts = readonly (readonly string[])[];

/**
 * The rows that are a header even among the data: those of the file's own header, and the row whose cells each name
 * their own column, by header, title, name or alias, as a header in a second language does. Empty where the layout does
 * not describe the header.
 */
export function headerRows(dataset: Dataset, layout: Layout): readonly HeaderTexts[] {
  const found = layout.headerTexts;
  if (found === undefined) return [];
  const own = found.map((labels) => labels.map((label) => distinct([label])));
  const fields = new Map(dataset.fields.map((field) => [field.name, field]));
  const byColumn = new Map(layout.mapping.map(({ column, field }) => [column, fields.get(field ?? '')]));
  const declared = layout.headers.map((header, column) =>
    distinct([header, ...namesOf(byColumn.get(column))]),
  );
  // For a header of one row, the header itself is one of the declared texts.
  return own.length === 1
    ? [declared.map((texts, i) => distinct([...texts, ...(own[0]?.[i] ?? [])]))]
    : [...own, declared];
}

function namesOf(field: Field | undefined): readonly string[] {
  return field === undefined ? [] : [field.title ?? '', field.name, ...field.aliases];
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))];
}

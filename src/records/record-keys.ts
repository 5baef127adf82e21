import type { ForeignKey, RecordsDataset } from '../domain/dataset.ts';

/** Foreign keys of a dataset, and its natural parents: both name rows that must be in core. */
export function parentKeys({ foreignKeys, core }: RecordsDataset): readonly ForeignKey[] {
  const natural = core.references.map(({ fields, dataset, parentFields }) => ({
    fields,
    dataset,
    referenceFields: parentFields,
  }));
  const told = new Set(foreignKeys.map((key) => JSON.stringify(key)));
  return [...foreignKeys, ...natural.filter((key) => !told.has(JSON.stringify(key)))];
}

/** Fields whose values may occur once, each alone or several together. */
export function uniqueFields(dataset: RecordsDataset): readonly (readonly string[])[] {
  const alone = dataset.fields.filter((field) => field.constraints.unique).map((field) => [field.name]);
  const together = dataset.checks.flatMap((check) =>
    check.kind === 'unique' ? [(check as unknown as { readonly fields: readonly string[] }).fields] : [],
  );
  return [...alone, ...together];
}

/** Whether rows refer to rows of their own dataset as a tree. */
export function hasTree({ checks }: RecordsDataset): boolean {
  return checks.some(({ kind }) => kind === 'hierarchy');
}

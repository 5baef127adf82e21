import type { ReferenceKeys } from '../checks/basis.ts';
import { labelOf } from '../checks/planned-column.ts';
import { moduleOf } from '../checks/registry.ts';
import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import type { CheckedSource } from './checked-rows.ts';

/** What was checked, as sentences: a report without findings covers exactly this. */
export function whatWasChecked(
  dataset: Dataset,
  checked: CheckedSource,
  references: readonly ReferenceKeys[],
): string[] {
  const typed = dataset.fields.length;
  const required = dataset.fields.filter((field) => field.constraints.required).length;
  const ruled = dataset.fields.filter(hasRules).length;
  const skipped = new Set(
    checked.tableFindings.filter(({ code }) => code === 'check-skipped').map(({ name }) => name),
  );
  return [
    `Every cell of ${counted(typed, 'column')} in ${counted(checked.rows.read, 'row')} is of the kind its column holds.`,
    ...(required > 0
      ? [`No cell is missing in ${counted(required, 'column that needs', 'columns that need')} one.`]
      : []),
    ...(ruled > 0 ? [`Values keep the form, list or range of ${counted(ruled, 'column')}.`] : []),
    ...(dataset.primaryKey.length > 0
      ? [`Each row has a key of its own (${labels(dataset, dataset.primaryKey)}).`]
      : []),
    ...dataset.fields
      .filter((field) => field.constraints.unique)
      .map((field) => `${field.title ?? field.name} occurs once.`),
    ...references.map((reference, i) => {
      const fields = labels(dataset, dataset.foreignKeys[i]?.fields ?? []);
      const from =
        reference.from === 'own'
          ? 'this file'
          : `the list '${reference.dataset}'${reference.period === null || reference.period === 'none' ? '' : ` (${reference.period})`}`;
      return `${fields} is in ${from}.`;
    }),
    ...dataset.checks.map((check) =>
      skipped.has(check.name)
        ? `Not made: ${check.message ?? check.name}.`
        : moduleOf(check).sentence(check, (names) => labels(dataset, names)),
    ),
  ];
}

function hasRules({
  constraints: { pattern, minimum, maximum, minLength, maxLength, ...rest },
}: Dataset['fields'][number]): boolean {
  return [pattern, minimum, maximum, minLength, maxLength, rest.enum].some((rule) => rule !== null);
}

/** The names of these columns in the file's own headers. */
function labels(dataset: Dataset, names: readonly string[]): string {
  const titles = new Map(dataset.fields.map((field) => [field.name, labelOf(field)]));
  return names.map((name) => titles.get(name) ?? name).join(', ');
}

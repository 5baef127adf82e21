import type { Check, Dataset } from '../domain/dataset.ts';
import type { Judgement } from './judge.ts';
import type { ReferenceKeys } from './references.ts';

/** What was checked, as sentences: an all-clear is worth what stands here. */
export function whatWasChecked(
  dataset: Dataset,
  judgement: Judgement,
  references: readonly ReferenceKeys[],
): string[] {
  const typed = dataset.fields.length;
  const required = dataset.fields.filter((field) => field.constraints.required).length;
  const ruled = dataset.fields.filter(hasRules).length;
  const skipped = new Set(
    judgement.tableFindings.filter(({ code }) => code === 'check-skipped').map(({ name }) => name),
  );
  return [
    `Every cell of ${typed} ${typed === 1 ? 'column' : 'columns'} in ${judgement.rows.read} rows is of the kind its column holds.`,
    ...(required > 0
      ? [`No cell is missing in ${required} ${required === 1 ? 'column' : 'columns'} that need one.`]
      : []),
    ...(ruled > 0
      ? [`Values keep the form, list or range of ${ruled} ${ruled === 1 ? 'column' : 'columns'}.`]
      : []),
    ...(dataset.primaryKey.length > 0
      ? [`Each row has a key of its own (${dataset.primaryKey.join(', ')}).`]
      : []),
    ...dataset.fields
      .filter((field) => field.constraints.unique)
      .map((field) => `${field.title ?? field.name} stands once.`),
    ...references.map((reference, i) => {
      const fields = dataset.foreignKeys[i]?.fields.join(', ');
      const from =
        reference.from === 'delivery'
          ? 'this file'
          : `the list '${reference.dataset}'${reference.period === null ? '' : ` (${reference.period})`}`;
      return `${fields} is in ${from}.`;
    }),
    ...dataset.checks.map((check) =>
      skipped.has(check.name) ? `Not made: ${check.message ?? check.name}.` : sentence(check),
    ),
  ];
}

function hasRules({
  constraints: { pattern, minimum, maximum, minLength, maxLength, ...rest },
}: Dataset['fields'][number]): boolean {
  return [pattern, minimum, maximum, minLength, maxLength, rest.enum].some((rule) => rule !== null);
}

function sentence(check: Check): string {
  switch (check.kind) {
    case 'expect':
      return `In every row: ${check.message ?? check.expression.trim()}.`;
    case 'rows':
      return `The number of rows is ${check.min === null ? '' : `at least ${check.min}`}${check.min !== null && check.max !== null ? ' and ' : ''}${check.max === null ? '' : `at most ${check.max}`}.`;
    case 'versus_previous':
      return 'Rows and sums are near those of the period before.';
    case 'in_period':
      return `${check.field} lies in the period of the file.`;
    case 'differs_from_previous':
      return 'The rows are not those of the period before.';
  }
}

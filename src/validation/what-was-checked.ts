import type { Check, CheckOf } from '../domain/check.ts';
import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { measureWords } from '../domain/measure.ts';
import type { Judgement } from './judge.ts';
import { labelOf } from './layout.ts';
import type { ReferenceKeys } from './references/fetch-references.ts';

/** What was checked, as sentences: a report without findings covers exactly this. */
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
    `Every cell of ${counted(typed, 'column')} in ${counted(judgement.rows.read, 'row')} is of the kind its column holds.`,
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
      skipped.has(check.name) ? `Not made: ${check.message ?? check.name}.` : sentence(check, dataset),
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

function sentence(check: Check, dataset: Dataset): string {
  const named = (names: readonly string[]) => labels(dataset, names);
  switch (check.kind) {
    case 'expect':
      return `${check.when === null ? 'In every row' : 'In every row that it is about'}: ${check.message ?? check.expression.trim()}.`;
    case 'required':
      return `${named(check.fields)}: filled in every row${check.when === null ? '' : ' that needs it'}.`;
    case 'unique':
      return `${named(check.fields)} occurs once${ACROSS[check.across]}.`;
    case 'hierarchy':
      return `Every ${named(check.parent)} leads to a row of the file, and none back to itself.`;
    case 'rows':
      return `The number of rows is ${check.min === null ? '' : `at least ${check.min}`}${check.min !== null && check.max !== null ? ' and ' : ''}${check.max === null ? '' : `at most ${check.max}`}.`;
    case 'control': {
      const totals = check.totals.map(({ measure }) =>
        measureWords(measure, measure === 'rows' ? '' : named([measure.field])),
      );
      return `As the sender wrote down: ${totals.join(', ')}.`;
    }
    case 'versus_previous':
      return 'Rows and sums are near those of the period before.';
    case 'versus_last_year':
      return 'Rows and sums are near those of the same period last year.';
    case 'in_period':
      return `${named([check.field])} lies in the period of the file.`;
    case 'differs_from_previous':
      return 'The rows are not those of the period before.';
  }
}

const ACROSS: Readonly<Record<CheckOf<'unique'>['across'], string>> = {
  file: '',
  slices: ', in all slices of the period',
  periods: ', in all periods',
  all: ', in all periods and slices',
};

import { businessColumns, type CoreReference, type Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { ConfigProblem } from './problem.ts';
import type { ConfigAsWritten, DatasetAsWritten } from './schema.ts';

type WrittenReference = NonNullable<NonNullable<DatasetAsWritten['core']>['references']>[number];

/** The datasets with `core.references` resolved, which needs all of them; mistakes become problems. */
export function resolveReferences(
  datasets: ReadonlyMap<string, Dataset>,
  written: ConfigAsWritten['datasets'],
  problems: ConfigProblem[],
): Map<string, Dataset> {
  const out = new Map(datasets);
  for (const dataset of datasets.values()) {
    const core = written[dataset.name]?.core ?? {};
    const at = ['datasets', dataset.name, 'core'];
    if (core.identity !== undefined)
      refuseTakenName(dataset, core.identity, [...at, 'identity'], problems, new Set());
    const names = new Set(core.identity === undefined ? [] : [core.identity]);
    const references = (core.references ?? []).flatMap((reference, i) => {
      const path = [...at, 'references', i];
      refuseTakenName(dataset, reference.column, [...path, 'column'], problems, names);
      names.add(reference.column);
      return resolveReference(dataset, reference, datasets, path, problems) ?? [];
    });
    out.set(dataset.name, { ...dataset, core: { ...dataset.core, references } });
  }
  return out;
}

function refuseTakenName(
  dataset: Dataset,
  name: string,
  path: readonly (string | number)[],
  problems: ConfigProblem[],
  others: ReadonlySet<string>,
): void {
  const taken =
    others.has(name) ||
    businessColumns(dataset).some((column) => column.name.toLowerCase() === name.toLowerCase());
  if (taken) problems.push({ path, message: `there is a column '${name}' already` });
  if (name.startsWith('_'))
    problems.push({ path, message: `'${name}': names with a leading underscore are taken` });
}

function resolveReference(
  dataset: Dataset,
  { column, fields: given, dataset: name }: WrittenReference,
  datasets: ReadonlyMap<string, Dataset>,
  path: readonly (string | number)[],
  problems: ConfigProblem[],
): CoreReference | null {
  const refuse = (part: string, message: string): null => {
    problems.push({ path: [...path, part], message });
    return null;
  };
  const parent = datasets.get(name);
  if (parent === undefined) {
    const near = didYouMean(name, datasets.keys());
    return refuse(
      'dataset',
      `there is no dataset '${name}'${near === null ? '' : `; did you mean '${near}'?`}`,
    );
  }
  const { identity, key, table } = parent.core;
  if (identity === null) return refuse('dataset', `dataset '${name}' gives no keys; set core.identity there`);
  const fields = [given].flat();
  // Slices of both datasets are the same on both sides.
  const shared = key.filter((each) => parent.sliceNames.includes(each) && dataset.sliceNames.includes(each));
  const rest = key.filter((each) => !shared.includes(each));
  const paired = fields.length === key.length ? fields : [...fields, ...shared];
  const parentFields = fields.length === key.length ? key : [...rest, ...shared];
  if (paired.length !== parentFields.length) {
    return refuse(
      'fields',
      `there must be as many as the key of '${name}' has: ${rest.join(', ') || key.join(', ')}`,
    );
  }
  return {
    column,
    fields: paired,
    dataset: name,
    parentTable: table,
    parentFields,
    parentIdentity: identity,
  };
}

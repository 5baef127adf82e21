import type { Config } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import { coreModelPath } from '../lake/core-model.ts';
import { displayPath, type Project } from '../lake/project.ts';
import { type Decimals, decimalsOf } from '../marts/column-decimals.ts';
import { findMarts } from '../marts/find-marts.ts';
import { givenBy, readCasts, roundingCasts } from '../marts/rounding-casts.ts';
import { readModel } from '../promotion/model-sql.ts';
import { columnType } from '../types/column-type.ts';

/** Casts in core and mart models that would round the present types of the fields; as sentences. */
export async function checkCasts(
  project: Project,
  config: Config,
  dialect: string,
): Promise<readonly string[]> {
  const datasets = [...config.datasets.values()];
  const stage = new Map(datasets.map((dataset) => [dataset.name, fieldDecimals(dataset)]));
  const stageTables = (schema: string, name: string) =>
    schema === 'stage' ? (stage.get(name) ?? null) : null;
  const core = new Map<string, Decimals>();
  const found: string[] = [];
  for (const dataset of datasets) {
    const path = coreModelPath(project, dataset, dialect);
    let columns: Decimals = fieldDecimals(dataset);
    if (path !== null) {
      const model = readModel(path, displayPath(project, path));
      const tree = await readCasts(model, true);
      found.push(...roundingCasts(model, tree, stageTables));
      columns = givenBy(tree, stageTables);
    }
    core.set(dataset.core.table, columns).set(`${dataset.core.table}_live`, columns);
  }
  for (const { model } of findMarts(project, config.datasets, dialect)) {
    const tables = (schema: string, name: string) => (schema === 'core' ? (core.get(name) ?? null) : null);
    found.push(...roundingCasts(model, await readCasts(model), tables));
  }
  return found;
}

function fieldDecimals({ fields }: Dataset): Decimals {
  return new Map(fields.map((field) => [field.name.toLowerCase(), decimalsOf(columnType(field))]));
}

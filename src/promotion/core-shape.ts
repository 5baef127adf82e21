import { createHash } from 'node:crypto';
import { businessColumns, type Dataset, isRecordsDataset } from '../domain/dataset.ts';
import { coreModelPath } from '../lake/core-model.ts';
import { displayPath, type Project } from '../lake/project.ts';
import { columnList, ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { columnType } from '../types/column-type.ts';
import { surrogateKeys } from '../warehouse/migrate/dataset-tables.ts';
import { rowOfSlice } from '../warehouse/slice-rows.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';
import { describeModel } from './describe-model.ts';
import { badModel, bindModel, type Model, readModel } from './model-sql.ts';

/** Where the rows of a dataset come from, and the columns of its core table. */
export interface CoreShape {
  readonly dataset: Dataset;
  readonly table: TableRef;
  readonly model: Model | null;
  /** Business columns: the fields or the model's columns, slice columns among them. */
  readonly columns: readonly ColumnInfo[];
  /** Whether the model passes them on; without a model both exist. */
  readonly passes: { readonly fileId: boolean; readonly sourceRow: boolean };
  readonly key: readonly string[];
  /** Rows that deliveries lack are closed, so the table has `_closed_period`. */
  readonly closes: boolean;
  /** Hash of everything, besides the stage rows, that decides what a promotion does. */
  readonly fingerprint: string;
}

/** Columns that a model may pass on or add; every other name with a leading underscore belongs to Tidemark. */
const KNOWN_OF_MODEL = new Set(['_data_period', '_file_id', '_source_row', '_load_id']);

/** Resolves model, columns and key of a dataset. A model that cannot be used is `bad-model`. */
export async function coreShape(
  session: Session,
  project: Project,
  dataset: Dataset,
  period: string,
  dialect: string,
): Promise<CoreShape> {
  const path = coreModelPath(project, dataset, dialect);
  const model = path === null ? null : readModel(path, displayPath(project, path));
  const described =
    model === null
      ? stageColumns(dataset)
      : await describeModel(session, model, bindModel(model, period), 'core');
  const names = new Set(described.map((column) => column.name));
  const shape = {
    dataset,
    table: { schema: 'core', name: dataset.core.table } as const,
    model,
    columns: described.filter((column) => !KNOWN_OF_MODEL.has(column.name)),
    passes: {
      fileId: model === null || names.has('_file_id'),
      sourceRow: model === null || names.has('_source_row'),
    },
    key: dataset.core.key,
    closes: dataset.core.strategy === 'upsert' && dataset.core.missing === 'close',
  };
  if (model !== null) checkModelColumns(model, dataset, shape.columns, names);
  return { ...shape, fingerprint: fingerprintOf(shape) };
}

function stageColumns(dataset: Dataset): ColumnInfo[] {
  return businessColumns(dataset).map(({ name, field }) => ({
    name,
    type: columnType(field),
    nullable: true,
  }));
}

function checkModelColumns(
  model: Model,
  dataset: Dataset,
  columns: readonly ColumnInfo[],
  described: ReadonlySet<string>,
): void {
  const missing = [...new Set([...dataset.core.key, ...dataset.sliceNames])].filter(
    (name) => !described.has(name),
  );
  if (missing.includes('_source_row')) {
    const why = `dataset '${dataset.name}' has no key, so it must pass '_source_row' on, or core.key be given`;
    throw badModel(model.displayPath, 1, why);
  }
  if (missing.length > 0) {
    throw badModel(model.displayPath, 1, `it lacks the key or slice column ${missing.map(quote).join(', ')}`);
  }
  const reserved = columns.map((column) => column.name).filter((name) => name.startsWith('_'));
  const derived = new Set(surrogateKeys(dataset).map((column) => column.name));
  const clash = columns.find((column) => derived.has(column.name));
  if (clash !== undefined) {
    throw badModel(
      model.displayPath,
      1,
      `'${clash.name}' is given by core.identity or core.references; leave it out`,
    );
  }
  for (const { column, fields } of dataset.core.references) {
    const lost = fields.find((name) => !described.has(name));
    if (lost !== undefined)
      throw badModel(model.displayPath, 1, `it lacks '${lost}', which core.references needs for '${column}'`);
  }
  if (reserved.length > 0) {
    throw badModel(
      model.displayPath,
      1,
      `column names with a leading underscore are Tidemark's own: ${reserved.map(quote).join(', ')}`,
    );
  }
}

const quote = (name: string) => `'${name}'`;

function fingerprintOf(shape: Omit<CoreShape, 'fingerprint'>): string {
  const { core } = shape.dataset;
  const parts = [
    shape.model?.text ?? null,
    shape.columns,
    core.table,
    core.key,
    core.strategy,
    core.covers,
    core.missing,
    ...(core.rollout === 'staged' ? [core.rollout] : []),
    ...(isRecordsDataset(shape.dataset) ? [core.onDuplicate] : []),
    ...(core.identity === null && core.references.length === 0 ? [] : [core.identity, core.references]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The rows of one period and slice in the form of core: business columns, `_file_id`, `_source_row`. */
export function sourceRows(
  shape: CoreShape,
  at: { readonly period: string; readonly slice: string; readonly fileId: number },
): Sql {
  const columns = columnList(shape.columns.map((column) => column.name));
  const fileId = shape.passes.fileId ? raw('_file_id') : sql`CAST(${at.fileId} AS BIGINT)`;
  const sourceRow = shape.passes.sourceRow ? raw('_source_row') : raw('CAST(NULL AS BIGINT)');
  const from =
    shape.model === null
      ? sql`(SELECT * FROM ${ident('stage', shape.dataset.name)} WHERE _data_period = ${at.period})`
      : bindModel(shape.model, at.period);
  return sql`SELECT ${columns}, ${fileId} AS _file_id, ${sourceRow} AS _source_row
    FROM ${from} AS m WHERE ${inSlice(shape, at.slice, 'm')}`;
}

/** The condition that a row belongs to a slice; always true where the dataset has none. */
export function inSlice(shape: CoreShape, slice: string, alias: string): Sql {
  return rowOfSlice(slice, { dataset: shape.dataset, columns: shape.columns, alias });
}

/** Business columns that are not part of the key. */
export function valueColumns(shape: CoreShape): readonly string[] {
  const key = new Set(shape.key);
  return shape.columns.map((column) => column.name).filter((name) => !key.has(name));
}

/** Surrogate keys: of the row, and of the rows to which it refers. They follow from business columns. */
export function derivedColumns(shape: CoreShape): readonly ColumnInfo[] {
  return surrogateKeys(shape.dataset);
}

/** Names of the columns of a row to promote, business columns first. */
export function storedColumns(shape: CoreShape): readonly string[] {
  return [...shape.columns, ...derivedColumns(shape)].map((column) => column.name);
}

/** `a.k1 = b.k1 AND …` over the key. */
export function sameKey(shape: CoreShape, a: string, b: string): Sql {
  return join(
    shape.key.map((name) => sql`${ident(a, name)} = ${ident(b, name)}`),
    ' AND ',
  );
}

/** New rows are not live at first, and the table has `_live`. */
export function isStaged(shape: CoreShape): boolean {
  return shape.dataset.core.rollout === 'staged';
}

/** As `sameKey`; for intervals it must also be the same interval. */
export function sameRow(shape: CoreShape, a: string, b: string): Sql {
  const key = sameKey(shape, a, b);
  return shape.dataset.core.strategy === 'history'
    ? sql`${key} AND ${ident(a, '_valid_from')} = ${ident(b, '_valid_from')}`
    : key;
}

/**
 * The columns that identify a core row: the key, with the period or the beginning of the interval where the strategy
 * has them.
 */
export function identityColumns(shape: Pick<CoreShape, 'dataset' | 'key'>): readonly string[] {
  const { strategy } = shape.dataset.core;
  if (strategy === 'replace_period') return ['_data_period', ...shape.key];
  return strategy === 'history' ? [...shape.key, '_valid_from'] : shape.key;
}

/** The condition that row `c` of core is the row of its key that counts for a period. */
export function countsFor(shape: CoreShape, period: string, alias = 'c'): Sql {
  const { strategy } = shape.dataset.core;
  if (strategy === 'replace_period') return sql`${ident(alias, '_data_period')} = ${period}`;
  return strategy === 'history' ? validAt(period, alias) : raw('true');
}

/** The condition that an interval contains a period: `[_valid_from, _valid_to)`. */
export function validAt(period: string | Sql, alias: string): Sql {
  const [from, to] = [ident(alias, '_valid_from'), ident(alias, '_valid_to')];
  return sql`${from} <= ${period} AND (${to} IS NULL OR ${to} > ${period})`;
}

export function keyColumns(shape: CoreShape, alias: string): Sql {
  return join(shape.key.map((name) => ident(alias, name)));
}

/** The period and the promotion that write rows of core. */
export interface ApplyAt {
  readonly period: string;
  readonly promotionId: number;
}

/** All columns of a row except its key. */
export function changingColumns(shape: CoreShape): readonly string[] {
  return storedColumns(shape).filter((name) => !shape.key.includes(name));
}

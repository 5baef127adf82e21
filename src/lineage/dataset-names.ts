import type { Place } from '../domain/place.ts';
import type { SchemaNames } from '../domain/schema-names.ts';
import type { WarehouseName } from '../warehouse/warehouse.ts';

/** What identifies a dataset of a lineage server. */
export interface DatasetName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Names as the specification gives them (https://openlineage.io/docs/spec/naming): a local file is its absolute path in
 * the namespace `file`; a table of PostgreSQL is `database.schema.table` in `postgres://host:port`. DuckDB has no entry
 * there; its tables get the names that OpenLineage's own integration for dbt gives them, so that both name the same
 * thing: `database.schema.table` in `duckdb://` with the absolute path of the file. Schemas are named as in the database.
 */
export function datasetName(place: Place, warehouse: WarehouseName, schemas: SchemaNames): DatasetName {
  if ('file' in place) return { namespace: 'file', name: place.file };
  const name = [warehouse.database, schemas[place.schema], place.table].join('.');
  return { namespace: warehouse.namespace, name };
}

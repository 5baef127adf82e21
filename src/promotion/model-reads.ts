import type { Dataset } from '../domain/dataset.ts';
import type { Place } from '../domain/place.ts';
import { schemaPlaces } from '../warehouse/schemas/schema-places.ts';
import { Neighbours, sqlTokens } from '../warehouse/schemas/sql-tokens.ts';
import type { Model } from './model-sql.ts';

/** The tables from which the rows of a dataset come: its stage table, or those that its model names. */
export function tablesRead(dataset: Dataset, model: Model | null): readonly Place[] {
  if (model === null) return [{ schema: 'stage', table: dataset.name }];
  const tokens = sqlTokens(model.pieces.join("''"));
  const around = new Neighbours(tokens);
  return schemaPlaces(tokens).qualifying.map(({ i, schema }) => ({ schema, table: around.name(i + 2) }));
}

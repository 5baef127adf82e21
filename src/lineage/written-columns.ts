import type { Place } from '../domain/place.ts';
import type { StepContext } from '../steps/step.ts';
import { inspectParquet } from '../warehouse/parquet/inspect.ts';

/** The columns of a table or a Parquet file; null for other files, and where they cannot be read now. */
export async function writtenColumns(
  { warehouse, signal }: Pick<StepContext, 'warehouse' | 'signal'>,
  place: Place,
): Promise<readonly { readonly name: string; readonly type: string }[] | null> {
  try {
    if ('file' in place)
      return place.file.endsWith('.parquet') ? (await inspectParquet(place.file, signal)).columns : null;
    return await warehouse.read((session) => session.columns({ schema: place.schema, name: place.table }));
  } catch {
    // The step is done; that a schema is missing in an event is not worth an error.
    return null;
  }
}

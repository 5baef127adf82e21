import type { SchemaWord } from './schema-names.ts';

/** Something that is read or written: a file by its absolute path, or a table by our word for its schema. */
export type Place = { readonly file: string } | { readonly schema: SchemaWord; readonly table: string };

/** Told what a step reads and writes, so that others can follow the data. Told nothing, it tells nothing. */
export interface Touched {
  read(...places: readonly Place[]): void;
  /** After the commit or the rename. `rows`: how many were written; null where that is not known. */
  wrote(place: Place, rows: number | null): void;
}

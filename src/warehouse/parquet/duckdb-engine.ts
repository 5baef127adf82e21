/** The engine behind one static door, to be imported when first needed: the bundle finds its names only this way. */
export { DuckDBInstance } from '@duckdb/node-api';

/**
 * The only static import of the engine, to be imported when it is first needed: the bundle finds its names only in this
 * way.
 */
export { DuckDBInstance } from '@duckdb/node-api';

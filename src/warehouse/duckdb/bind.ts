import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBMaterializedResult,
  type DuckDBType,
} from '@duckdb/node-api';
import type { Sql, Value } from '../../sql/sql.ts';

/** Runs a statement with its values bound, each with the type that a literal of the same text would have. */
export function runBound(connection: DuckDBConnection, statement: Sql): Promise<DuckDBMaterializedResult> {
  if (statement.values.length === 0) return connection.run(statement.text);
  const values = statement.values.map((value) => (isWide(value) ? BigInt(value as number) : value));
  const types = values.map((value) => (typeof value === 'bigint' ? BIGINT : undefined));
  // The binding infers every type that is left out, but its declaration says so only for records.
  return connection.run(statement.text, values, types as DuckDBType[]);
}

/** Whole numbers past 32 bits would be bound as DOUBLE. */
function isWide(value: Value): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) > 0x7fffffff;
}

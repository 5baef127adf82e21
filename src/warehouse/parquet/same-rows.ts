import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from '../../sql/sql.ts';
import { withMemory } from './in-memory.ts';
import { parquetLiteral } from './select.ts';

const NUMERIC = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|DOUBLE|FLOAT|DECIMAL\(.*)/;

/**
 * Whether two Parquet files hold the same rows, each equally often, in any order. `_source_row` does not count, nor
 * does a column that one file lacks and that is empty in the other; numbers of two types are compared as numbers.
 * Throws the reader's error where a file is not a Parquet file.
 */
export function sameRows(one: string, two: string, signal?: AbortSignal): Promise<boolean> {
  return withMemory(signal, async (connection) => {
    const [columns, others] = [await columnsOf(connection, one), await columnsOf(connection, two)];
    const names = [...new Set([...columns.keys(), ...others.keys()])]
      .filter((name) => name !== '_source_row')
      .sort();
    const digest = (path: string, own: ReadonlyMap<string, string>) =>
      digestOf(
        connection,
        path,
        names.map((name) => (own.has(name) ? comparable(name, columns.get(name), others.get(name)) : 'NULL')),
      );
    return (await digest(one, columns)) === (await digest(two, others));
  });
}

async function columnsOf(connection: DuckDBConnection, path: string): Promise<ReadonlyMap<string, string>> {
  const answer = await connection.run(
    `DESCRIBE SELECT * FROM read_parquet(${parquetLiteral(path)}, hive_partitioning = false)`,
  );
  return new Map((await answer.getRowsJson()).map((row) => [String(row[0]), String(row[1])]));
}

function comparable(name: string, type: string | undefined, other: string | undefined): string {
  const numbers = type !== other && NUMERIC.test(type ?? '') && NUMERIC.test(other ?? '');
  const value = numbers ? `CAST(${quoteName(name)} AS DOUBLE)` : quoteName(name);
  return `CAST(${value} AS VARCHAR)`;
}

/** Count and two sums of hashes, which do not depend on the order of the rows. */
async function digestOf(
  connection: DuckDBConnection,
  path: string,
  values: readonly string[],
): Promise<string> {
  const answer = await connection.run(
    `SELECT count(*)::VARCHAR || ' ' || coalesce(sum(h::HUGEINT), 0)::VARCHAR || ' ' || coalesce(sum(hash(h)::HUGEINT), 0)::VARCHAR
     FROM (SELECT hash(${['1', ...values].join(', ')}) AS h FROM read_parquet(${parquetLiteral(path)}, hive_partitioning = false))`,
  );
  return String((await answer.getRowsJson())[0]?.[0]);
}

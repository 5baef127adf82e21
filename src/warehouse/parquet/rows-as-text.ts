import { quoteName } from '../../sql/sql.ts';
import { withMemory } from './in-memory.ts';
import { parquetLiteral } from './select.ts';

/** Rows of a Parquet file in which a column holds a whole number; every value as text, or null. */
export function parquetRowsAsText(
  path: string,
  where: { readonly column: string; readonly value: number },
  signal?: AbortSignal,
): Promise<readonly ReadonlyMap<string, string | null>[]> {
  const from = `read_parquet(${parquetLiteral(path)}, hive_partitioning = false)`;
  const condition = `${quoteName(where.column)} = ${Math.trunc(where.value)}`;
  return withMemory(signal, async (connection) => {
    const result = await connection.run(
      `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${from} WHERE ${condition} LIMIT 10`,
    );
    const names = result.columnNames();
    const rows = await result.getRows();
    return rows.map((row) => new Map(names.map((name, i) => [name, (row[i] ?? null) as string | null])));
  });
}

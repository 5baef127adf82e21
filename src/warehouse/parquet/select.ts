import { literal, quoteName } from '../../sql/sql.ts';
import type { AppendColumn } from '../warehouse.ts';

/** The SELECT that turns a Parquet file into the columns of an append; `render` may wrap a value. */
export function selectFromParquet(
  parquetPath: string,
  columns: readonly AppendColumn[],
  render: (expression: string, column: AppendColumn) => string = (expression) => expression,
): string {
  const picked = columns.map(
    (column) => `${render(expression(column), column)} AS ${quoteName(column.name)}`,
  );
  return `SELECT ${picked.join(', ')} FROM read_parquet(${parquetLiteral(parquetPath)}, hive_partitioning = false)`;
}

function expression(column: AppendColumn): string {
  if (column.from === 'parquet') {
    const value = quoteName(column.source ?? column.name);
    return column.plus === undefined ? value : `CAST(${value} AS BIGINT) + ${Math.trunc(column.plus)}`;
  }
  return typeof column.value === 'string' ? literal(column.value) : String(column.value ?? 'NULL');
}

/** DuckDB reads `a[1].parquet` as a pattern; a class of one character matches this character. */
export function parquetLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}

import { type DuckDBResult, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';
import { compactJson, exactInteger, isoTimestamp, rowsOf, trimFraction } from '../rows.ts';
import type { Cell } from '../warehouse.ts';

export async function readRows<R extends object>(result: DuckDBResult): Promise<R[]> {
  const readers = result
    .columnTypes()
    .map((type) => (type.alias === 'JSON' ? asJson : readerOf(type.typeId)));
  const rows = await result.getRows();
  const cells = rows.map((row) =>
    row.map((value, i) => (value === null ? null : (readers[i] as Reader)(value))),
  );
  return rowsOf<R>(result.columnNames(), cells);
}

type Reader = (value: DuckDBValue) => Cell;

const asJson: Reader = (value) => compactJson(String(value));

function readerOf(type: DuckDBTypeId): Reader {
  switch (type) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return (value) => exactInteger(value as bigint);
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value) => isoTimestamp(String(value));
    case DuckDBTypeId.TIME:
      return (value) => trimFraction(String(value));
    default:
      return (value) => (typeof value === 'object' ? String(value) : (value as Cell));
  }
}

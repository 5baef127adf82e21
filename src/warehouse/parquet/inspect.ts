import { withMemory } from './in-memory.ts';
import { parquetLiteral } from './select.ts';

/** What a Parquet file says about itself. */
export interface ParquetFacts {
  readonly rows: number;
  /** In file order; types in DuckDB's words, which are those of `ColumnInfo.type`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Key-value metadata of the footer. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Reads only the footer. Throws the reader's error where the file is not a Parquet file, or is cut. */
export function inspectParquet(path: string, signal?: AbortSignal): Promise<ParquetFacts> {
  const file = parquetLiteral(path);
  return withMemory(signal, async (connection) => {
    const ask = async (query: string) => (await connection.run(query)).getRowsJson();
    const [totals] = await ask(`SELECT sum(num_rows)::VARCHAR FROM parquet_file_metadata(${file})`);
    const columns = await ask(`DESCRIBE SELECT * FROM read_parquet(${file}, hive_partitioning = false)`);
    const pairs = await ask(`SELECT decode(key), decode(value) FROM parquet_kv_metadata(${file})`);
    return {
      rows: Number(totals?.[0]),
      columns: columns.map((row) => ({ name: String(row[0]), type: String(row[1]) })),
      metadata: new Map(pairs.map((row) => [String(row[0]), String(row[1])])),
    };
  });
}

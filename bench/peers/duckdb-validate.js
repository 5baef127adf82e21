// node duckdb-validate.js CSV PARQUET: DuckDB alone reads the file, casts every column and writes Parquet.
import { DuckDBInstance } from '@duckdb/node-api';
import { COLUMNS, TYPED_SELECT } from '../payments.js';

const [csv, parquet] = process.argv.slice(2).map((path) => `'${path.replaceAll("'", "''")}'`);
const columns = COLUMNS.map((name) => `'${name}': 'VARCHAR'`).join(', ');
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run(
  `COPY (${TYPED_SELECT} FROM read_csv(${csv}, header = true, auto_detect = false, delim = ',', quote = '"',
     columns = {${columns}})) TO ${parquet} (FORMAT parquet)`,
);
connection.closeSync();
instance.closeSync();

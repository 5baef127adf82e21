// node duckdb-insert.js DATABASE PARQUET: DuckDB alone appends the file's rows to the same table as a load does.
import { DuckDBInstance } from '@duckdb/node-api';
import { COLUMNS } from '../payments.js';

const [database, parquet] = process.argv.slice(2);
const columns = [...COLUMNS, '_source_row'].join(', ');
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
const { rowsChanged } = await connection.run(
  `INSERT INTO stage.payments (${columns}, _data_period, _file_id, _load_id)
   SELECT ${columns}, '2025-06', 1, 1 FROM read_parquet('${parquet.replaceAll("'", "''")}')`,
);
connection.closeSync();
instance.closeSync();
process.stdout.write(`${rowsChanged}\n`);

// node make-csv.js FILE ROWS [EVERY]: payments with ten columns of every common type, about 100 bytes a row; the same
// bytes for the same number of rows, whatever the machine. With EVERY, each row that it divides has another amount.
import { renameSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const SEED = 20250601;
const [file, rows, every = 0] = process.argv.slice(2);
const pick = (salt, n) => `(hash(i, ${SEED + salt}) % ${n})::BIGINT`;
const CHANGE = every > 0 ? ` + (CASE WHEN i % ${Number(every)} = 0 THEN 1 ELSE 0 END)` : '';

const SELECT = `SELECT
  100000000 + i AS payment_id,
  'A' || lpad(${pick(1, 99999999)}::VARCHAR, 8, '0') AS account,
  (['Anna','Ben','Clara','David','Elif','Farid','Greta','Hanna'])[1 + ${pick(2, 8)}] || ' ' ||
    (['Abbott','Brandt','Castillo','Dubois','Eriksen','Fischer','Garcia','Hoffmann'])[1 + ${pick(3, 8)}] AS holder,
  (['NO','SO','EA','WE','CE'])[1 + ${pick(4, 5)}] AS region_code,
  strftime(DATE '1940-01-01' + ${pick(5, 24000)}::INTEGER, '%d/%m/%Y') AS birth_date,
  printf('%d.%02d', ${pick(6, 90000)}${CHANGE}, ${pick(7, 100)}) AS amount,
  printf('%.4f', ${pick(8, 1000000)} / 1000000.0) AS share,
  CASE WHEN ${pick(9, 3)} = 0 THEN 'no' ELSE 'yes' END AS is_active,
  strftime(TIMESTAMP '2025-06-01 00:00:00' + to_seconds(${pick(10, 2500000)}), '%Y-%m-%d %H:%M:%S') AS updated_at,
  (['transfer','standing order','direct debit','cash deposit'])[1 + ${pick(11, 4)}] AS kind
FROM range(${Number(rows)}) t(i)`;

const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
const connection = await instance.connect();
const quoted = `'${`${file}.tmp`.replaceAll("'", "''")}'`;
await connection.run(`COPY (${SELECT}) TO ${quoted} (FORMAT csv, HEADER true, DELIMITER ',')`);
connection.closeSync();
instance.closeSync();
renameSync(`${file}.tmp`, file);

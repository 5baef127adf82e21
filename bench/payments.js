import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTimed } from './run-timed.js';

const here = dirname(fileURLToPath(import.meta.url));
export const PERIOD = '2025-06';

/** What an engineer would write for such a file: types, a key, required values, a list, a pattern, an expression. */
export const PAYMENTS = `version: 1
datasets:
  payments:
    period: month
    source: {filename: "payments_{period}.{csv,xlsx}"}
    schema:
      fields:
        - {name: payment_id, type: integer, constraints: {required: true, minimum: 1}}
        - {name: account, type: string, constraints: {required: true, pattern: "A[0-9]{8}"}}
        - {name: holder, type: string, constraints: {required: true}, pii: true}
        - {name: region_code, type: string, constraints: {enum: [NO, SO, EA, WE, CE]}}
        - {name: birth_date, type: date, format: "%d/%m/%Y"}
        - {name: amount, type: number, precision: 12, scale: 2}
        - {name: share, type: number}
        - {name: is_active, type: boolean, trueValues: ["yes"], falseValues: ["no"]}
        - {name: updated_at, type: datetime, format: "%Y-%m-%d %H:%M:%S"}
        - {name: kind, type: string}
      primaryKey: [payment_id]
    checks:
      - {name: amount_not_negative, expect: "amount >= 0"}
    core: {key: [payment_id], strategy: replace_period}
`;

/** The same columns as DuckDB reads, casts and writes them when it is told their types and no more. */
export const TYPED_SELECT = `SELECT CAST(payment_id AS BIGINT) AS payment_id, account, holder, region_code,
  CAST(strptime(birth_date, '%d/%m/%Y') AS DATE) AS birth_date, CAST(amount AS DECIMAL(18,2)) AS amount,
  CAST(share AS DOUBLE) AS share, CASE is_active WHEN 'yes' THEN true WHEN 'no' THEN false END AS is_active,
  CAST(updated_at AS TIMESTAMP) AS updated_at, kind`;
export const COLUMNS = [
  ...['payment_id', 'account', 'holder', 'region_code', 'birth_date'],
  ...['amount', 'share', 'is_active', 'updated_at', 'kind'],
];

/** The CSV with that many rows, made when it is not there yet; with `every`, each so many-th row has another amount. */
export async function paymentsCsv(bench, rows, { every = 0 } = {}) {
  const file = join(bench.work, `payments-${rows}${every > 0 ? `-changed-${every}` : ''}.csv`);
  if (!existsSync(file)) {
    await runTimed(process.execPath, [join(here, 'make-csv.js'), file, String(rows), String(every)]);
  }
  return file;
}

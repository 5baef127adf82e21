import { DuckDBInstance } from '@duckdb/node-api';
import { literal, quoteName } from '../sql/sql.ts';

/** A column of an export: its name, and its type in DuckDB's words (`DECIMAL(12,2)`, `VARCHAR`, …). */
export interface ExportColumn {
  readonly name: string;
  readonly type: string;
}

/** A value that goes into a file: exact numbers, dates and times as text; only DOUBLE and small integers as numbers. */
export type ExportCell = null | string | number | boolean;

/** A Parquet file of ours, read by an in-memory engine; exports use the engine only through this interface. */
export interface ParquetScan {
  readonly columns: readonly ExportColumn[];
  /** Rows in chunks, in the order of the file. */
  chunks(): AsyncGenerator<ExportCell[][]>;
  /** Writes the rows as CSV to a new file: RFC 4180, with header; empty text is quoted and null is not. */
  writeCsv(path: string): Promise<void>;
  close(): void;
}

const AS_THEY_ARE = new Set(['DOUBLE', 'FLOAT', 'INTEGER', 'SMALLINT', 'TINYINT', 'BOOLEAN', 'VARCHAR']);

/** Texts that spreadsheet programs would take for a formula. */
const FORMULA = "'^[=+\\-@\\t\\r]'";

export async function scanParquet(path: string): Promise<ParquetScan> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '512MB',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const source = `read_parquet(${literal(path.replace(/[*?[\]{}\\]/g, (c) => `[${c}]`))})`;
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const columns = described
    .getRowObjectsJS()
    .map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  return {
    columns,
    async *chunks() {
      const list = columns.map(({ name, type }) =>
        AS_THEY_ARE.has(type) ? quoteName(name) : textOf(name, type),
      );
      const result = await connection.stream(`SELECT ${list.join(', ')} FROM ${source}`);
      for (
        let chunk = await result.fetchChunk();
        chunk && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        yield chunk.getRows() as ExportCell[][];
      }
    },
    async writeCsv(target) {
      const list = columns.map(({ name, type }) => {
        const column = quoteName(name);
        const safe = ['VARCHAR', 'JSON'].includes(type)
          ? `CASE WHEN regexp_matches(${column}, ${FORMULA}) THEN '''' || ${column} ELSE ${column} END`
          : hasNoWhole(type)
            ? textOf(name, type)
            : column;
        return `${safe} AS ${quoteName(safeText(name))}`;
      });
      await connection.run(
        `COPY (SELECT ${list.join(', ')} FROM ${source}) TO ${literal(target)} (FORMAT csv, HEADER true, USE_TMP_FILE false)`,
      );
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A value of a column as text. */
function textOf(name: string, type: string): string {
  const text = `CAST(${quoteName(name)} AS VARCHAR)`;
  return hasNoWhole(type) ? `regexp_replace(${text}, '^(-?)[.]', '\\10.')` : text;
}

/** The engine prints decimals without whole digits as `.10`, which not every program reads. */
function hasNoWhole(type: string): boolean {
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  return precision !== undefined && precision === scale;
}

/** A text that no spreadsheet program runs as a formula. */
function safeText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

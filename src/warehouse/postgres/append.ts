import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { streamCsv } from '../parquet/csv-bytes.ts';
import { selectFromParquet } from '../parquet/select.ts';
import { columnList, ident, quoteName, sql } from '../sql.ts';
import type { AppendColumn, TableRef } from '../warehouse.ts';

/** DuckDB formats the file as CSV, Node passes the bytes on into COPY. Answers the rows appended. */
export async function appendParquet(
  client: Client,
  table: TableRef,
  parquetPath: string,
  columns: readonly AppendColumn[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const { from: copyFrom } = await import('pg-copy-streams');
  const names = columns.map((column) => column.name);
  const target = sql`${ident(table.schema, table.name)} (${columnList(names)})`;
  // Null is an empty field and the empty text is "", on both sides.
  const copy = `COPY ${target.text} FROM STDIN (FORMAT csv, ENCODING 'UTF8')`;
  return await streamCsv(
    selectFromParquet(parquetPath, columns),
    csvOptions(names),
    signal,
    async (source) => {
      const sink = client.query(copyFrom(copy));
      await pipeline(source, sink);
      return sink.rowCount;
    },
  );
}

/** A line that is `\.` alone ends a COPY before PostgreSQL 18; with one column such a value has to be quoted. */
function csvOptions(names: readonly string[]): string {
  const quoted = names.length === 1 ? `, FORCE_QUOTE (${names.map(quoteName).join(', ')})` : '';
  return `FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR ''${quoted}`;
}

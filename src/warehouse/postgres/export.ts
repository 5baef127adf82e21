import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Client, FieldDef } from 'pg';
import { literal, type Sql, sql } from '../../sql/sql.ts';
import { withMemory } from '../parquet/in-memory.ts';
import { inlined, runBound } from './bind.ts';

/** COPY … TO STDOUT into a temporary file, which DuckDB turns into Parquet with the query's types. */
export async function exportParquet(
  client: Client,
  query: Sql,
  parquetPath: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { default: streams } = await import('pg-copy-streams');
  const { fields } = await runBound(client, sql`SELECT * FROM (${query}) AS exported LIMIT 0`);
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-'));
  try {
    const file = join(folder, 'rows.csv');
    const copy = `COPY (${inlined(query)}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')`;
    await pipeline(client.query(streams.to(copy)), createWriteStream(file, { mode: 0o600 }));
    return await withMemory(signal, async (connection) => {
      const rows = `SELECT * FROM read_csv(${literal(file)}, ${readOptions(fields)})`;
      const written = await connection.run(
        `COPY (${rows}) TO ${literal(parquetPath)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
      );
      return written.rowsChanged;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The types are not guessed, and a quoted empty text is not null. */
function readOptions(fields: readonly FieldDef[]): string {
  const columns = fields.map((field) => `${literal(field.name)}: ${literal(duckdbType(field))}`);
  return `auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '',
    allow_quoted_nulls = false, null_padding = false, strict_mode = true, parallel = false, new_line = '\\n',
    max_line_size = 268435456, columns = {${columns.join(', ')}}`;
}

const TYPES: Readonly<Record<number, string>> = {
  16: 'BOOLEAN',
  20: 'BIGINT',
  21: 'SMALLINT',
  23: 'INTEGER',
  114: 'JSON',
  700: 'FLOAT',
  701: 'DOUBLE',
  1082: 'DATE',
  1083: 'TIME',
  1114: 'TIMESTAMP',
  1184: 'TIMESTAMPTZ',
  3802: 'JSON',
};

function duckdbType(field: FieldDef): string {
  if (field.dataTypeID !== 1700) return TYPES[field.dataTypeID] ?? 'VARCHAR';
  if (field.dataTypeModifier === -1) return 'DECIMAL(38,10)';
  // typmod: precision in the upper half, scale in the lower eleven bits, plus four.
  const modifier = field.dataTypeModifier - 4;
  return `DECIMAL(${Math.min(modifier >> 16, 38)},${modifier & 0x7ff})`;
}

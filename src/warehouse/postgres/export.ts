import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Client, FieldDef } from 'pg';
import { join, literal, raw, type Sql, sql } from '../../sql/sql.ts';
import { COLUMN_WORDS } from '../../types/column-type.ts';
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
  const types = await duckdbTypes(client, fields);
  const folder = mkdtempSync(joinPath(tmpdir(), 'tidemark-'));
  try {
    const file = joinPath(folder, 'rows.csv');
    const copy = `COPY (${inlined(query)}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')`;
    await pipeline(client.query(streams.to(copy)), createWriteStream(file, { mode: 0o600 }));
    return await withMemory(signal, async (connection) => {
      const rows = `SELECT * FROM read_csv(${literal(file)}, ${readOptions(types)})`;
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
function readOptions(types: readonly (readonly [name: string, type: string])[]): string {
  const columns = types.map(([name, type]) => `${literal(name)}: ${literal(type)}`);
  return `auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '',
    allow_quoted_nulls = false, null_padding = false, strict_mode = true, parallel = false, new_line = '\\n',
    max_line_size = 268435456, columns = {${columns.join(', ')}}`;
}

const NUMERIC = 1700;
const TYPES: Readonly<Record<number, string>> = {
  16: 'BOOLEAN',
  20: 'BIGINT',
  21: 'SMALLINT',
  23: 'INTEGER',
  25: 'VARCHAR',
  114: 'JSON',
  700: 'FLOAT',
  701: 'DOUBLE',
  1043: 'VARCHAR',
  1082: 'DATE',
  1083: 'TIME',
  1114: 'TIMESTAMP',
  1184: 'TIMESTAMPTZ',
  3802: 'JSON',
};

/** DuckDB's type of each column. */
async function duckdbTypes(
  client: Client,
  fields: readonly FieldDef[],
): Promise<(readonly [string, string])[]> {
  const own = fields.some(({ dataTypeID: id }) => id !== NUMERIC && !(id in TYPES))
    ? await namesOf(client, fields)
    : new Map<number, string>();
  return fields.map((field) => [field.name, duckdbType(field, own)] as const);
}

/** Types that both engines call by one name, where fields may have such columns; other values become texts. */
async function namesOf(client: Client, fields: readonly FieldDef[]): Promise<Map<number, string>> {
  const ids = join(fields.map(({ dataTypeID }) => raw(String(dataTypeID))));
  const { rows } = await runBound(
    client,
    sql`SELECT oid, upper(format_type(oid, NULL)) FROM pg_type WHERE oid IN (${ids})`,
  );
  return new Map(
    rows.flatMap(([id, name]) =>
      COLUMN_WORDS.has(String(name)) ? [[Number(id), String(name)] as const] : [],
    ),
  );
}

function duckdbType(field: FieldDef, own: ReadonlyMap<number, string>): string {
  if (field.dataTypeID !== NUMERIC) return TYPES[field.dataTypeID] ?? own.get(field.dataTypeID) ?? 'VARCHAR';
  if (field.dataTypeModifier === -1) return 'DECIMAL(38,10)';
  // typmod: precision in the upper half, scale in the lower eleven bits, plus four.
  const modifier = field.dataTypeModifier - 4;
  return `DECIMAL(${Math.min(modifier >> 16, 38)},${modifier & 0x7ff})`;
}

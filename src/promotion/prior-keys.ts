import { existsSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { parseSlice } from '../domain/slice.ts';
import { sameContent } from '../ledger/content.ts';
import type { Load } from '../ledger/loads.ts';
import type { Promoted } from '../ledger/promotions.ts';
import { columnList, ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { columnTypeSql } from '../warehouse/migrate/column-types.ts';
import type { AppendColumn, Session, TableRef } from '../warehouse/warehouse.ts';
import type { CoreShape } from './core-shape.ts';
import type { SessionTables } from './session-tables.ts';

/**
 * The keys that were promoted for a period before its restatement, from the Parquet file of that load: stage no longer
 * has them, and core shows no trace of a row that was delivered without a change. Null where there was no other
 * promotion, where a model makes the keys, or where the file was pruned.
 */
export async function priorKeys(
  session: Session,
  scratch: SessionTables,
  shape: CoreShape,
  load: Load,
  own: Promoted | null,
  root: string,
): Promise<Sql | null> {
  if (own === null || shape.model !== null || sameContent(own, load)) return null;
  const path = joinPath(root, own.parquetPath);
  if (!existsSync(path)) return null;
  const landing = `${scratch.name('prior')}_file`;
  const ref: TableRef = { schema: 'history', name: landing };
  const table = ident(ref.schema, ref.name);
  const columns = shape.key.map((name) => {
    const type = shape.columns.find((column) => column.name === name)?.type ?? 'VARCHAR';
    return sql`${ident(name)} ${raw(columnTypeSql(type, session.capabilities))}`;
  });
  await session.execute(sql`CREATE TABLE ${table} (${join(columns)})`);
  await session.appendParquet(ref, path, appendColumns(shape, load.slice));
  const keys = columnList(shape.key);
  const prior = await scratch.create('prior', sql`SELECT DISTINCT ${keys} FROM ${table}`);
  await session.execute(sql`DROP TABLE ${table}`);
  return prior;
}

/** Slice columns that are not fields are in the file's name, not in the file. */
function appendColumns(shape: CoreShape, slice: string): AppendColumn[] {
  const fields = new Set(shape.dataset.fields.map((field) => field.name));
  const values = new Map(parseSlice(slice));
  return shape.key.map((name) =>
    fields.has(name) || !values.has(name)
      ? { name, from: 'parquet' }
      : { name, from: 'constant', value: values.get(name) as string },
  );
}

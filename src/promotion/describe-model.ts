import { TidemarkError } from '../errors/tidemark-error.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { badModel, type Model } from './model-sql.ts';
import { uniqueName } from './session-tables.ts';

/**
 * Columns and types of a model's SELECT, found by making an empty table from it (in `schema`, dropped at once). A
 * SELECT that the engine does not understand is `bad-model`.
 */
export async function describeModel(
  session: Session,
  model: Model,
  select: Sql,
  schema: 'core' | 'mart',
): Promise<readonly ColumnInfo[]> {
  const ref = { schema, name: uniqueName('shape') } as const;
  const table = ident(schema, ref.name);
  try {
    await session.execute(sql`CREATE TABLE ${table} AS SELECT * FROM ${select} AS m WHERE false`);
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.code !== 'statement-failed') throw error;
    throw badModel(model.displayPath, 1, error.message.replace(/\.$/, ''), error);
  }
  const columns = (await session.columns(ref)) ?? [];
  await session.execute(sql`DROP TABLE ${table}`);
  return columns.map((column) => ({ ...column, nullable: true }));
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { ident, join, type Sql, sql } from '../../sql/sql.ts';
import type { SchemaRenaming } from '../schemas/schema-renaming.ts';
import { Conflict } from '../until-no-conflict.ts';
import { runBound } from './bind.ts';

/** Runs a statement by itself on another connection, committed at once. */
export type Beside = (statement: Sql) => Promise<void>;

/**
 * Takes locks by changing their rows: of two transactions that do so, one fails with a conflict and runs again when the
 * other has ended. Rows cannot be shared, so a shared lock is an exclusive one here.
 */
export async function takeLocks(
  connection: DuckDBConnection,
  names: readonly string[],
  beside: Beside,
  schemas: SchemaRenaming,
): Promise<void> {
  const locks = ident(schemas.of('meta'), 'lock');
  const wanted = [...new Set(names)].sort();
  if (wanted.length === 0) return;
  const list = join(wanted.map((name) => sql`${name}`));
  try {
    const update = sql`UPDATE ${locks} SET taken = taken + 1 WHERE name IN (${list})`;
    if ((await runBound(connection, update)).rowsChanged === wanted.length) return;
  } catch (error) {
    if (/conflict/i.test((error as Error).message)) throw new Conflict('lock', error);
    throw error;
  }
  // Two transactions that insert the same row collide only when they commit. So the rows are made first, and then both
  // change them.
  const rows = join(wanted.map((name) => sql`(${name})`));
  const made = await beside(sql`INSERT INTO ${locks} (name) VALUES ${rows} ON CONFLICT DO NOTHING`).then(
    () => true,
    (error: Error) => {
      // Another process is about to make one: the row will exist, which is all that is needed.
      if (/duplicate key|conflict/i.test(error.message)) return false;
      throw error;
    },
  );
  throw new Conflict(made ? 'new-lock' : 'lock', new Error(`a lock of ${wanted.join(', ')} was new`));
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { Conflict } from '../attempts.ts';
import { type Sql, sql } from '../sql.ts';
import { runBound } from './bind.ts';

/** Runs a statement by itself on another connection, committed at once. */
export type Beside = (statement: Sql) => Promise<void>;

/**
 * Takes locks by changing their rows: of two transactions that do so one loses with a conflict, and runs again when
 * the other has ended. Sharing is not offered by rows, so that a shared lock is an exclusive one here.
 */
export async function takeLocks(
  connection: DuckDBConnection,
  names: readonly string[],
  beside: Beside,
): Promise<void> {
  for (const name of [...new Set(names)].sort()) {
    try {
      const update = sql`UPDATE meta.lock SET taken = taken + 1 WHERE name = ${name}`;
      if ((await runBound(connection, update)).rowsChanged > 0) continue;
    } catch (error) {
      if (/conflict/i.test((error as Error).message)) throw new Conflict(true, error);
      throw error;
    }
    // Two that insert the same row only collide when they commit: the row is made first, then both change it.
    // Where another has just made it, the row is there, which is all that is wanted.
    await beside(sql`INSERT INTO meta.lock (name) VALUES (${name}) ON CONFLICT DO NOTHING`).catch(
      (error: Error) => {
        if (!/duplicate key|conflict/i.test(error.message)) throw error;
      },
    );
    throw new Conflict(true, new Error(`the lock ${name} was new`));
  }
}

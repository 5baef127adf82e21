import { setTimeout as wait } from 'node:timers/promises';
import { queryPostgres } from './fault-engines.ts';

/** Waits until a load streams rows into the database; answers the number of its server process. */
export async function copyingProcess(url: string): Promise<number> {
  const database = new URL(url).pathname.slice(1);
  for (let i = 0; i < 3000; i++) {
    const [row] = await queryPostgres(
      url,
      `SELECT c.pid FROM pg_stat_progress_copy c WHERE c.datname = '${database}' AND c.tuples_processed > 0`,
    );
    if (row !== undefined) return Number(row.pid);
    await wait(5);
  }
  throw new Error('no load ever began to copy');
}

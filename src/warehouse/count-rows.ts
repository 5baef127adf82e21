import { type Sql, sql } from '../sql/sql.ts';
import type { Session } from './warehouse.ts';

/** The number of rows of what follows FROM: a table, or a query in brackets with its alias, and a condition behind it. */
export async function countRows(session: Session, from: Sql): Promise<number> {
  const [row] = await session.query<{ n: number }>(sql`SELECT count(*) AS n FROM ${from}`);
  return Number(row?.n);
}

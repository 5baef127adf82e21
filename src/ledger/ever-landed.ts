import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** Every landed path that was ever logged, whatever its outcome was. */
export async function loggedPaths(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ path: string }>(sql`SELECT DISTINCT path FROM meta.ingestion_log`);
  return new Set(rows.map(({ path }) => path));
}

/** Every dataset and period for which a file ever came, whatever its outcome was. */
export function periodsWithDeliveries(session: Session): Promise<Pick<Target, 'dataset' | 'period'>[]> {
  return session.query(
    sql`SELECT DISTINCT dataset, period FROM meta.ingestion_log WHERE dataset IS NOT NULL AND period IS NOT NULL`,
  );
}

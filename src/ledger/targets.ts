import { parseSlice, type SliceFilter, sliceMatches, slicesAsked, sliceText } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** The targets of a dataset and period that were ever logged and are asked for (null: all), in the order of their slices. */
export async function loggedTargets(
  session: Session,
  dataset: string,
  period: string,
  asked: SliceFilter | null,
): Promise<Target[]> {
  const rows = await session.query<{ slice: string }>(
    sql`SELECT DISTINCT slice FROM meta.ingestion_log WHERE dataset = ${dataset} AND period = ${period} ORDER BY slice`,
  );
  return rows
    .map(({ slice }) => parseSlice(slice))
    .filter((slice) => sliceMatches(slice, asked ?? new Map()))
    .map((slice) => ({ dataset, period, slice: sliceText(slice) }));
}

/** The targets that a call means: those logged, or where there are none, those that it names itself. */
export async function targetsMeant(
  session: Session,
  dataset: string,
  period: string,
  asked: SliceFilter | null,
): Promise<Target[]> {
  const logged = await loggedTargets(session, dataset, period, asked);
  if (logged.length > 0) return logged;
  return slicesAsked(asked ?? new Map()).map((slice) => ({ dataset, period, slice: sliceText(slice) }));
}

import type { Target } from '../domain/target.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { mayHavePassed } from './validations.ts';

export interface SameBytes {
  readonly fileId: number;
  readonly path: string;
  readonly period: string;
  readonly slice: string;
}

/**
 * The newest delivery with the same bytes for another period or slice of the dataset, if it was accepted. One that was
 * refused, at the gate or by validation, or withdrawn may have had a wrong name, so the same bytes may be delivered
 * again under the right one.
 */
export async function sameBytesElsewhere(
  session: Session,
  target: Target,
  sha256: string,
): Promise<SameBytes | null> {
  const [found] = await session.query<SameBytes>(
    sql`SELECT file_id AS "fileId", path, period, slice FROM meta.ingestion_log i
        WHERE dataset = ${target.dataset} AND sha256 = ${sha256}
          AND NOT (period = ${target.period} AND slice = ${target.slice})
          AND status IN ('accepted', 'superseded', 'duplicate')
          AND ${mayHavePassed('i')}
        ORDER BY file_id DESC LIMIT 1`,
  );
  return found ?? null;
}

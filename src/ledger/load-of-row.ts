import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** The load from which a core row was promoted. */
export interface LoadOfRow {
  readonly loadId: number;
  readonly fileId: number;
  readonly period: string;
  readonly loadedAt: string;
  readonly parquetPath: string;
  readonly voidCorrections: string | null;
  /** The newest correction of its target when it was loaded, including undos; 0 where there was none. */
  readonly afterCorrection: number;
}

const LOAD = sql`l.load_id AS "loadId", l.file_id AS "fileId", l.period, l.loaded_at AS "loadedAt",
  l.parquet_path AS "parquetPath", l.void_corrections AS "voidCorrections",
  l.after_correction AS "afterCorrection"`;

/**
 * Found by the delivery that the row names, else by the promotion that wrote it; null where neither is known. Of
 * several loads of one delivery (with a correction in between, for example) it is the one that this promotion took, or
 * the newest whose promotion was not rolled back: `go-live` writes the row, too.
 */
export async function loadOfRow(
  session: Session,
  table: string,
  row: { readonly fileId: number | null; readonly updatedBy: number | null },
): Promise<LoadOfRow | null> {
  const which = row.fileId === null ? sql`p.promotion_id = ${row.updatedBy}` : sql`l.file_id = ${row.fileId}`;
  const [found] = await session.query<LoadOfRow>(
    sql`SELECT ${LOAD} FROM meta.promotion_log p JOIN meta.load_log l ON l.load_id = p.load_id
        WHERE p.core_table = ${table} AND p.kind = 'transform' AND ${which}
        ORDER BY CASE WHEN p.promotion_id = ${row.updatedBy} THEN 0 WHEN p.rolled_back_by IS NULL THEN 1 ELSE 2 END,
          p.promotion_id DESC LIMIT 1`,
  );
  return found ?? null;
}

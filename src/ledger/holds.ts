import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from '../sql/sql.ts';
import { sameRows } from '../warehouse/parquet/same-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Content, sameContent } from './content.ts';
import type { Load } from './loads.ts';
import { aboutTarget } from './rows.ts';

/** A promotion of the same rows that are in stage, and its rollback. */
export interface Hold {
  readonly promotionId: number;
  readonly by: number;
  /** ISO, UTC. */
  readonly at: string;
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

/** A content, and the file and the number of rows by which others of the same rows are found. */
type Loaded = Content & Pick<Load, 'fileId' | 'parquetPath' | 'rowsInserted'>;

interface PastPromotion extends Loaded {
  readonly promotionId: number;
  /** Null: it still counts. */
  readonly by: number | null;
  readonly at: string | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  /** The newest load of the target at the time of the rollback. */
  readonly afterLoad: number | null;
}

const LOADED = sql`l.file_id AS "fileId", l.parquet_sha256 AS "parquetSha256", l.parquet_path AS "parquetPath",
  l.corrections_fingerprint AS "correctionsFingerprint", l.rows_inserted AS "rowsInserted"`;

/**
 * Whether the rows in stage were promoted and rolled back, and no other rows were loaded since. Then they wait for a
 * person, so that the next scheduled run does not bring back what someone rolled back. Only the rows count: the same
 * rows are held too if they were validated and loaded again under other rules, or delivered again. `root` is the
 * project's folder.
 */
export async function heldSince(session: Session, root: string, load: Load): Promise<Hold | null> {
  const promotions = await promotionsOf(session, load);
  if (promotions.every((one) => one.by === null)) return null;
  const same = contentTest(root, load);
  for (const past of promotions) {
    if (!(await same(past))) continue;
    const { promotionId, by, at, decidedBy, reason, afterLoad } = past;
    if (by === null || at === null) return null;
    for (const later of await loadsSince(session, load, afterLoad ?? 0))
      if (!(await same(later))) return null;
    return { promotionId, by, at, decidedBy, reason };
  }
  return null;
}

/** Newest first. */
function promotionsOf(session: Session, load: Load): Promise<PastPromotion[]> {
  return session.query(
    sql`SELECT p.promotion_id AS "promotionId", p.rolled_back_by AS "by", r.promoted_at AS "at",
          r.decided_by AS "decidedBy", r.reason, r.after_load AS "afterLoad", ${LOADED}
        FROM meta.promotion_log p JOIN meta.load_log l ON l.load_id = p.load_id
          LEFT JOIN meta.promotion_log r ON r.promotion_id = p.rolled_back_by
        WHERE ${aboutTarget(load, 'p')}
          AND p.kind = 'transform'
        ORDER BY p.promotion_id DESC`,
  );
}

function loadsSince(session: Session, load: Load, loadId: number): Promise<Loaded[]> {
  return session.query(
    sql`SELECT DISTINCT ${LOADED} FROM meta.load_log l
        WHERE ${aboutTarget(load, 'l')}
          AND l.kind = 'load' AND l.load_id > ${loadId}`,
  );
}

/** Whether a load brought the same rows with the same corrections; each file is read once. */
function contentTest(root: string, load: Load): (other: Loaded) => Promise<boolean> {
  const known = new Map<string, boolean>();
  const own = join(root, load.parquetPath);
  const equalFiles = async (other: Loaded): Promise<boolean> => {
    const path = join(root, other.parquetPath);
    // Where a file was pruned nothing can be compared: then the same delivery, loaded again, is held.
    if (!existsSync(own) || !existsSync(path)) return other.fileId === load.fileId;
    return sameRows(own, path);
  };
  return async (other) => {
    if (sameContent(other, load)) return true;
    if (other.correctionsFingerprint !== load.correctionsFingerprint) return false;
    if (Number(other.rowsInserted) !== Number(load.rowsInserted)) return false;
    const before = known.get(other.parquetSha256);
    const equal = before ?? (await equalFiles(other));
    known.set(other.parquetSha256, equal);
    return equal;
  };
}

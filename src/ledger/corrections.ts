import { createHash } from 'node:crypto';
import { type Target, targetKey } from '../domain/target.ts';
import { type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { aboutTarget } from './rows.ts';
import { timestamp } from './timestamp.ts';

/** One cell of the overlay: row, field, old and new text. Texts as given, not yet typed. */
export interface CellCorrection {
  /** By name of the primary key's fields, in its order. */
  readonly key: Readonly<Record<string, string>>;
  readonly field: string;
  /** Null: blank. */
  readonly value: string | null;
  readonly expected: string | null;
}

export interface StandingCorrection extends CellCorrection {
  readonly correctionId: number;
}

/** A row of meta.correction_log; personal texts masked. */
export interface LoggedCorrection extends Target {
  readonly correctionId: number;
  readonly kind: 'correct' | 'undo';
  /** For an undo: the correction that it undoes. */
  readonly undoes: number | null;
  /** JSON, as in `CellCorrection`. */
  readonly key: string;
  readonly field: string;
  readonly value: string | null;
  readonly expected: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  /** For a correction: the undo of it. */
  readonly undoneBy: number | null;
}

interface StoredCell {
  readonly correctionId: number;
  readonly key: string;
  readonly field: string;
  readonly value: string | null;
  readonly expected: string | null;
  readonly slice: string;
}

/** The corrections of a target that were not undone, oldest first: they are applied to its rows in this order. */
export async function standingCorrections(session: Session, target: Target): Promise<StandingCorrection[]> {
  const found = await standing(session, target, sql`AND c.slice = ${target.slice}`);
  return found.map(({ slice: _, ...correction }) => correction);
}

/** The same of every slice of a dataset and period that has any. */
export async function standingBySlice(
  session: Session,
  of: Pick<Target, 'dataset' | 'period'>,
): Promise<ReadonlyMap<string, readonly StandingCorrection[]>> {
  const out = new Map<string, StandingCorrection[]>();
  for (const { slice, ...correction } of await standing(session, of, sql``))
    out.set(slice, [...(out.get(slice) ?? []), correction]);
  return out;
}

async function standing(
  session: Session,
  { dataset, period }: Pick<Target, 'dataset' | 'period'>,
  ofSlice: Sql,
): Promise<(StandingCorrection & { readonly slice: string })[]> {
  const rows = await session.query<StoredCell>(
    sql`SELECT c.correction_id AS "correctionId", o.row_key AS key, c.field, o.new_value AS value, o.expected, c.slice
        FROM meta.correction_log c JOIN stage._corrections o ON o.correction_id = c.correction_id
        WHERE c.kind = 'correct' AND c.dataset = ${dataset} AND c.period = ${period} ${ofSlice}
          AND NOT EXISTS (SELECT 1 FROM meta.correction_log u WHERE u.undoes = c.correction_id)
        ORDER BY c.correction_id`,
  );
  return rows.map((row) => ({ ...row, key: JSON.parse(row.key) as Record<string, string> }));
}

/** A correction in clear, undone or not, with who made it and why. */
export interface ClearCorrection {
  readonly correction_id: number;
  /** JSON, as in `CellCorrection`. */
  readonly key: string;
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly by: string;
  readonly why: string;
  readonly at: string;
  readonly undone_by: number | null;
}

/** Every correction of a target that was ever made, oldest first. Personal texts are not masked. */
export function clearCorrections(session: Session, target: Target): Promise<ClearCorrection[]> {
  return session.query(
    sql`SELECT c.correction_id, o.row_key AS key, c.field, o.expected AS "from", o.new_value AS "to", c.decided_by AS "by",
          c.reason AS why, c.decided_at AS "at",
          (SELECT min(u.correction_id) FROM meta.correction_log u WHERE u.undoes = c.correction_id) AS undone_by
        FROM meta.correction_log c JOIN stage._corrections o ON o.correction_id = c.correction_id
        WHERE c.kind = 'correct' AND ${aboutTarget(target, 'c')} ORDER BY c.correction_id`,
  );
}

/** Hash of all corrections to a target's rows; null where there are none. Equal overlays have equal fingerprints. */
export function correctionsFingerprint(corrections: readonly CellCorrection[]): string | null {
  if (corrections.length === 0) return null;
  const parts = corrections.map(({ key, field, value, expected }) => [
    Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)),
    field,
    value,
    expected,
  ]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The number of the newest correction of a target, including undos, as part of a statement; 0 where there is none. */
export function newestCorrection(target: Target): Sql {
  return sql`coalesce((SELECT max(n.correction_id) FROM meta.correction_log n WHERE ${aboutTarget(target, 'n')}), 0)`;
}

/** The fingerprint of the valid corrections of every target that has some; by `targetKey`. */
export async function standingFingerprints(session: Session): Promise<ReadonlyMap<string, string>> {
  const targets = await session.query<Target>(
    sql`SELECT DISTINCT dataset, period, slice FROM meta.correction_log`,
  );
  const out = new Map<string, string>();
  for (const target of targets) {
    const fingerprint = correctionsFingerprint(await standingCorrections(session, target));
    if (fingerprint !== null) out.set(targetKey(target), fingerprint);
  }
  return out;
}

const LOGGED = sql`c.correction_id AS "correctionId", c.kind, c.undoes, c.dataset, c.period, c.slice, c.row_key AS key,
  c.field, c.new_value AS value, c.expected, c.reason, c.decided_by AS "by", c.decided_at AS "at",
  (SELECT min(u.correction_id) FROM meta.correction_log u WHERE u.undoes = c.correction_id) AS "undoneBy"`;

export async function correctionById(session: Session, id: number): Promise<LoggedCorrection | null> {
  const [row] = await session.query<LoggedCorrection>(
    sql`SELECT ${LOGGED} FROM meta.correction_log c WHERE c.correction_id = ${id}`,
  );
  return row ?? null;
}

/** Every correction that was ever made, oldest first, also undone ones; without the undos themselves. */
export function loggedCorrections(session: Session): Promise<LoggedCorrection[]> {
  return session.query(
    sql`SELECT ${LOGGED} FROM meta.correction_log c WHERE c.kind = 'correct' ORDER BY c.correction_id`,
  );
}

export type NewCorrection = Omit<LoggedCorrection, 'correctionId' | 'at' | 'undoneBy'> & {
  readonly runId: string;
  readonly at: Date;
  /** The texts in clear; null for an undo, which corrects no row. */
  readonly clear: CellCorrection | null;
};

/** Logs a correction or an undo; returns its number. */
export async function logCorrection(tx: Session, row: NewCorrection): Promise<number> {
  const [logged] = await tx.query<{ id: number }>(
    sql`INSERT INTO meta.correction_log (kind, undoes, dataset, period, slice, row_key, field, new_value, expected, reason,
          decided_by, run_id, decided_at)
        VALUES (${row.kind}, ${row.undoes}, ${row.dataset}, ${row.period}, ${row.slice}, ${row.key}, ${row.field},
          ${row.value}, ${row.expected}, ${row.reason}, ${row.by}, ${row.runId}, CAST(${timestamp(row.at)} AS TIMESTAMP))
        RETURNING correction_id AS id`,
  );
  const { id } = logged as { id: number };
  if (row.clear !== null) {
    await tx.execute(
      sql`INSERT INTO stage._corrections (correction_id, row_key, new_value, expected)
          VALUES (${id}, ${JSON.stringify(row.clear.key)}, ${row.clear.value}, ${row.clear.expected})`,
    );
  }
  return id;
}

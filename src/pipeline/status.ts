import type { Config } from '../config/config.ts';
import type { Dataset } from '../domain/dataset.ts';
import { NO_PERIOD, type Period, parsePeriod, periodDays, periodDue } from '../domain/period.ts';
import { parseSlice, type SliceFilter, sliceMatches } from '../domain/slice.ts';
import type { Project } from '../lake/project.ts';
import { standingFingerprints, targetName } from '../ledger/corrections.ts';
import { newestPeriodEvents, type PeriodEvent } from '../ledger/period-events.ts';
import { sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { isHeld } from './held-promotions.ts';

/** How far the newest delivery of a target is; `held`: its promotion was rolled back and waits for a person. */
export type State =
  | 'waiting'
  | 'late'
  | 'refused'
  | 'to validate'
  | 'to load'
  | 'to promote'
  | 'promoted'
  | 'held'
  | 'withdrawn';

export interface StatusRow {
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
  readonly state: State;
  readonly fileId: number | null;
  readonly path: string | null;
  readonly rows: number | null;
  readonly loadedAt: string | null;
  readonly promotedAt: string | null;
  /** The day by which a missing delivery is expected; ISO date. */
  readonly dueBy: string | null;
  /** Who closed the period, when and why; null where it is open. */
  readonly closed: { readonly by: string; readonly at: string; readonly reason: string } | null;
}

interface Standing {
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
  readonly fileId: number;
  readonly path: string;
  readonly status: string;
  readonly validation: string | null;
  readonly currentFileId: number | null;
  readonly loadedFileId: number | null;
  readonly rows: number | null;
  readonly loadedAt: string | null;
  readonly promotedAt: string | null;
  /** Promotions of the target that were rolled back. */
  readonly rolledBack: number;
  /** Fingerprint of the corrections in what is loaded. */
  readonly corrections: string | null;
}

export interface Asked {
  readonly period: Period | null;
  readonly dataset: string | null;
  readonly slice: SliceFilter | null;
  readonly now: Date;
}

/** The board: a row for every dataset, period and slice that came, and for every one that should have. */
export async function statusBoard(
  session: Session,
  project: Project,
  config: Config,
  asked: Asked,
): Promise<StatusRow[]> {
  const standings = await session.query<Standing>(STANDINGS);
  const corrections = await standingFingerprints(session);
  const held = new Set<string>();
  for (const row of standings)
    if (row.rolledBack > 0 && (await isHeld(session, project, row))) held.add(targetName(row));
  const events = await newestPeriodEvents(session);
  const datasets = [...config.datasets.values()].filter(
    (each) => asked.dataset === null || each.name === asked.dataset,
  );
  return datasets.flatMap((dataset) => {
    const own = standings.filter(
      (row) => row.dataset === dataset.name && sliceMatches(parseSlice(row.slice), asked.slice ?? new Map()),
    );
    const periods = periodsOf(dataset, own, asked);
    return periods.flatMap((period) => {
      const rows = own
        .filter((row) => row.period === period.text)
        .map((row) => rowOf(row, corrections, held));
      const shown = rows.length > 0 ? rows : [absentRow(dataset, period, asked.now)];
      return shown.map((row) => ({ ...row, closed: closedBy(events, row) }));
    });
  });
}

/**
 * The newest delivery that counts of every target, its validation, and its state in stage and core; where no delivery
 * counts any more, the withdrawn one whose rows are still in core.
 */
const STANDINGS = sql`
  WITH newest AS (
    SELECT dataset, period, slice, max(file_id) AS file_id FROM meta.ingestion_log
    WHERE status <> 'withdrawn' AND dataset IS NOT NULL AND period IS NOT NULL
      AND (duplicate_of IS NULL OR duplicate_of NOT IN (SELECT file_id FROM meta.ingestion_log WHERE status = 'withdrawn'))
    GROUP BY dataset, period, slice
  ), withdrawn AS (
    SELECT p.dataset, p.period, p.slice, max(p.file_id) AS file_id FROM meta.promotion_log p
    WHERE p.kind = 'transform' AND p.rolled_back_by IS NULL AND NOT EXISTS (SELECT 1 FROM newest n
      WHERE n.dataset = p.dataset AND n.period = p.period AND n.slice = p.slice)
    GROUP BY p.dataset, p.period, p.slice
  ), named AS (
    SELECT n.dataset, n.period, n.slice, coalesce(i.duplicate_of, i.file_id) AS file_id
    FROM newest n JOIN meta.ingestion_log i ON i.file_id = n.file_id
    UNION ALL SELECT dataset, period, slice, file_id FROM withdrawn
  ), checked AS (
    SELECT file_id, max(validation_id) AS validation_id FROM meta.validation_log GROUP BY file_id
  ), loaded AS (
    SELECT dataset, period, slice, max(load_id) AS load_id FROM meta.load_log GROUP BY dataset, period, slice
  ), promoted AS (
    SELECT load_id, max(promoted_at) AS promoted_at FROM meta.promotion_log
    WHERE rolled_back_by IS NULL AND load_id IS NOT NULL GROUP BY load_id
  ), rolled_back AS (
    SELECT dataset, period, slice, count(*) AS promotions FROM meta.promotion_log
    WHERE kind = 'transform' AND rolled_back_by IS NOT NULL GROUP BY dataset, period, slice
  )
  SELECT n.dataset, n.period, n.slice, i.file_id AS "fileId", i.path, i.status, v.status AS validation,
    c.file_id AS "currentFileId", l.file_id AS "loadedFileId", l.rows_inserted AS "rows",
    l.loaded_at AS "loadedAt", l.corrections_fingerprint AS corrections, p.promoted_at AS "promotedAt",
    coalesce(b.promotions, 0) AS "rolledBack"
  FROM named n
  JOIN meta.ingestion_log i ON i.file_id = n.file_id
  LEFT JOIN checked k ON k.file_id = i.file_id
  LEFT JOIN meta.validation_log v ON v.validation_id = k.validation_id
  LEFT JOIN meta.current_delivery c ON c.dataset = n.dataset AND c.period = n.period AND c.slice = n.slice
  LEFT JOIN loaded s ON s.dataset = n.dataset AND s.period = n.period AND s.slice = n.slice
  LEFT JOIN meta.load_log l ON l.load_id = s.load_id AND l.kind = 'load'
  LEFT JOIN promoted p ON p.load_id = l.load_id
  LEFT JOIN rolled_back b ON b.dataset = n.dataset AND b.period = n.period AND b.slice = n.slice
  ORDER BY n.dataset, n.period, n.slice`;

/** The newest decision about a row's dataset or about all datasets. */
function closedBy(events: readonly PeriodEvent[], row: BareRow): StatusRow['closed'] {
  const last = events.findLast(
    ({ dataset, period }) => period === row.period && (dataset === null || dataset === row.dataset),
  );
  if (last?.action !== 'close') return null;
  return { by: last.decidedBy, at: last.decidedAt, reason: last.reason };
}

type BareRow = Omit<StatusRow, 'closed'>;

function rowOf(row: Standing, corrections: ReadonlyMap<string, string>, held: ReadonlySet<string>): BareRow {
  return {
    dataset: row.dataset,
    period: row.period,
    slice: row.slice,
    state: stateOf(row, corrections.get(targetName(row)) ?? null, held.has(targetName(row))),
    fileId: row.fileId,
    path: row.path,
    rows: row.rows,
    loadedAt: row.loadedAt,
    promotedAt: row.promotedAt,
    dueBy: null,
  };
}

/** `corrections` are those to be applied to the rows: a correction made or undone since makes the load due again. */
function stateOf(row: Standing, corrections: string | null, isHeld: boolean): State {
  if (row.status === 'withdrawn') return 'withdrawn';
  if (row.status === 'refused' || row.validation === 'refused') return 'refused';
  if (row.validation === null) return 'to validate';
  if (row.loadedFileId === null || row.loadedFileId !== row.currentFileId) return 'to load';
  if (row.corrections !== corrections) return 'to load';
  if (row.promotedAt !== null) return 'promoted';
  return isHeld ? 'held' : 'to promote';
}

/** The periods to show: the one asked for, or those that came and the newest that has ended. */
function periodsOf(dataset: Dataset, own: readonly Standing[], asked: Asked): Period[] {
  if (asked.period !== null) {
    const due = periodDue(dataset.periodKind, asked.period);
    return due === null ? [] : [due];
  }
  if (dataset.periodKind === 'none') return [NO_PERIOD];
  const texts = new Set(own.map((row) => row.period));
  const ended = lastEnded(dataset, asked.now);
  if (ended !== null && dataset.source.dueByDay !== null) texts.add(ended.text);
  return [...texts].sort().flatMap((text) => parsePeriod(text) ?? []);
}

/** The newest period of a dataset's kind that has ended before a day. */
function lastEnded(dataset: Dataset, now: Date): Period | null {
  for (let back = 1; back <= 12; back++) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))
      .toISOString()
      .slice(0, 7);
    const period = parsePeriod(month);
    const due = period && periodDue(dataset.periodKind, period);
    if (due) return due;
  }
  return null;
}

function absentRow(dataset: Dataset, period: Period, now: Date): BareRow {
  const dueBy = dueDate(dataset, period);
  const isLate = dueBy !== null && now.toISOString().slice(0, 10) > dueBy;
  return {
    ...{ dataset: dataset.name, period: period.text, slice: '', fileId: null, path: null, rows: null },
    ...{ loadedAt: null, promotedAt: null },
    state: isLate ? 'late' : 'waiting',
    dueBy,
  };
}

/** The day `expected: {by_day: n}` means: the n-th of the month after the period, or that month's last day. */
export function dueDate(dataset: Dataset, period: Period): string | null {
  const days = periodDays(period);
  const byDay = dataset.source.dueByDay;
  if (days === null || byDay === null) return null;
  const [year, month] = days.until.split('-').map(Number) as [number, number];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return `${days.until.slice(0, 8)}${String(Math.min(byDay, last)).padStart(2, '0')}`;
}

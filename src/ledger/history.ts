import { raw, type Sql, sql } from '../sql/sql.ts';
import type { Session } from '../warehouse/warehouse.ts';

/** One event of a dataset: when, what, by which run; and, if a person decided it, who and why. */
export interface HistoryEvent {
  readonly at: string;
  readonly event: string;
  readonly period: string | null;
  readonly slice: string;
  readonly id: number;
  readonly fileId: number | null;
  readonly what: string;
  readonly by: string | null;
  readonly why: string | null;
  readonly runId: string;
}

interface Found extends HistoryEvent {
  /** JSON of guards that were accepted, each with who and why. */
  readonly accepted: string | null;
}

/**
 * The events of a log table, with the same columns for all tables and the table's own number last (`seq`); `only`
 * selects the rows of the dataset and period.
 */
type Source = (only: Sql, of: Asked) => Sql;

interface Asked {
  readonly dataset: string;
  readonly period: string | null;
}

const NOBODY = raw('CAST(NULL AS VARCHAR) AS "by", CAST(NULL AS VARCHAR) AS why');
const NO_GUARDS = raw('CAST(NULL AS VARCHAR) AS accepted');

const deliveries: Source = (only) => sql`
  SELECT finished_at AS "at", 'delivery' AS event, 1 AS rank, period, slice, file_id AS id, file_id AS "fileId",
    status || ': ' || path || CASE WHEN finding_count > 0
      THEN ' (' || CAST(finding_count AS VARCHAR) || ' findings)' ELSE '' END AS what,
    same_bytes_by AS "by", same_bytes_reason AS why, run_id AS "runId", ${NO_GUARDS}, file_id AS seq
  FROM meta.ingestion_log WHERE ${only}`;

/** The number of a column with its noun: `1 row`, `2 rows`. */
const numbered = (column: string, noun: string) =>
  raw(
    `CAST(coalesce(${column}, 0) AS VARCHAR) || CASE WHEN ${column} = 1 THEN ' ${noun}' ELSE ' ${noun}s' END`,
  );

const validations: Source = (only) => sql`
  SELECT finished_at, 'validation', 2, period, slice, validation_id, file_id,
    status || ': ' || CAST(coalesce(rows_accepted, 0) AS VARCHAR) || ' of ' || ${numbered('rows_read', 'row')}
      || ' accepted, ' || ${numbered('errors', 'error')} || ', ' || ${numbered('warnings', 'warning')},
    ${NOBODY}, run_id, ${NO_GUARDS}, validation_id
  FROM meta.validation_log WHERE ${only}`;

const loads: Source = (only) => sql`
  SELECT loaded_at, 'load', 3, period, slice, load_id, file_id,
    ${numbered('rows_inserted', 'row')} || ' in, ' || CAST(rows_deleted AS VARCHAR) || ' out'
      || CASE WHEN forced THEN ' (forced)' ELSE '' END
      || CASE WHEN rows_corrected > 0 THEN ', ' || CAST(rows_corrected AS VARCHAR) || ' corrected' ELSE '' END
      || CASE WHEN void_corrections IS NOT NULL THEN ', void corrections: ' || void_corrections ELSE '' END, ${NOBODY}, run_id, ${NO_GUARDS}, load_id
  FROM meta.load_log WHERE kind = 'load' AND ${only}`;

const decisions: Source = (only) => sql`
  SELECT decided_at, kind, 3, period, slice, coalesce(load_id, file_id), file_id,
    CASE WHEN kind = 'withdraw' THEN 'delivery ' || CAST(file_id AS VARCHAR) || ' counts no longer'
      WHEN kind = 'prune' THEN 'files of delivery ' || CAST(file_id AS VARCHAR) || ' removed'
      ELSE 'stage emptied of ' || coalesce((SELECT ${numbered('l.rows_deleted', 'row')} FROM meta.load_log l
        WHERE l.load_id = d.load_id), '0 rows') END,
    decided_by, reason, run_id, ${NO_GUARDS}, decision_id
  FROM meta.decision_log d WHERE ${only}`;

/** `{"id":"7","day":"x"}` as `id=7, day=x`. */
const ROW = raw(`replace(replace(replace(replace(row_key, '":"', '='), '","', ', '), '{"', ''), '"}', '')`);

/** Personal texts are masked already in the log. */
const corrections: Source = (only) => sql`
  SELECT decided_at, CASE WHEN kind = 'undo' THEN 'correction undone' ELSE 'correction' END, 3, period, slice,
    correction_id, CAST(NULL AS BIGINT),
    CASE WHEN kind = 'undo' THEN 'correction ' || CAST(undoes AS VARCHAR) || ' of ' || ${ROW} || ': ' || field
      ELSE ${ROW} || ': ' || field || ' ' || coalesce(expected, 'blank') || ' → ' || coalesce(new_value, 'blank') END,
    decided_by, reason, run_id, ${NO_GUARDS}, correction_id
  FROM meta.correction_log WHERE ${only}`;

const promotions: Source = (only) => sql`
  SELECT promoted_at, CASE WHEN kind = 'transform' THEN 'promotion'
      WHEN kind = 'records' THEN 'promotion of records' ELSE kind END, 4, period, slice, promotion_id, file_id,
    CASE WHEN takes_back IS NULL THEN '' ELSE 'rolls back ' || CAST(takes_back AS VARCHAR) || ', ' END
      || 'core.' || core_table || ': ' || CASE WHEN kind = 'go-live' THEN ${numbered('rows_modified', 'row')}
      || CASE WHEN made_live THEN ' made live' ELSE ' no longer live' END
      ELSE CAST(rows_added AS VARCHAR) || ' added, '
      || CAST(rows_modified AS VARCHAR) || ' modified, ' || CAST(rows_removed AS VARCHAR) || ' removed, '
      || CAST(rows_closed AS VARCHAR) || ' closed, ' || CASE WHEN rows_shadowed > 0
      THEN CAST(rows_shadowed AS VARCHAR) || ' shadowed, ' ELSE '' END
      || CAST(rows_unchanged AS VARCHAR) || ' unchanged' END
      || CASE WHEN rolled_back_by IS NULL THEN ''
         ELSE '; rolled back by ' || CAST(rolled_back_by AS VARCHAR) END,
    decided_by, reason, run_id, accepted_guards, promotion_id
  FROM meta.promotion_log WHERE ${only}`;

const approvals: Source = (only) => sql`
  SELECT decided_at, 'approval', 4, period, slice, approval_id, file_id,
    rtrim(summary, '.') || CASE WHEN spent_by IS NOT NULL THEN '; used by promotion ' || CAST(spent_by AS VARCHAR)
      WHEN void_since IS NOT NULL THEN '; void: ' || coalesce(void_reason, 'what it was given for has changed')
      ELSE '' END, decided_by, note, run_id, ${NO_GUARDS}, approval_id
  FROM meta.approval_log WHERE ${only}`;

const closings: Source = (_, of) => sql`
  SELECT decided_at, CASE WHEN action = 'close' THEN 'period closed' ELSE 'period reopened' END, 5, period,
    '', event_id, CAST(NULL AS BIGINT), CASE WHEN dataset IS NULL THEN 'all datasets' ELSE 'only ' || dataset END,
    decided_by, reason, run_id, ${NO_GUARDS}, event_id
  FROM meta.period_log WHERE (dataset IS NULL OR dataset = ${of.dataset})
    AND ${of.period === null ? closable(of.dataset) : sql`period = ${of.period}`}`;

/** A decision about all datasets counts only for the periods for which the dataset ever had anything. */
const closable = (dataset: string) =>
  sql`(dataset IS NOT NULL OR period IN (SELECT i.period FROM meta.ingestion_log i WHERE i.dataset = ${dataset}))`;

const SOURCES: readonly Source[] = [
  deliveries,
  validations,
  loads,
  decisions,
  corrections,
  promotions,
  approvals,
  closings,
];

/** Every event of a dataset (and of one period of it), in order. */
export async function historyOf(
  session: Session,
  dataset: string,
  period: string | null,
): Promise<HistoryEvent[]> {
  const only = period === null ? sql`dataset = ${dataset}` : sql`dataset = ${dataset} AND period = ${period}`;
  const all = SOURCES.map(
    (source, log) =>
      sql`SELECT ${raw(String(log))} AS log, s.* FROM (${source(only, { dataset, period })}) AS s`,
  ).reduce((one, next) => sql`${one} UNION ALL ${next}`);
  // Events of one log keep the order of their numbers, whatever the clocks of the callers said.
  const found = await session.query<Found>(
    sql`SELECT o.* FROM (
          SELECT e.*, max(e."at") OVER (PARTITION BY e.log ORDER BY e.seq) AS told_at FROM (${all}) AS e
        ) AS o ORDER BY o.told_at, o.rank, o.seq, o.log`,
  );
  return found.map(withAccepted);
}

interface AcceptedGuard {
  readonly name: string;
  readonly reason: string;
  readonly by: string;
}

function withAccepted({ accepted, ...event }: Found): HistoryEvent {
  const {
    rank: _,
    log: __,
    seq: ___,
    told_at: ____,
    ...told
  } = event as HistoryEvent & Readonly<Record<string, unknown>>;
  if (accepted === null) return told;
  const guards = JSON.parse(accepted) as readonly AcceptedGuard[];
  const each = (pick: (guard: AcceptedGuard) => string) => [...new Set(guards.map(pick))].join('; ');
  return {
    ...told,
    what: `${told.what}; accepted: ${each((guard) => guard.name)}`,
    by: told.by ?? each((guard) => guard.by),
    why: told.why ?? each((guard) => guard.reason),
  };
}

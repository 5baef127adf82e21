import { type Config, fileDatasets } from '../config/config.ts';
import { type Dataset, fileSource } from '../domain/dataset.ts';
import { NO_PERIOD, type Period, parsePeriod, periodDays, periodDue } from '../domain/period.ts';
import { parseSlice, type SliceFilter, sliceMatches } from '../domain/slice.ts';
import { type Target, targetKey } from '../domain/target.ts';
import type { Project } from '../lake/project.ts';
import { standingFingerprints } from '../ledger/corrections.ts';
import { newestPeriodEvents, type PeriodEvent } from '../ledger/period-events.ts';
import { type TargetState, targetStates } from '../ledger/target-states.ts';
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

export interface StatusRow extends Target {
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
  const standings = await targetStates(session);
  const corrections = await standingFingerprints(session);
  const held = new Set<string>();
  for (const row of standings)
    if (row.rolledBack > 0 && (await isHeld(session, project, row))) held.add(targetKey(row));
  const events = await newestPeriodEvents(session);
  const datasets = fileDatasets(config).filter(
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

/** The newest decision about a row's dataset or about all datasets. */
function closedBy(events: readonly PeriodEvent[], row: BareRow): StatusRow['closed'] {
  const last = events.findLast(
    ({ dataset, period }) => period === row.period && (dataset === null || dataset === row.dataset),
  );
  if (last?.action !== 'close') return null;
  return { by: last.decidedBy, at: last.decidedAt, reason: last.reason };
}

type BareRow = Omit<StatusRow, 'closed'>;

function rowOf(
  row: TargetState,
  corrections: ReadonlyMap<string, string>,
  held: ReadonlySet<string>,
): BareRow {
  return {
    dataset: row.dataset,
    period: row.period,
    slice: row.slice,
    state: stateOf(row, corrections.get(targetKey(row)) ?? null, held.has(targetKey(row))),
    fileId: row.fileId,
    path: row.path,
    rows: row.rows,
    loadedAt: row.loadedAt,
    promotedAt: row.promotedAt,
    dueBy: null,
  };
}

/** `corrections` are those to be applied to the rows: a correction made or undone since makes the load due again. */
function stateOf(row: TargetState, corrections: string | null, isHeld: boolean): State {
  if (row.status === 'withdrawn') return 'withdrawn';
  if (row.status === 'refused' || row.validation === 'refused') return 'refused';
  if (row.validation === null) return 'to validate';
  if (row.loadedFileId === null || row.loadedFileId !== row.currentFileId) return 'to load';
  if (row.corrections !== corrections) return 'to load';
  if (row.promotedAt !== null) return 'promoted';
  return isHeld ? 'held' : 'to promote';
}

/** The periods to show: the one asked for, or those that came and the newest that has ended. */
function periodsOf(dataset: Dataset, own: readonly TargetState[], asked: Asked): Period[] {
  if (asked.period !== null) {
    const due = periodDue(dataset.periodKind, asked.period);
    return due === null ? [] : [due];
  }
  if (dataset.periodKind === 'none') return [NO_PERIOD];
  const texts = new Set(own.map((row) => row.period));
  const ended = lastEnded(dataset, asked.now);
  if (ended !== null && fileSource(dataset).dueByDay !== null) texts.add(ended.text);
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
function dueDate(dataset: Dataset, period: Period): string | null {
  const days = periodDays(period);
  const byDay = fileSource(dataset).dueByDay;
  if (days === null || byDay === null) return null;
  const [year, month] = days.until.split('-').map(Number) as [number, number];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return `${days.until.slice(0, 8)}${String(Math.min(byDay, last)).padStart(2, '0')}`;
}

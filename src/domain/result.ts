import type { Words } from '../errors/advice.ts';

/** What every step answers, and what the last line of stdout says with `--json`. Unknown values are null. */
export type Status =
  | 'done'
  | 'skipped'
  | 'failed'
  | 'usage'
  | 'refused'
  | 'blocked'
  | 'retry'
  | 'interrupted';

export const ROW_COUNTS = [
  'read',
  'accepted',
  'rejected',
  'corrected',
  'deleted',
  'inserted',
  'added',
  'modified',
  'removed',
  'closed',
  'shadowed',
  'unchanged',
  'cells',
] as const;
export type RowCounts = Record<(typeof ROW_COUNTS)[number], number | null>;

export interface FindingCounts {
  readonly error: number | null;
  readonly warning: number | null;
  readonly info: number | null;
}

/** `submitted` of a submit, `held` of a rollback, the others of a promotion; a rollback says which are so again. */
export interface RecordCounts {
  readonly submitted?: number;
  readonly promoted?: number;
  readonly duplicate?: number;
  readonly failed?: number;
  readonly waiting?: number;
  readonly held?: number;
}

export interface StepResult {
  readonly step: string;
  readonly status: Status;
  readonly exitCode: number;
  readonly dataset: string | null;
  readonly period: string | null;
  /** `name=value/…` of the slice, for people; part of the message, not a member of the JSON line. */
  readonly slice: string | null;
  readonly fileId: number | null;
  readonly rows: RowCounts;
  /** The batch in which records were handed over. */
  readonly batchId?: string;
  /** Paths written, relative to the project. */
  readonly outputs: readonly string[];
  readonly findings: FindingCounts;
  readonly message: Words | null;
  readonly hint: Words | null;
  /** Of records: what happened to them; exact counts. Absent where the step is not about records. */
  readonly records?: RecordCounts;
  /** Of a preview: the fingerprint of what it shows, which the decision takes; part of the details of the JSON line. */
  readonly seen?: string;
  /** One per unit (dataset, slice, file, mart), where the call handled several. */
  readonly results: readonly StepResult[];
}

const EXIT_OF: Record<Status, number> = {
  done: 0,
  skipped: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  blocked: 4,
  retry: 5,
  interrupted: 130,
};

export type ResultInit = Partial<Omit<StepResult, 'rows' | 'findings' | 'step' | 'status'>> & {
  readonly step: string;
  readonly status: Status;
  readonly rows?: Partial<RowCounts>;
  readonly findings?: Partial<FindingCounts>;
};

/** A result with null for every unknown value and the exit code that its status means. */
export function stepResult(init: ResultInit): StepResult {
  const rows = Object.fromEntries(ROW_COUNTS.map((name) => [name, init.rows?.[name] ?? null])) as RowCounts;
  return {
    step: init.step,
    status: init.status,
    exitCode: init.exitCode ?? EXIT_OF[init.status],
    dataset: init.dataset ?? null,
    period: init.period ?? null,
    slice: init.slice ?? null,
    fileId: init.fileId ?? null,
    rows,
    ...(init.batchId === undefined ? {} : { batchId: init.batchId }),
    outputs: init.outputs ?? [],
    findings: { error: null, warning: null, info: null, ...init.findings },
    message: init.message ?? null,
    hint: init.hint ?? null,
    ...(init.records === undefined ? {} : { records: init.records }),
    ...(init.seen === undefined ? {} : { seen: init.seen }),
    results: init.results ?? [],
  };
}

/** Where a call handles several units, its exit code is the first of these that occurred. */
const PRECEDENCE = [130, 143, 1, 2, 5, 3, 4, 0];
const STATUS_OF = new Map<number, Status>([
  [0, 'done'],
  [1, 'failed'],
  [2, 'usage'],
  [3, 'refused'],
  [4, 'blocked'],
  [5, 'retry'],
  [130, 'interrupted'],
  [143, 'interrupted'],
]);

export function worstExitCode(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? 0;
}

const RECORD_COUNTS = ['submitted', 'promoted', 'duplicate', 'failed', 'waiting', 'held'] as const;

/** The counts of all results that are about records; undefined where none is. */
function allRecords(results: readonly StepResult[]): RecordCounts | undefined {
  const each = results.flatMap(({ records }) => (records === undefined ? [] : [records]));
  if (each.length === 0) return undefined;
  const counts = RECORD_COUNTS.map((name) => [name, total(each.map((one) => one[name] ?? null))] as const);
  return Object.fromEntries(counts.filter(([, value]) => value !== null));
}

function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/**
 * One result for several: counts added up, the exit code by precedence, the units under `results`. A single unit is the
 * result itself; without units the status is 'skipped'.
 */
export function combineResults(
  step: string,
  results: readonly StepResult[],
  over: { readonly period?: string | null; readonly emptyMessage?: string } = {},
): StepResult {
  const only = results[0];
  if (results.length === 1 && only) return { ...only, step };
  const exitCode = worstExitCode(results.map((result) => result.exitCode));
  const allSkipped = results.every((result) => result.status === 'skipped');
  const worst = results.find((result) => result.exitCode === exitCode && exitCode !== 0);
  const rows = Object.fromEntries(
    ROW_COUNTS.map((name) => [name, total(results.map((result) => result.rows[name]))]),
  ) as RowCounts;
  const records = allRecords(results);
  const datasets = new Set(results.map((result) => result.dataset));
  return stepResult({
    step,
    status: exitCode === 0 ? (allSkipped ? 'skipped' : 'done') : (STATUS_OF.get(exitCode) ?? 'failed'),
    exitCode,
    period: over.period ?? null,
    dataset: datasets.size === 1 ? ([...datasets][0] ?? null) : null,
    rows,
    outputs: results.flatMap((result) => result.outputs),
    findings: {
      error: total(results.map((result) => result.findings.error)),
      warning: total(results.map((result) => result.findings.warning)),
      info: total(results.map((result) => result.findings.info)),
    },
    ...(records === undefined ? {} : { records }),
    message: worst?.message ?? summary(results, over.emptyMessage),
    hint: worst?.hint ?? null,
    results,
  });
}

function summary(results: readonly StepResult[], emptyMessage: string | undefined): string {
  if (results.length === 0) return emptyMessage ?? 'Nothing to do.';
  const done = results.filter((result) => result.status === 'done').length;
  const idle = results.length - done;
  if (done === 0) return 'Nothing new.';
  return idle === 0 ? `${done} done.` : `${done} done, ${idle} had nothing to do.`;
}

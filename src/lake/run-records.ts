import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, relative } from 'node:path';
import { encodePart } from '../domain/slice.ts';
import { FILE_MODE, writeFileAtomic } from './atomic-write.ts';
import { markAttempt, markedAttempts, unmarkAttempt } from './attempt-marks.ts';
import { isGone } from './process-of.ts';
import type { Project } from './project.ts';

/** A record of one attempt: `data/runs/<run_id>/<step>[-<dataset>]-<n>.json`. */
export interface RunRecord {
  readonly run_id: string;
  readonly step: string;
  readonly dataset: string | null;
  readonly period: string | null;
  readonly status: string;
  readonly exit_code: number | null;
  readonly host: string;
  readonly pid: number;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly result: unknown;
}

export interface RunningAttempt {
  finish(status: string, exitCode: number, result: unknown, now: Date): void;
}

/** Writes the record of an attempt that begins; its number is the first free one. */
export function startRecord(
  project: Project,
  about: {
    readonly runId: string;
    readonly step: string;
    readonly dataset: string | null;
    readonly period: string | null;
  },
  now: Date,
): RunningAttempt {
  const folder = join(project.runs, encodePart(about.runId));
  mkdirSync(folder, { recursive: true });
  const record: RunRecord = {
    run_id: about.runId,
    step: about.step,
    dataset: about.dataset,
    period: about.period,
    status: 'running',
    exit_code: null,
    host: hostname(),
    pid: process.pid,
    started_at: now.toISOString(),
    finished_at: null,
    result: null,
  };
  const path = claim(folder, about.dataset === null ? about.step : `${about.step}-${about.dataset}`, record);
  forgetPruned(project);
  const madeAgain = interrupted(project).filter((one) => workOf(one.record) === workOf(record));
  const name = relative(project.runs, path);
  markAttempt(project, name);
  return {
    finish(status, exitCode, result, at) {
      const finished = { ...record, status, exit_code: exitCode, finished_at: at.toISOString(), result };
      writeFileAtomic(path, `${JSON.stringify(finished, null, 2)}\n`);
      unmarkAttempt(project, name);
      if (exitCode !== 0 || isOfSlices(result)) return;
      for (const one of madeAgain) unmarkAttempt(project, one.name);
    },
  };
}

function claim(folder: string, stem: string, record: RunRecord): string {
  for (let n = 1; ; n++) {
    const path = join(folder, `${stem}-${n}.json`);
    try {
      const file = openSync(path, 'wx', FILE_MODE);
      try {
        writeSync(file, `${JSON.stringify(record, null, 2)}\n`);
      } finally {
        closeSync(file);
      }
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Attempts whose process is gone without an end (killed, or the machine stopped) and that were not made again since. An
 * attempt that was made again is left out, because running its rollback once more would roll one more promotion back.
 * Clocks do not decide: an attempt that ends well removes the marks of those that were interrupted when it began.
 */
export function interruptedAttempts(project: Project): RunRecord[] {
  return interrupted(project).map(({ record }) => ({ ...record, status: 'interrupted' }));
}

function interrupted(project: Project): { readonly name: string; readonly record: RunRecord }[] {
  return markedAttempts(project).flatMap((name) => {
    const record = readRecord(join(project.runs, name));
    return record?.status === 'running' && hasEnded(record) ? [{ name, record }] : [];
  });
}

function forgetPruned(project: Project): void {
  for (const name of markedAttempts(project))
    if (!existsSync(join(project.runs, name))) unmarkAttempt(project, name);
}

function workOf({ step, dataset, period }: RunRecord): string {
  return JSON.stringify([step, dataset, period]);
}

/** A record does not name its slice until it ends: one that has ended says nothing about other slices. */
function isOfSlices(result: unknown): boolean {
  const { slice, results } = (result ?? {}) as {
    slice?: string | null;
    results?: { slice?: string | null }[];
  };
  return [slice, ...(results ?? []).map((one) => one.slice)].some((one) => one !== undefined && one !== null);
}

function readRecord(path: string): RunRecord | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  } catch {
    return null;
  }
}

function hasEnded(record: RunRecord): boolean {
  return record.host === hostname() && isGone(record.pid);
}

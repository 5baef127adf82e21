import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { encodePart } from '../domain/slice.ts';
import { FILE_MODE, writeFileAtomic } from './atomic-write.ts';
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
  return {
    finish(status, exitCode, result, at) {
      const finished = { ...record, status, exit_code: exitCode, finished_at: at.toISOString(), result };
      writeFileAtomic(path, `${JSON.stringify(finished, null, 2)}\n`);
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
 * Newest runs first, `most` of them.
 */
export function interruptedAttempts(project: Project, most = 20): RunRecord[] {
  if (!existsSync(project.runs)) return [];
  const runs = readdirSync(project.runs).sort().reverse().slice(0, 50);
  const found: RunRecord[] = [];
  const madeAgain = new Map<string, string>();
  for (const run of runs) {
    for (const file of readdirSync(join(project.runs, run)).filter((name) => name.endsWith('.json'))) {
      const record = readRecord(join(project.runs, run, file));
      if (record === null) continue;
      if (record.status === 'running' && hasEnded(record)) found.push({ ...record, status: 'interrupted' });
      const last = madeAgain.get(workOf(record)) ?? '';
      if (record.exit_code === 0 && !isOfSlices(record.result) && record.started_at > last)
        madeAgain.set(workOf(record), record.started_at);
    }
  }
  return found.filter((record) => (madeAgain.get(workOf(record)) ?? '') <= record.started_at).slice(0, most);
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

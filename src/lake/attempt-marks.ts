import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE } from './atomic-write.ts';
import type { Project } from './project.ts';

/** A run's own folder never begins with a dot. */
const FOLDER = '.unfinished';

/** Marks an attempt, by the path of its record under `data/runs`, as one that has not ended. */
export function markAttempt(project: Project, record: string): void {
  for (;;) {
    mkdirSync(join(project.runs, FOLDER), { recursive: true });
    try {
      writeFileSync(markOf(project, record), record, { mode: FILE_MODE });
      return;
    } catch (error) {
      // Another attempt ended and took the empty folder away.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Takes the mark away; where there is none, nothing happens. */
export function unmarkAttempt(project: Project, record: string): void {
  rmSync(markOf(project, record), { force: true });
  try {
    rmdirSync(join(project.runs, FOLDER));
  } catch {
    // Others have not ended yet.
  }
}

/** The records of attempts that have not ended, or whose end nobody wrote; in the order of their paths. */
export function markedAttempts(project: Project): string[] {
  const folder = join(project.runs, FOLDER);
  return namesIn(folder)
    .map((name) => contentOf(join(folder, name)))
    .filter((record) => record !== '')
    .sort();
}

/** A name of a run can be as long as a file name may be. */
function markOf(project: Project, record: string): string {
  return join(project.runs, FOLDER, createHash('sha256').update(record).digest('hex'));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

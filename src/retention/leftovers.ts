import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isGone } from '../lake/process-of.ts';
import type { Project } from '../lake/project.ts';

/** Scratch files younger than this may belong to a process on another machine that shares the folder. */
const SURELY_DEAD_MS = 24 * 60 * 60 * 1000;

/** Scratch folders and half-written files of processes that were killed. */
export function leftovers(project: Project, now: Date): string[] {
  const scratch = existsSync(project.scratch)
    ? readdirSync(project.scratch).map((name) => join(project.scratch, name))
    : [];
  const halves = [project.cleaned, project.rejected, project.reports].flatMap((folder) =>
    existsSync(folder)
      ? (readdirSync(folder, { recursive: true }) as string[])
          .filter((name) => /\.\d+-[0-9a-f]{8}\.tmp$/.test(name))
          .map((name) => join(folder, name))
      : [],
  );
  return [...scratch, ...halves].filter((path) => {
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now.getTime();
    const pid = Number(
      /-(\d+)-|\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(path.slice(project.root.length))?.slice(1).find(Boolean),
    );
    return now.getTime() - at > SURELY_DEAD_MS && (pid === 0 || isGone(pid));
  });
}

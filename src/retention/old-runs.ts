import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../lake/project.ts';
import type { RunRecord } from '../lake/run-records.ts';

/** Folders of runs whose records all began before a moment, including interrupted attempts. */
export function oldRunFolders(project: Project, cut: Date): string[] {
  if (!existsSync(project.runs)) return [];
  const limit = cut.toISOString();
  return readdirSync(project.runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(project.runs, entry.name))
    .filter((folder) => {
      const began = readdirSync(folder).map((file) => startOf(join(folder, file)));
      return began.length > 0 && began.every((at) => at !== null && at < limit);
    })
    .sort();
}

/** Null where the file is not a record, so that it is not judged. */
function startOf(path: string): string | null {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as RunRecord).started_at ?? null;
  } catch {
    return null;
  }
}

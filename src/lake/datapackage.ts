import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSlice } from '../domain/slice.ts';
import { writeFileAtomic } from './atomic-write.ts';
import { displayPath, type Project } from './project.ts';

/** A cleaned file that counts; `path` is relative to the project. */
export interface PackagedFile {
  readonly dataset: string;
  readonly period: string;
  readonly slice: string;
  readonly fileId: number;
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

/** Whether `data/stage/cleaned/datapackage.json` is up to date. */
export function isDatapackageCurrent(project: Project, files: readonly PackagedFile[]): boolean {
  const path = pathIn(project);
  const found = existsSync(path) ? readFileSync(path, 'utf8') : null;
  return found === null ? files.length === 0 : found === textOf(project, files);
}

/**
 * Rewrites `data/stage/cleaned/datapackage.json` as a whole: the list of current files for engines that read the
 * folder. Files that are gone are left out. The caller holds the lock DATAPACKAGE_LOCK.
 */
export function writeDatapackage(project: Project, files: readonly PackagedFile[]): void {
  writeFileAtomic(pathIn(project), textOf(project, files));
}

const pathIn = (project: Project) => join(project.cleaned, 'datapackage.json');

function textOf(project: Project, files: readonly PackagedFile[]): string {
  const folder = displayPath(project, project.cleaned);
  const resources = files.flatMap((file) => {
    const stat = statSync(join(project.root, file.path), { throwIfNoEntry: false });
    return stat === undefined ? [] : [resource(file, folder, stat.size)];
  });
  const content = {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'cleaned',
    resources,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export const DATAPACKAGE_LOCK = 'datapackage';

function resource(file: PackagedFile, folder: string, bytes: number): object {
  return {
    name: `${file.dataset}_${file.period.toLowerCase()}_${file.fileId}`,
    path: posix.relative(folder, file.path),
    format: 'parquet',
    mediatype: 'application/vnd.apache.parquet',
    bytes,
    hash: `sha256:${file.sha256}`,
    tidemark: {
      dataset: file.dataset,
      period: file.period,
      slice: Object.fromEntries(parseSlice(file.slice)),
      file_id: file.fileId,
      rows: file.rows,
    },
  };
}

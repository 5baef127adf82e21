import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cleanedPath, type DeliveryName, type Project, rejectedPath, reportFolder } from './project.ts';

/** What a delivery left in the lake: cleaned and rejected rows of every revision, and its folder of reports. */
export function deliveryFiles(project: Project, name: DeliveryName): string[] {
  const reports = reportFolder(project, name);
  return [
    ...revisionsOf(cleanedPath(project, name)),
    ...revisionsOf(rejectedPath(project, name, 'parquet')),
    ...revisionsOf(rejectedPath(project, name, 'csv')),
    ...(existsSync(reports) ? [reports] : []),
  ];
}

/** `<stem>.parquet`, `<stem>.r2.parquet` and so on. */
function revisionsOf(first: string): string[] {
  const folder = dirname(first);
  const dot = first.lastIndexOf('.');
  const stem = basename(first.slice(0, dot));
  const ending = first.slice(dot);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => {
      if (!file.startsWith(stem) || !file.endsWith(ending)) return false;
      return /^(\.r\d+)?$/.test(file.slice(stem.length, file.length - ending.length));
    })
    .map((file) => join(folder, file));
}

/** Bytes of a file, or of everything below a folder. */
export function bytesOf(path: string): number {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, file) => sum + bytesOf(join(path, file)), 0);
}

import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { encodePart, parseSlice } from '../domain/slice.ts';

/** Every path of a pipeline's folder; only this file knows them. */
export interface Project {
  /** Absolute path of the pipeline's folder. */
  readonly root: string;
  /** Absolute path of the folder that relative paths of the caller start from. */
  readonly calledFrom: string;
  readonly configPath: string;
  readonly landed: string;
  readonly cleaned: string;
  readonly rejected: string;
  readonly reports: string;
  readonly runs: string;
  /**
   * Scratch files of running steps are here, on the same file system as their targets; files of dead processes are
   * deleted.
   */
  readonly scratch: string;
  readonly migrations: string;
  readonly models: string;
}

/** The pipeline of a folder; relative paths start from `calledFrom`, by default from where the process runs. */
export function openProject(root: string, configPath?: string, calledFrom = resolve('.')): Project {
  const base = resolve(calledFrom, root);
  const at = (...parts: string[]) => join(base, ...parts);
  return {
    root: base,
    calledFrom,
    configPath: configPath ? resolve(calledFrom, configPath) : at('datasets_config.yml'),
    landed: at('data', 'landed'),
    cleaned: at('data', 'stage', 'cleaned'),
    rejected: at('data', 'stage', 'rejected'),
    reports: at('data', 'reports'),
    runs: at('data', 'runs'),
    scratch: at('data', 'stage', '.scratch'),
    migrations: at('migrations'),
    models: at('models'),
  };
}

/** A path as logs and messages show it: relative to the project, with forward slashes. */
export function displayPath(project: Project, path: string): string {
  return relative(project.root, path).split(sep).join('/');
}

/** A path that a person named, as messages show it: relative to the project where it is inside. */
export function namedPath(project: Project, path: string): string {
  const inside = displayPath(project, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

export interface DeliveryName {
  readonly dataset: string;
  readonly period: string;
  /** Canonical slice text (domain/slice.ts). */
  readonly slice: string;
  readonly fileId: number;
}

/** `<dataset>_<period>[_<slice>]_<file_id>`: slice values in pattern order, percent-encoded, divided by `_`. */
export function deliveryStem(name: DeliveryName): string {
  const values = parseSlice(name.slice).map(([, value]) => encodePart(value));
  return [name.dataset, name.period, ...values, String(name.fileId)].join('_');
}

/** `data/stage/cleaned/<dataset>/<period>/<stem>[.rN].parquet`; revision 1 has no suffix. */
export function cleanedPath(project: Project, name: DeliveryName, revision = 1): string {
  const suffix = revision > 1 ? `.r${revision}` : '';
  return join(project.cleaned, name.dataset, name.period, `${deliveryStem(name)}${suffix}.parquet`);
}

export function rejectedPath(
  project: Project,
  name: DeliveryName,
  ending: 'parquet' | 'csv',
  revision = 1,
): string {
  const suffix = revision > 1 ? `.r${revision}` : '';
  return join(project.rejected, name.dataset, name.period, `${deliveryStem(name)}${suffix}.${ending}`);
}

export function reportFolder(project: Project, name: DeliveryName): string {
  return join(project.reports, name.dataset, name.period, String(name.fileId));
}

/** `models/<layer>/<name>.sql`, or the file for one engine, whichever exists; null: no model. */
export function modelPath(
  project: Project,
  layer: 'core' | 'mart',
  name: string,
  dialect: string,
): string | null {
  const candidates = [`${name}.${dialect}.sql`, `${name}.sql`].map((file) =>
    join(project.models, layer, file),
  );
  return candidates.find((path) => existsSync(path)) ?? null;
}

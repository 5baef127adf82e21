import { copyFileSync, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { DEFAULT_LIMITS } from '../domain/limits.ts';
import { type PeriodKind, parseFilePeriod } from '../domain/period.ts';
import { blank, command, options, type Words, type WriteWords, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { commitFile, temporaryName, writeFileAtomic } from '../lake/atomic-write.ts';
import { packageRoot } from '../lake/package-root.ts';
import { openProject } from '../lake/project.ts';
import { namedSheet } from '../readers/named-sheet.ts';
import { openSource } from '../readers/open-source.ts';
import { datasetYaml, leftOutText } from './draft/dataset-yaml.ts';
import { type DatasetDraft, draftDataset } from './draft/draft-dataset.ts';
import { datasetNames, insertDataset } from './draft/insert-dataset.ts';
import { martModel } from './draft/mart-model.ts';
import { CONFIG_NAME, newPipeline } from './new-pipeline.ts';

export interface InitOptions {
  /** Absolute path of the folder that relative paths start from; by default where the process runs. */
  readonly calledFrom?: string;
  /** A spreadsheet to draft a dataset from. */
  readonly from?: string;
  /** Name of that dataset; from the file's name by default. */
  readonly dataset?: string;
  readonly period?: PeriodKind;
  /** The sheet that holds the table, by name or number; the one with the widest table by default. */
  readonly sheet?: string;
  /** The first row of its headers, 1-based; found out by default. */
  readonly headerRow?: number;
  /** A month (2025-06) for the commands to run next where the file is of none. */
  readonly month?: string;
  /** Everything is read and checked, and the outcome says what would be written, but nothing is written. */
  readonly dryRun?: boolean;
  /** How commands are written in the draft; by default their names alone. */
  readonly write?: WriteWords;
}

export interface InitOutcome {
  /** Relative to the pipeline's folder. */
  readonly written: readonly string[];
  /** Commands to run next, in order. */
  readonly next: readonly Words[];
  /** What to check in the draft before relying on it. */
  readonly notes: readonly string[];
}

/**
 * Makes `dir` a pipeline; with `from` it drafts a dataset from a spreadsheet, and then the folder may be a pipeline
 * already. Existing files are never overwritten: `already-exists`. Everything is read and checked before the first
 * write.
 */
export async function initProject(dir: string, options: InitOptions = {}): Promise<InitOutcome> {
  const { calledFrom = resolve('.') } = options;
  const project = openProject(dir, undefined, calledFrom);
  const isNew = !existsSync(project.configPath);
  if (!isNew && options.from === undefined) {
    throw new TidemarkError('already-exists', {
      message: `${join(dir, 'datasets_config.yml')} is there, so this folder is a pipeline already.`,
      hint: words`Add a dataset to it: ${command('init', { from: blank('FILE') })}`,
    });
  }
  const from = options.from === undefined ? null : resolve(calledFrom, options.from);
  const draft = from === null ? null : await readDraft(from, options);
  const copy = from === null ? null : planCopy(from, project.landed);
  if (draft !== null)
    refuseTaken(draft, isNew ? '' : readFileSync(project.configPath, 'utf8'), project.models);
  const files = isNew
    ? newPipeline(schemaPath(project.root), basename(project.root) || null)
    : new Map<string, string>();
  if (draft !== null) {
    const config = isNew ? (files.get(CONFIG_NAME) ?? '') : readFileSync(project.configPath, 'utf8');
    files.set(
      CONFIG_NAME,
      insertDataset(config, (indent) => datasetYaml(draft, indent)),
    );
    const model = martModel(draft);
    files.set(`models/mart/${model.name}.sql`, model.text);
  }
  const written = [...files.keys()].filter(
    (name) => name === CONFIG_NAME || !existsSync(join(project.root, name)),
  );
  if (options.dryRun !== true) {
    for (const name of written) writeFileAtomic(join(project.root, name), files.get(name) as string);
    if (copy !== null) copyAtomic(copy.from, copy.to);
  }
  if (copy !== null) written.push(`data/landed/${basename(copy.to)}`);
  return {
    written,
    next: nextCommands(dir, calledFrom, draft, options.month ?? 'YYYY-MM'),
    notes: draft === null ? [] : doubts(draft),
  };
}

async function readDraft(file: string, options: InitOptions): Promise<DatasetDraft> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new TidemarkError('no-such-file', { message: `There is no file ${options.from}.` });
  refuseName(options.dataset);
  const source = await openSource(file, {}, DEFAULT_LIMITS);
  try {
    const asked = {
      dataset: options.dataset ?? null,
      period: options.period ?? null,
      sheet: options.sheet === undefined ? null : namedSheet(await source.sheets(), options.sheet),
      headerRow: options.headerRow ?? null,
      write: options.write ?? String,
    };
    return await draftDataset(source, basename(file), asked);
  } finally {
    await source.close();
  }
}

function refuseName(name: string | undefined): void {
  if (name === undefined || /^[a-z][a-z0-9_]{0,47}$/.test(name)) return;
  throw new TidemarkError('usage', {
    message: `'${name}': a dataset's name has small letters, digits and _, and begins with a letter.`,
  });
}

function refuseTaken(draft: DatasetDraft, config: string, models: string): void {
  if (datasetNames(config).includes(draft.name)) {
    throw new TidemarkError('already-exists', {
      message: `datasets_config.yml has a dataset '${draft.name}' already.`,
      hint: words`Give the new one another name with ${options({ dataset: blank('NAME') })}, or drop the file into data/landed as it is.`,
    });
  }
  const model = join(models, 'mart', `${martModel(draft).name}.sql`);
  if (existsSync(model))
    throw new TidemarkError('already-exists', { message: `The model ${model} is there already.` });
}

/** Where to copy the file; null where it is in landed already, or an equal file of its name is. */
function planCopy(file: string, landed: string): { from: string; to: string } | null {
  const from = realpathSync(file);
  const inside = existsSync(landed) && from.startsWith(realpathSync(landed) + sep);
  const to = join(landed, basename(file));
  if (inside) return null;
  if (!existsSync(to)) return { from, to };
  if (readFileSync(to).equals(readFileSync(from))) return null;
  throw new TidemarkError('already-exists', {
    message: `data/landed holds another file named ${basename(file)}.`,
    hint: `Give yours a version, such as ${basename(file, extname(file))}_v2${extname(file)}.`,
  });
}

function copyAtomic(from: string, to: string): void {
  const temporary = temporaryName(to);
  copyFileSync(from, temporary);
  commitFile(temporary, to);
}

/**
 * From the configuration to the schema of the installed package. The path is relative, so that a folder that is moved
 * or shared does not contain the name of a home folder.
 */
function schemaPath(root: string): string {
  const schema = join(packageRoot(), 'schema', 'datasets_config.schema.json');
  return relative(realPathOf(root), realpathSync(schema)).split(sep).join('/');
}

/** For a folder that may not exist yet. */
function realPathOf(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  return join(realPathOf(dirname(whole)), basename(whole));
}

function nextCommands(dir: string, calledFrom: string, draft: DatasetDraft | null, month: string): Words[] {
  const where = resolve(calledFrom, dir) === calledFrom ? {} : { project: dir };
  const run = (period: string) => words`${command('run', { period, ...where })}`;
  if (draft === null) return [words`${command('init', { from: blank('FILE') }, dir)}`, run(month)];
  const period = draft.periodText === null ? null : parseFilePeriod(draft.periodKind, draft.periodText);
  return [words`${command('config check', where)}`, run(period?.text ?? month)];
}

function doubts(draft: DatasetDraft): string[] {
  const fields = draft.fields.flatMap(({ written, notes }) =>
    notes.map((note) => `${written.name}: ${note}`),
  );
  const key =
    draft.primaryKey.length === 0
      ? 'No column or pair of columns names a row.'
      : `Please confirm that ${draft.primaryKey.join(' + ')} names a row.`;
  return [...draft.notes, key, ...draft.leftOut.map(leftOutText), ...fields];
}

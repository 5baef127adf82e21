import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { displayPath, modelPath, type Project } from '../lake/project.ts';
import { badModel, parseModel } from '../promotion/model-sql.ts';
import type { Mart } from './mart.ts';
import { parseMartHeader } from './mart-header.ts';

const MODEL_FILE = /^(.+?)(?:\.(duckdb|postgres))?\.sql$/;

/**
 * Every mart that `models/mart` defines for an engine, by name; a file for this engine replaces the common one. Empty
 * where there are none. A file that cannot be used is `bad-model`.
 */
export function findMarts(project: Project, datasets: ReadonlyMap<string, Dataset>, dialect: string): Mart[] {
  const folder = join(project.models, 'mart');
  if (!existsSync(folder)) return [];
  const names = new Set(
    readdirSync(folder).flatMap((file) => {
      const [, name, only] = MODEL_FILE.exec(file) ?? [];
      return name === undefined || (only !== undefined && only !== dialect) ? [] : [name];
    }),
  );
  return [...names].sort().map((name) => readMart(project, datasets, name, dialect));
}

function readMart(
  project: Project,
  datasets: ReadonlyMap<string, Dataset>,
  name: string,
  dialect: string,
): Mart {
  const path = modelPath(project, 'mart', name, dialect) as string;
  const shownPath = displayPath(project, path);
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const header = parseMartHeader(text, shownPath);
  const tables = new Set([...datasets.values()].map((dataset) => dataset.core.table));
  const reads = [...new Set(header.reads.map((table) => tableOf(table, tables)))];
  const unknown = reads.find((table) => !tables.has(table));
  if (unknown !== undefined) {
    const near = didYouMean(unknown, tables);
    const hint = near === null ? `known are ${[...tables].join(', ')}` : `did you mean 'core.${near}'?`;
    throw badModel(shownPath, lineOfReads(text), `no dataset is promoted into 'core.${unknown}'; ${hint}`);
  }
  return { name, ...header, reads, model: parseModel(text, shownPath) };
}

/** A mart may name a core table or the view of its live rows; it reads the live rows in both cases. */
function tableOf(name: string, tables: ReadonlySet<string>): string {
  const base = name.replace(/_live$/, '');
  return !tables.has(name) && tables.has(base) ? base : name;
}

function lineOfReads(text: string): number {
  return text.split('\n').findIndex((line) => /^--\s*reads\s*:/.test(line.trim())) + 1;
}

/** The marts that a call means. A name without a model is `bad-model`. */
export function chosenMarts(marts: readonly Mart[], asked: string | undefined): readonly Mart[] {
  if (asked === undefined) return marts;
  const found = marts.filter((mart) => mart.name === asked);
  if (found.length > 0) return found;
  const names = marts.map((mart) => mart.name);
  const near = didYouMean(asked, names);
  throw new TidemarkError('bad-model', {
    message: `There is no mart '${asked}' in models/mart.`,
    hint: near === null ? `Known are: ${names.join(', ') || 'none'}.` : `Did you mean '${near}'?`,
  });
}

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { writeWords } from '../../../../src/cli/write-words.ts';
import { loadConfig } from '../../../../src/config/load-config.ts';
import { type InitOptions, initProject } from '../../../../src/pipeline/init.ts';
import { temporaryFolder, validateFile } from '../../validation/validate-text.ts';

/** Drafts a dataset from a file and takes the file through it: what it holds by field, with types. */
export async function drafted(name: string, bytes: string | Buffer, options: InitOptions = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), bytes);
  const project = mkdtempSync(join(folder, 'p-'));
  const { notes, next } = await initProject(project, { from: join(folder, name), ...options });
  const path = join(project, 'datasets_config.yml');
  const [dataset] = [...loadConfig(path, {}).datasets.values()];
  if (dataset === undefined) throw new Error('nothing was drafted');
  const period = /--period (\S+)/.exec(writeWords(next.at(-1) ?? ''))?.[1];
  const own = dataset.periodKind === 'none' || period === undefined ? {} : { period };
  const found = await validateFile(dataset, name, bytes, own);
  const fields = dataset.fields.map((field) => field.name);
  return {
    dataset,
    notes,
    next,
    found,
    /** What was told of the file, but for checks that need an earlier one. */
    told: found.told.filter((one) => !one.startsWith('check-skipped')),
    yaml: readFileSync(path, 'utf8'),
    types: Object.fromEntries(dataset.fields.map((field) => [field.name, field.type])),
    rows: found.accepted.map((row) => fields.map((field) => row[field])),
  };
}

export type Cell = string | number | boolean | Date | null | { readonly error: string };

export async function workbook(
  sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  for (const [name, rows] of Object.entries(sheets)) book.addWorksheet(name).addRows(rows as Cell[][]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

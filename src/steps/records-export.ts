import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { option, words } from '../errors/advice.ts';
import { namedPath } from '../lake/project.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import { writeTextRows } from '../marts/write-text-rows.ts';
import { recordsName } from '../records/batch.ts';
import { failedColumns, failedRows, hasFailed } from '../records/failed-rows.ts';
import { sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';

export interface RecordsExportInput {
  readonly dataset: RecordsDataset;
  /** The script's run; null: all runs. */
  readonly run: string | null;
  readonly format: 'csv' | 'xlsx';
  /** Absolute path of the file to make; null: the rows go to `write` as CSV. */
  readonly file: string | null;
  /** An existing file of that name may be overwritten. */
  readonly force: boolean;
  readonly showPersonal: boolean;
  readonly write: (text: string) => Promise<void>;
}

/**
 * Failed records become a file for people: key, errors, and what the fields read. Changes nothing in the warehouse. Refuses
 * an existing file.
 */
export async function exportFailed(ctx: StepContext, input: RecordsExportInput): Promise<StepResult> {
  const rows = ctx.dryRun
    ? await ctx.warehouse.read((session) => countFailed(session, input))
    : input.file === null
      ? await passOn(ctx, input)
      : await writeFile(ctx, input, input.file);
  const { dataset, run, file } = input;
  const what = `${counted(rows, 'failed record')} of ${dataset.name}${run === null ? '' : ` of run ${run}`}`;
  const path = file === null ? null : namedPath(ctx.project, file);
  const where = path === null ? 'stdout' : path;
  const told = ctx.dryRun ? `Would write ${what} to ${where}.` : `${what} written to ${where}.`;
  return stepResult({
    step: 'records export',
    status: 'done',
    dataset: dataset.name,
    rows: { read: rows },
    outputs: path === null || ctx.dryRun ? [] : [path],
    message: input.showPersonal ? words`${told} Personal data was shown (${option('showPii')}).` : told,
  });
}

function writeFile(ctx: StepContext, input: RecordsExportInput, path: string): Promise<number> {
  const { dataset, format, force } = input;
  return ctx.warehouse.read((session) =>
    writeTextRows(
      { columns: failedColumns(dataset), portions: failedRows(session, dataset, input) },
      { format, path, shownAs: path, overwrite: force },
    ),
  );
}

/** Through a file, because whoever reads our output may take their time, and the warehouse must not wait with them. */
async function passOn(ctx: StepContext, input: RecordsExportInput): Promise<number> {
  const folder = new ScratchFolder(ctx.project, 'records', ctx.dryRun);
  try {
    const path = join(folder.path, 'failed.csv');
    const rows = await writeFile(ctx, input, path);
    for await (const text of createReadStream(path, 'utf8')) await input.write(text);
    return rows;
  } finally {
    folder.remove();
  }
}

function countFailed(session: Session, { dataset, run }: RecordsExportInput): Promise<number> {
  return countRows(session, sql`${recordsName(dataset)} AS r WHERE ${hasFailed(run)}`);
}

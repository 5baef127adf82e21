import { counted } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { option, words } from '../errors/advice.ts';
import { namedPath } from '../lake/project.ts';
import { type TextRows, writeCsvRows, writeTextRows } from '../marts/write-text-rows.ts';
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
  const rows = await ctx.warehouse.read((session) =>
    ctx.dryRun ? countFailed(session, input) : writeRows(input, rowsOf(session, input)),
  );
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

function rowsOf(session: Session, input: RecordsExportInput): TextRows {
  return { columns: failedColumns(input.dataset), portions: failedRows(session, input.dataset, input) };
}

function writeRows(input: RecordsExportInput, rows: TextRows): Promise<number> {
  const { file, format, force } = input;
  if (file === null) return writeCsvRows(rows, input.write);
  return writeTextRows(rows, { format, path: file, shownAs: file, overwrite: force });
}

function countFailed(session: Session, { dataset, run }: RecordsExportInput): Promise<number> {
  return countRows(session, sql`${recordsName(dataset)} AS r WHERE ${hasFailed(run)}`);
}

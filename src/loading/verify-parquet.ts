import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../domain/count.ts';
import { businessColumns, type Dataset } from '../domain/dataset.ts';
import { command, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { sha256Of } from '../lake/file-hash.ts';
import type { Project } from '../lake/project.ts';
import type { Validation } from '../ledger/validations.ts';
import { columnType } from '../types/column-type.ts';
import { sameType } from '../warehouse/migrate/column-types.ts';
import { isWidening } from '../warehouse/migrate/widening.ts';
import { inspectParquet, type ParquetFacts } from '../warehouse/parquet/inspect.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';

/** Columns of a stage table that Tidemark fills in besides those of the file. */
const LOAD_COLUMNS = ['_data_period', '_file_id', '_load_id'] as const;

/** A Parquet file that agrees with the validation log, for a table that it fits. */
export interface VerifiedParquet {
  readonly path: string;
  readonly rows: number;
  /** Columns to take from the file, in table order. */
  readonly columns: readonly string[];
}

/**
 * Compares the file with the log (hash, rows), with its own footer (dataset, period, slice, delivery), and its columns
 * with configuration and table. Any difference is `parquet-mismatch`; nothing was changed yet.
 */
export async function verifyParquet(
  session: Session,
  project: Project,
  dataset: Dataset,
  validation: Validation,
  signal: AbortSignal,
): Promise<VerifiedParquet> {
  const shown = validation.parquetPath ?? `the Parquet of delivery ${validation.fileId}`;
  const refuse = (why: string): never => {
    throw new TidemarkError('parquet-mismatch', {
      message: `${shown} cannot be loaded: ${why}.`,
      hint: words`Run: ${command('validate', { fileId: validation.fileId })}`,
      where: { dataset: validation.dataset, period: validation.period, file: shown },
    });
  };
  const path = join(project.root, validation.parquetPath ?? '');
  if (validation.parquetPath === null || !existsSync(path)) return refuse('the file is gone');
  if ((await sha256Of(path)) !== validation.parquetSha256) {
    return refuse('its bytes are not those that were validated');
  }
  const facts = await inspectParquet(path, signal).catch((error: Error) =>
    refuse(error.message.split('\n')[0] ?? ''),
  );
  if (facts.rows !== validation.rowsAccepted) {
    return refuse(`it holds ${counted(facts.rows, 'row')}, and ${validation.rowsAccepted} were accepted`);
  }
  const footer = footerProblem(facts, validation);
  if (footer) return refuse(footer);
  const table = await session.columns({ schema: 'stage', name: dataset.name });
  if (table === null) {
    throw new TidemarkError('migration-pending', { message: `There is no table stage.${dataset.name} yet.` });
  }
  const wanted = wantedColumns(dataset);
  const misfit = columnProblem(facts, wanted, table, session);
  if (misfit) return refuse(misfit);
  return { path, rows: facts.rows, columns: wanted.map((column) => column.name) };
}

function wantedColumns(dataset: Dataset): { name: string; type: string }[] {
  return [
    ...businessColumns(dataset).map(({ name, field }) => ({ name, type: columnType(field) })),
    { name: '_source_row', type: 'BIGINT' },
  ];
}

function footerProblem(facts: ParquetFacts, validation: Validation): string | null {
  const expected: readonly (readonly [string, string])[] = [
    ['tidemark.dataset', validation.dataset],
    ['tidemark.period', validation.period],
    ['tidemark.file_id', String(validation.fileId)],
  ];
  const wrong = expected.find(([key, value]) => facts.metadata.get(key) !== value);
  if (wrong) {
    const found = facts.metadata.get(wrong[0]);
    return `its footer says ${wrong[0]} = ${found ?? 'nothing'}, where ${wrong[1]} was expected`;
  }
  const slice = facts.metadata.get('tidemark.slice');
  return slice === undefined || slice === validation.slice ? null : `its footer is of the slice ${slice}`;
}

function columnProblem(
  facts: ParquetFacts,
  wanted: readonly { name: string; type: string }[],
  table: readonly ColumnInfo[],
  session: Session,
): string | null {
  const inFile = new Map(facts.columns.map((column) => [column.name, column.type]));
  const inTable = new Map(table.map((column) => [column.name, column.type]));
  for (const { name, type } of wanted) {
    const written = inFile.get(name);
    if (written === undefined) return `it lacks the column ${name}`;
    // Parquet has no length for texts, and holds JSON as text.
    const asWritten =
      type.startsWith('VARCHAR') || (type === 'JSON' && written === 'VARCHAR') ? 'VARCHAR' : type;
    // What was cleaned before its column got wider fits into it as it is.
    if (written !== asWritten && !isWidening(written, asWritten))
      return `its column ${name} is ${written} where ${asWritten} was expected`;
    const held = inTable.get(name);
    if (held === undefined) return `stage.${facts.metadata.get('tidemark.dataset')} has no column ${name}`;
    if (!sameType(held, type, session.capabilities))
      return `the table's column ${name} is ${held}, not ${type}`;
  }
  const lacking = LOAD_COLUMNS.find((name) => !inTable.has(name));
  return lacking ? `the table has no column ${lacking}` : null;
}

import { counted } from '../domain/count.ts';
import type { Period } from '../domain/period.ts';
import { type StepResult, stepResult } from '../domain/result.ts';
import { command, option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { namedPath } from '../lake/project.ts';
import { type ExportFormat, exportQuery } from '../marts/export-query.ts';
import { tableRows } from '../marts/table-rows.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session, TableRef } from '../warehouse/warehouse.ts';
import type { StepContext } from './step.ts';

export interface ExportInput {
  /** `schema.table` of stage, core, history, mart or meta. */
  readonly table: string;
  /** Only the rows of this period. */
  readonly period?: Period;
  readonly format: ExportFormat;
  /** Absolute path of the file to make. */
  readonly file: string;
  /** An existing file of that name may be overwritten. */
  readonly force?: boolean;
}

const SCHEMAS = ['stage', 'core', 'history', 'mart', 'meta'] as const;

/**
 * A table, or one period of it, becomes a file. Refuses unknown tables, a period where rows have none, and existing
 * files.
 */
export async function exportTable(ctx: StepContext, input: ExportInput): Promise<StepResult> {
  const table = tableRef(input.table);
  if (ctx.dryRun) {
    const rows = await ctx.warehouse.read(async (session) =>
      countRows(session, sql`(${await rowsOf(session, table, input)}) AS q`),
    );
    return result(input, rows, [], `Would write ${counted(rows, 'row')} of ${input.table}.`);
  }
  const made = await exportQuery(ctx, (session) => rowsOf(session, table, input), {
    format: input.format,
    file: input.file,
    overwrite: input.force ?? false,
  });
  ctx.touched?.read({ schema: table.schema, table: table.name });
  ctx.touched?.wrote({ file: made.path }, made.rows);
  const shown = namedPath(ctx.project, made.path);
  return result(
    input,
    made.rows,
    [shown],
    `${counted(made.rows, 'row')} of ${input.table} written to ${shown}.`,
  );
}

function tableRef(text: string): TableRef {
  const at = text.indexOf('.');
  const schema = SCHEMAS.find((each) => each === text.slice(0, at));
  const name = text.slice(at + 1);
  if (schema !== undefined && name !== '') return { schema, name };
  throw new TidemarkError('usage', {
    message: `'${text}' is not a table: write it as <schema>.<table>, with the schema ${SCHEMAS.join(', ')}.`,
  });
}

async function rowsOf(session: Session, table: TableRef, input: ExportInput): Promise<Sql> {
  const columns = await session.columns(table);
  if (columns === null) {
    throw new TidemarkError('usage', {
      message: `There is no table ${input.table} in the warehouse.`,
      hint: words`${command('status')} shows what there is.`,
    });
  }
  const names = new Set(columns.map((column) => column.name));
  if (input.period === undefined) return sql`${await tableRows(session, table, columns)}${orderBy(names)}`;
  const column = ['_data_period', ...(table.schema === 'meta' ? ['period'] : [])].find((name) =>
    names.has(name),
  );
  if (column === undefined) {
    throw new TidemarkError('usage', {
      message: `The rows of ${input.table} belong to no period.`,
      hint: words`Leave ${option('period')} out.`,
    });
  }
  const condition = sql`WHERE ${ident(column)} = ${input.period.text}`;
  return sql`${await tableRows(session, table, columns, condition)}${orderBy(names)}`;
}

/** Delivered rows in the order of their file, so that the same content gives the same file. */
function orderBy(names: ReadonlySet<string>): Sql {
  const keys = ['_data_period', '_file_id', '_source_row'].filter((name) => names.has(name));
  return keys.length === 3 ? sql` ORDER BY _data_period, _file_id, _source_row` : sql``;
}

function result(input: ExportInput, rows: number, outputs: readonly string[], message: string): StepResult {
  return stepResult({
    step: 'export',
    status: 'done',
    period: input.period?.text ?? null,
    rows: { read: rows },
    outputs,
    message,
  });
}

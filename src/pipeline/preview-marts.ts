import { type Period, periodDue } from '../domain/period.ts';
import { findMarts } from '../marts/find-marts.ts';
import type { Mart } from '../marts/mart.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { StepContext } from '../steps/step.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Cell, Session } from '../warehouse/warehouse.ts';

/** The first rows of a mart, for a person to see what a run has made. */
export interface MartPreview {
  readonly name: string;
  /** Null for a mart that is made as a whole. */
  readonly period: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | bigint | null)[])[];
  readonly total: number;
}

const SHOWN_ROWS = 6;

/** The rows of every mart for the last of the periods; marts that do not exist yet are left out. */
export async function previewMarts(ctx: StepContext, periods: readonly Period[]): Promise<MartPreview[]> {
  const last = periods.at(-1);
  if (last === undefined) return [];
  const marts = findMarts(ctx.project, ctx.config.datasets, ctx.warehouse.capabilities.dialect);
  return ctx.warehouse.read(async (session) => {
    const previews: MartPreview[] = [];
    for (const mart of marts) previews.push(...(await previewMart(session, mart, last)));
    return previews;
  });
}

async function previewMart(session: Session, mart: Mart, asked: Period): Promise<MartPreview[]> {
  const columns = await session.columns({ schema: 'mart', name: mart.name });
  if (columns === null) return [];
  const period = mart.mode === 'period' ? periodDue(mart.periodKind, asked) : null;
  if (mart.mode === 'period' && period === null) return [];
  const table = ident('mart', mart.name);
  const where: Sql = period === null ? raw('') : sql` WHERE _data_period = ${period.text}`;
  const names = columns.map((column) => column.name).filter((name) => !name.startsWith('_'));
  const order =
    mart.grain.length > 0 ? sql` ORDER BY ${join(mart.grain.map((name) => ident(name)))}` : raw('');
  const list = join(names.map((name) => ident(name)));
  const rows = await session.query<Record<string, Cell>>(
    sql`SELECT ${list} FROM ${table}${where}${order} LIMIT ${SHOWN_ROWS}`,
  );
  const total = await countRows(session, sql`${table}${where}`);
  if (total === 0) return [];
  const shown = rows.map((row) => names.map((name) => shownCell(row[name] ?? null)));
  return [{ name: mart.name, period: period?.text ?? null, columns: names, rows: shown, total }];
}

function shownCell(cell: Cell): string | number | bigint | null {
  return typeof cell === 'boolean' ? String(cell) : cell;
}

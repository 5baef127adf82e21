import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse.ts';
import { carryOut } from './carry-out.ts';
import { columnTypeSql, sameType } from './column-types.ts';
import { fitting, refuseMisfits, type TableMisfit } from './misfits.ts';
import { repeatedKeys } from './repeated-keys.ts';
import { type Retyped, retypeTable } from './retype-table.ts';
import { foreignOwner } from './rights.ts';
import { indexNames, indexStatements, lacksKey, otherKeys, type TableIndexes } from './table-indexes.ts';
import { isWidening } from './widening.ts';

/** A column as it should be. */
export interface WantedColumn extends ColumnInfo {
  /** SQL of its value in rows that give none, including the rows that exist already. */
  readonly default?: 'true';
}

/** The statements that make a table fit; nothing to do where both lists are empty. */
export interface TablePlan {
  readonly statements: readonly Sql[];
  readonly creates: boolean;
  readonly added: readonly string[];
  /** Columns of the table that are no longer configured; they stay, and new rows hold null in them. */
  readonly left: readonly string[];
  /** What a person has to decide first; null where there is nothing to decide. */
  readonly misfit: TableMisfit | null;
}

/**
 * Makes the table, adds missing nullable columns, and gives columns a wider type. A change that could lose or refuse
 * data is `migration-needed`, with the migration to write. In the caller's transaction.
 */
export async function ensureTable(
  session: Session,
  table: TableRef,
  columns: readonly WantedColumn[],
  indexes: TableIndexes = {},
): Promise<TablePlan> {
  const plan = await planTable(session, table, columns, indexes);
  refuseMisfits(plan.misfit === null ? [] : [plan.misfit], session);
  await carryOut(session, plan.statements);
  return plan;
}

export async function planTable(
  session: Session,
  table: TableRef,
  columns: readonly WantedColumn[],
  indexes: TableIndexes = {},
): Promise<TablePlan> {
  const there = await session.columns(table);
  const name = ident(table.schema, table.name);
  if (there === null) {
    const list = join(columns.map((column) => definition(session, column)));
    const statements = [sql`CREATE TABLE ${name} (${list})`, ...indexStatements(table, indexes, new Set())];
    return { statements, creates: true, added: [], left: [], misfit: null };
  }
  const byName = new Map(there.map((column) => [column.name, column]));
  const added = columns.filter((column) => !byName.has(column.name));
  const wanted = new Set(columns.map((column) => column.name));
  const present = await indexNames(session, table);
  const widened = widenedColumns(session, columns, byName);
  const wider = widened.length > 0 ? await retypeTable(session, table, there, widened) : null;
  const statements = [
    ...(wider?.statements ?? []),
    ...added.map((column) => sql`ALTER TABLE ${name} ADD COLUMN ${definition(session, column)}`),
    ...indexStatements(table, indexes, present),
  ];
  const misfit =
    (await misfitOf(session, { table, there, columns, indexes, present, widened })) ?? blocked(table, wider);
  const owner = misfit !== null || statements.length > 0 ? await foreignOwner(session, table) : null;
  return {
    statements,
    creates: false,
    added: added.map((column) => column.name),
    left: there.map((column) => column.name).filter((column) => !wanted.has(column)),
    misfit: owner === null ? misfit : { ...(misfit ?? fitting(table)), owner },
  };
}

/** What is in the way of columns that could be widened; null where nothing is. */
function blocked(table: TableRef, wider: Retyped | null): TableMisfit | null {
  if (wider === null || wider.inTheWay.length + wider.others.length === 0) return null;
  return { ...fitting(table), inTheWay: wider.inTheWay, others: wider.others };
}

function definition(session: Session, column: WantedColumn): Sql {
  const type = raw(columnTypeSql(column.type, session.capabilities));
  const rest = `${column.default === undefined ? '' : ` DEFAULT ${column.default}`}${column.nullable ? '' : ' NOT NULL'}`;
  return sql`${ident(column.name)} ${type}${raw(rest)}`;
}

/** The columns that get a type which holds every value of the present one; whether they may be null does not change. */
function widenedColumns(
  session: Session,
  columns: readonly ColumnInfo[],
  there: ReadonlyMap<string, ColumnInfo>,
): ColumnInfo[] {
  return columns.flatMap(({ name, type }) => {
    const now = there.get(name);
    if (!now || sameType(now.type, type, session.capabilities) || !isWidening(now.type, type)) return [];
    return [{ name, type, nullable: now.nullable }];
  });
}

interface Comparison {
  readonly table: TableRef;
  readonly there: readonly ColumnInfo[];
  readonly columns: readonly ColumnInfo[];
  readonly indexes: TableIndexes;
  readonly present: ReadonlySet<string>;
  readonly widened: readonly ColumnInfo[];
}

async function misfitOf(session: Session, compared: Comparison): Promise<TableMisfit | null> {
  const { table, there, columns, indexes, present, widened } = compared;
  const byName = new Map(there.map((column) => [column.name, column]));
  const missing = columns.filter(({ name, nullable }) => !nullable && !byName.has(name));
  const changed: ColumnInfo[] = [];
  const problems = missing.map(({ name }) => `it has no column ${name}`);
  for (const column of columns) {
    const now = byName.get(column.name);
    if (!now) continue;
    const other =
      !sameType(now.type, column.type, session.capabilities) &&
      !widened.some(({ name }) => name === column.name);
    const emptied = now.nullable && !column.nullable;
    if (other) problems.push(`column ${column.name} is ${now.type} and would become ${column.type}`);
    if (emptied) problems.push(`column ${column.name} allows null values`);
    if (other || emptied) changed.push({ ...column, nullable: now.nullable && column.nullable });
  }
  const keys = otherKeys(table, indexes, present);
  if (keys.length > 0) problems.push('it has another key than the configuration says');
  const rows = lacksKey(table, indexes, present) ? await repeatedKeys(session, table, there, indexes) : null;
  if (problems.length === 0 && rows === null) return null;
  const changes = [...changed, ...widened];
  const retyped = changes.length > 0 ? await retypeTable(session, table, there, changes, keys) : null;
  return {
    ...{ ...fitting(table), problems, rows },
    isForeign: missing.length > 0,
    inTheWay: retyped?.inTheWay ?? [],
    others: retyped?.others ?? [],
    statements: [
      ...keys.map((key) => sql`DROP INDEX ${ident(table.schema, key)}`),
      ...(retyped?.statements ?? []),
    ],
  };
}

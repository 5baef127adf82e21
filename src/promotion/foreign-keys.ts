import { counted } from '../domain/count.ts';
import type { Dataset } from '../domain/dataset.ts';
import { shownValue } from '../domain/shown-value.ts';
import { command, option, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';
import { type CoreShape, sameRow } from './core-shape.ts';
import { coreTable, type Diff } from './diff.ts';
import { needsParent, parentExists } from './parent-exists.ts';
import type { SessionTables } from './session-tables.ts';

/** A foreign key between two core tables, or natural keys of parents that are resolved to their surrogate keys. */
export interface Reference {
  readonly child: Dataset;
  readonly parent: Dataset;
  readonly fields: readonly string[];
  readonly parentFields: readonly string[];
}

export function referencesOf(datasets: ReadonlyMap<string, Dataset>): Reference[] {
  return [...datasets.values()].flatMap((child) => {
    const keys = [
      ...child.foreignKeys.map((key) => ({ ...key, parentFields: key.referenceFields })),
      ...child.core.references,
    ];
    return keys.flatMap(({ dataset, fields, parentFields }) => {
      const parent = datasets.get(dataset);
      return parent === undefined ? [] : [{ child, parent, fields, parentFields }];
    });
  });
}

/** A reference to be checked for orphans at the end of the transaction, and the child rows to check. */
export interface ReferenceCheck {
  readonly reference: Reference;
  /**
   * Rows that this promotion wrote, rows that refer to what it removed (a table of the parent's fields), or rows that a
   * rollback brought back (a condition on child row `c`).
   */
  readonly among: { readonly writtenBy: number } | { readonly gone: Sql } | { readonly restored: Sql };
}

const coreOf = (dataset: Dataset): TableRef => ({ schema: 'core', name: dataset.core.table });

/**
 * The references that a promotion could break: its own rows may refer to nothing, and other tables' rows to what it
 * changes. Called before the diff is applied, while the rows to be removed can still be read.
 */
export async function checksFor(
  session: Session,
  scratch: SessionTables,
  all: readonly Reference[],
  unit: { readonly shape: CoreShape; readonly diff: Diff; readonly promotionId: number },
): Promise<ReferenceCheck[]> {
  const { shape, diff } = unit;
  const own = shape.dataset.name;
  const has = (op: 'added' | 'modified' | 'reverted' | 'removed' | 'closed') =>
    (diff.byOperation.get(op) ?? 0) > 0;
  const checks: ReferenceCheck[] = [];
  for (const reference of all) {
    if (reference.child.name === own && (has('added') || has('modified') || has('reverted'))) {
      checks.push({ reference, among: { writtenBy: unit.promotionId } });
    }
    if (
      reference.parent.name === own &&
      (has('removed') || has('closed') || has('modified') || has('reverted'))
    ) {
      const columns = new Set(((await session.columns(shape.table)) ?? []).map((column) => column.name));
      if (!reference.parentFields.every((name) => columns.has(name))) continue;
      const gone = await scratch.create('gone', takenAway(shape, diff, reference));
      checks.push({ reference, among: { gone } });
    }
  }
  return checks;
}

function takenAway(shape: CoreShape, diff: Diff, reference: Reference): Sql {
  return sql`SELECT DISTINCT ${join(reference.parentFields.map((name) => ident('c', name)))}
    FROM ${coreTable(shape)} AS c JOIN ${diff.change} AS d ON ${sameRow(shape, 'd', 'c')}
    WHERE d._op IN ('removed', 'closed', 'modified', 'reverted')`;
}

const SHOWN = 5;

/** Searches for orphans in core after all changes of a promotion or rollback; `orphan-rows` lists them. */
export async function refuseOrphans(
  session: Session,
  checks: readonly ReferenceCheck[],
  { act, period }: { readonly act: 'promotion' | 'rollback'; readonly period: string },
): Promise<void> {
  for (const { reference, among } of checks) {
    const child = await session.columns(coreOf(reference.child));
    const parent = await session.columns(coreOf(reference.parent));
    if (child === null || !hasAll(child, reference.fields)) continue;
    if (parent !== null && !hasAll(parent, reference.parentFields)) continue;
    const orphans = orphanRows(reference, among, child, parent);
    const count = await countRows(session, sql`(${orphans}) AS o`);
    if (count === 0) continue;
    const values = join(reference.fields.map((name) => ident('o', name)));
    const examples = await session.query(
      sql`SELECT ${values}, count(*) AS "_rows" FROM (${orphans}) AS o GROUP BY ${values} ORDER BY ${values}
          LIMIT ${raw(String(SHOWN))}`,
    );
    throw orphanError(reference, among, count, examples, { act, period });
  }
}

function orphanError(
  { child, parent, fields }: Reference,
  among: ReferenceCheck['among'],
  count: number,
  examples: readonly Record<string, unknown>[],
  { act, period }: { readonly act: 'promotion' | 'rollback'; readonly period: string },
): TidemarkError {
  const list = examples.map(
    (row) =>
      `${fields.map((name) => `${name}=${shownValue(child, name, row[name])}`).join(', ')} (${row._rows})`,
  );
  const fromParent = 'gone' in among;
  return new TidemarkError('orphan-rows', {
    message:
      `${counted(count, 'row')} of core.${child.core.table} would refer to rows that ` +
      `core.${parent.core.table} would not have: ${list.join('; ')}${count > examples.length ? '; …' : ''}. ` +
      `Nothing was ${act === 'rollback' ? 'rolled back' : 'promoted'}.`,
    hint: fromParent
      ? act === 'rollback'
        ? words`Roll back the promotion that brought those rows first; ${command('history', { dataset: child.name })} shows its number.`
        : words`Promote ${child.name} without those rows first, or both together with ${option('atomic')}.`
      : words`Deliver and promote ${parent.name} first: ${command('run', { period, dataset: parent.name })}`,
    where: { dataset: fromParent ? parent.name : child.name, period },
  });
}

function hasAll(columns: readonly ColumnInfo[], names: readonly string[]): boolean {
  const known = new Set(columns.map((column) => column.name));
  return names.every((name) => known.has(name));
}

function orphanRows(
  reference: Reference,
  among: ReferenceCheck['among'],
  child: readonly ColumnInfo[],
  parent: readonly ColumnInfo[] | null,
): Sql {
  const { fields, parentFields } = reference;
  const filled = join(
    fields.map((name) => sql`${ident('c', name)} IS NOT NULL`),
    ' AND ',
  );
  const pairs = (alias: string) =>
    join(
      fields.map((name, i) => {
        const other = parentFields[i] as string;
        const same = parent === null || typeOf(child, name) === typeOf(parent, other);
        return same
          ? sql`${ident(alias, other)} = ${ident('c', name)}`
          : sql`CAST(${ident(alias, other)} AS VARCHAR) = CAST(${ident('c', name)} AS VARCHAR)`;
      }),
      ' AND ',
    );
  const which =
    'gone' in among
      ? sql`EXISTS (SELECT 1 FROM ${among.gone} AS g WHERE ${pairs('g')})`
      : 'restored' in among
        ? among.restored
        : sql`c._updated_by = ${among.writtenBy}`;
  const found =
    parent === null
      ? raw('false')
      : parentExists(
          reference,
          parent,
          (condition) => sql`EXISTS (SELECT 1 FROM ${ident('core', reference.parent.core.table)} AS p
            WHERE ${pairs('p')} AND ${condition})`,
        );
  return sql`SELECT ${join(fields.map((name) => ident('c', name)))}
    FROM ${ident('core', reference.child.core.table)} AS c WHERE ${filled} AND ${needsParent(reference, child)} AND ${which} AND NOT ${found}`;
}

function typeOf(columns: readonly ColumnInfo[], name: string): string | undefined {
  return columns.find((column) => column.name === name)?.type;
}

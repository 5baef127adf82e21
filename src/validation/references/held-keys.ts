import { sliceText } from '../../domain/slice.ts';
import { standingLoad } from '../../ledger/loads.ts';
import { promotedPeriods } from '../../ledger/promotions.ts';
import { ident, join, type Sql, sql } from '../../sql/sql.ts';
import { rowOfSlice } from '../../warehouse/slice-rows.ts';
import type { ColumnInfo, Session, TableRef } from '../../warehouse/warehouse.ts';
import type { Reference } from './reference-lists.ts';
import { validInCore } from './valid-in-core.ts';

/**
 * Keys that may have left the list and are still valid: core has them, and the rows that were promoted before for this
 * period and slice had them. So a month can be delivered again with the codes of its time. Null where nothing was
 * promoted.
 */
export async function heldKeys(session: Session, reference: Reference): Promise<Sql | null> {
  const { key, list, part } = reference;
  const listTable: TableRef = { schema: 'core', name: list.core.table };
  const listed = await session.columns(listTable);
  if (listed === null || !hasAll(listed, key.referenceFields)) return null;
  const earlier = await earlierRows(session, reference);
  if (earlier.length === 0) return null;
  const tests = earlier.map(({ table, columns, rows }) => {
    const same = key.referenceFields.map((name, n) => {
      const field = key.fields[n] as string;
      return typeOf(listed, name) === typeOf(columns, field)
        ? sql`h.${ident(field)} = c.${ident(name)}`
        : sql`CAST(h.${ident(field)} AS VARCHAR) = CAST(c.${ident(name)} AS VARCHAR)`;
    });
    return sql`EXISTS (SELECT 1 FROM (SELECT * FROM ${ident(table.schema, table.name)} WHERE ${rows}) AS h
      WHERE ${join(same, ' AND ')})`;
  });
  const values = key.referenceFields.map((name, n) => sql`c.${ident(name)} AS ${ident(`k${n}`)}`);
  const stands = validInCore(listed, reference);
  return sql`SELECT DISTINCT ${join(values)}
    FROM (SELECT * FROM ${ident('core', listTable.name)} WHERE ${stands} AND ${rowOfSlice([...part], { dataset: list, columns: listed })}) AS c
    WHERE ${join(tests, ' OR ')}`;
}

interface EarlierRows {
  readonly table: TableRef;
  readonly columns: readonly ColumnInfo[];
  readonly rows: Sql;
}

/** Where the rows promoted for the period are: its core rows, and the stage rows from which they come. */
async function earlierRows(
  session: Session,
  { dataset, period, slice, key }: Reference,
): Promise<EarlierRows[]> {
  const target = { dataset: dataset.name, period: period.text, slice: sliceText(slice) };
  const promoted = (await promotedPeriods(session, dataset.name, target.slice)).find(
    (one) => one.period === period.text,
  );
  if (promoted === undefined) return [];
  const isStaged = (await standingLoad(session, target))?.loadId === promoted.loadId;
  const tables: TableRef[] = [
    { schema: 'core', name: dataset.core.table },
    ...(isStaged ? [{ schema: 'stage', name: dataset.name } as const] : []),
  ];
  const out: EarlierRows[] = [];
  for (const table of tables) {
    const columns = await session.columns(table);
    const needed = [...key.fields, ...slice.map(([name]) => name), '_data_period'];
    if (columns === null || !hasAll(columns, needed)) continue;
    out.push({
      table,
      columns,
      rows: sql`_data_period = ${period.text} AND ${rowOfSlice(slice, { dataset, columns })}`,
    });
  }
  return out;
}

function hasAll(columns: readonly ColumnInfo[], names: readonly string[]): boolean {
  return names.every((name) => columns.some((column) => column.name === name));
}

function typeOf(columns: readonly ColumnInfo[], name: string): string | undefined {
  return columns.find((column) => column.name === name)?.type;
}

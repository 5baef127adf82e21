import type { Dataset } from '../../domain/dataset.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import type { PromotionRecord } from '../../ledger/promotion-records.ts';
import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import { withJsonMembers } from '../../warehouse/json-members.ts';
import { columnTypeSql } from '../../warehouse/migrate/column-types.ts';
import type { ColumnInfo, Session } from '../../warehouse/warehouse.ts';
import { identityColumns } from '../core-shape.ts';
import type { SessionTables } from '../session-tables.ts';

/** The rows that one promotion changed, as they were before it. */
export interface JournalledRows {
  readonly record: PromotionRecord;
  readonly dataset: Dataset;
  /** Columns of the core table as it is now. */
  readonly columns: readonly ColumnInfo[];
  readonly identity: readonly string[];
  /**
   * Temporary table: `_op`, `_existed` (whether the row existed before), the identifying columns as `k0 …`, and every
   * column of core before the promotion as `b0 …`. It lacks shadowed rows, which the promotion did not change.
   */
  readonly table: Sql;
}

/** Reads a promotion's journal into a temporary table. Reads nothing of the core table. */
export async function journalledRows(
  session: Session,
  scratch: SessionTables,
  dataset: Dataset,
  record: PromotionRecord,
): Promise<JournalledRows> {
  const columns = (await session.columns({ schema: 'core', name: record.coreTable })) ?? [];
  const identity = identityColumns({ dataset, key: dataset.core.key });
  const types = new Map(columns.map((column) => [column.name, column]));
  const { relation, member } = withJsonMembers(
    session.capabilities,
    {
      rows: sql`SELECT * FROM ${ident('history', record.coreTable)}
        WHERE _promotion_id = ${record.promotionId} AND _operation <> 'shadowed'`,
      column: '_before',
      alias: 'j',
    },
    columns.map((column) => column.name),
  );
  const typed = (value: Sql, type: string) =>
    sql`CAST(${value} AS ${raw(columnTypeSql(type, session.capabilities))})`;
  const key = identity.map((name, i) => {
    const part = sql`(CAST(j._key AS JSON) ->> ${raw(String(i))})`;
    return sql`${typed(part, types.get(name)?.type ?? 'VARCHAR')} AS ${ident(`k${i}`)}`;
  });
  const before = columns.map(({ name, type }, i) => sql`${typed(member(name), type)} AS ${ident(`b${i}`)}`);
  const table = await scratch.create(
    'journalled',
    sql`SELECT j._operation AS _op, j._before IS NOT NULL AS _existed, ${join([...key, ...before])} FROM ${relation}`,
  );
  await refuseOtherKey(session, table, identity, record);
  return { record, dataset, columns, identity, table };
}

/** If the dataset had another key when the journal was written, its keys mean other rows, or none. */
async function refuseOtherKey(
  session: Session,
  table: Sql,
  identity: readonly string[],
  record: PromotionRecord,
): Promise<void> {
  const missing = join(
    identity.map((_, i) => sql`${ident(`k${i}`)} IS NULL`),
    ' OR ',
  );
  const keys = join(identity.map((_, i) => ident(`k${i}`)));
  const [found] = await session.query<{ rows: number; keys: number; nulls: number }>(
    sql`SELECT count(*) AS "rows", count(CASE WHEN ${missing} THEN 1 END) AS nulls,
          (SELECT count(*) FROM (SELECT DISTINCT ${keys} FROM ${table}) AS d) AS keys FROM ${table}`,
  );
  if (Number(found?.nulls) === 0 && Number(found?.keys) === Number(found?.rows)) return;
  throw new TidemarkError('migration-needed', {
    message: `The key of core.${record.coreTable} is not the one under which promotion ${record.promotionId} was made.`,
    hint: 'Give the dataset the key it had then; after the rollback it can be changed again.',
    where: { dataset: record.dataset, period: record.period },
  });
}

/** The condition that a core row is that of a journalled row. */
export function sameCoreRow(rows: JournalledRows, core: string, journalled: string): Sql {
  return join(
    rows.identity.map((name, i) => sql`${ident(core, name)} = ${ident(journalled, `k${i}`)}`),
    ' AND ',
  );
}

export function coreOf(rows: JournalledRows): Sql {
  return ident('core', rows.record.coreTable);
}

/** The journalled value of a core column; null where the column came later. */
export function beforeValue(rows: JournalledRows, journalled: string, name: string): Sql {
  return ident(journalled, `b${rows.columns.findIndex((column) => column.name === name)}`);
}

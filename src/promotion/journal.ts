import { timestamp } from '../ledger/timestamp.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import type { ColumnInfo, Session, TableRef } from '../warehouse/warehouse.ts';
import type { CoreShape } from './core-shape.ts';
import { identityColumns, sameRow } from './core-shape.ts';
import { coreTable, type Diff, type Operation } from './diff.ts';

/** Columns of every `history.<table>`. Values in the before-image are text, so that no digit is lost. */
export const JOURNAL_COLUMNS: readonly ColumnInfo[] = [
  { name: '_promotion_id', type: 'BIGINT', nullable: true },
  { name: '_operation', type: 'VARCHAR', nullable: true },
  { name: '_key', type: 'VARCHAR', nullable: true },
  { name: '_before', type: 'VARCHAR', nullable: true },
  { name: '_at', type: 'TIMESTAMP', nullable: true },
];

export function journalTable(shape: CoreShape): TableRef {
  return { schema: 'history', name: shape.table.name };
}

/** Which promotion writes into which journal. */
export interface JournalEntry {
  readonly table: string;
  /** The columns that identify a row of the table: their values are the `_key`. */
  readonly identity: readonly string[];
  readonly promotionId: number;
  readonly operation: string;
  readonly now: Date;
}

/**
 * Writes rows of a journal from a SELECT of the core rows before the change, with every column as text; or, where the
 * old row need not be kept (`imageless`), of the identifying columns only. Every kind of promotion writes its journal
 * here, in the transaction of the change and before it, so that one kind of rollback is enough for all.
 */
export async function writeJournalRows(
  session: Session,
  entry: JournalEntry,
  rows: Sql,
  imageless = false,
): Promise<void> {
  const before = raw(imageless ? 'CAST(NULL AS VARCHAR)' : 'CAST(to_json("_tm_row") AS VARCHAR)');
  await session.execute(
    sql`INSERT INTO ${ident('history', entry.table)} (_promotion_id, _operation, _key, _before, _at)
        SELECT CAST(${entry.promotionId} AS BIGINT), CAST(${entry.operation} AS VARCHAR), ${keyJson(entry.identity)},
          ${before}, CAST(${timestamp(entry.now)} AS TIMESTAMP)
        FROM (${rows}) AS "_tm_row"`,
  );
}

/** The columns of core row `alias` as texts, with their names. */
export function imageOf(core: readonly ColumnInfo[], alias: string): Sql {
  return join(core.map(({ name }) => sql`CAST(${ident(alias, name)} AS VARCHAR) AS ${ident(name)}`));
}

/**
 * Writes into the journal every row that a promotion is about to change, or would change if a later period had not
 * delivered its key (`shadowed`). `_key` is a JSON array of texts: the key, after `_data_period` where that identifies
 * a core row too.
 */
export async function writeJournal(
  session: Session,
  shape: CoreShape,
  diff: Diff,
  at: { readonly promotionId: number; readonly period: string; readonly now: Date },
): Promise<void> {
  const core = (await session.columns(shape.table)) ?? [];
  for (const [operation, rows] of diff.byOperation) {
    if (rows === 0) continue;
    const imageless = operation === 'added' || operation === 'shadowed';
    const from = imageless
      ? keysOf(shape, diff, operation, at.period)
      : changedRows(shape, diff, core, operation, at.period);
    const entry = { ...at, table: shape.table.name, identity: identityColumns(shape), operation };
    await writeJournalRows(session, entry, from, imageless);
  }
}

function keyJson(identity: readonly string[]): Sql {
  const texts = identity.map((name) => sql`CAST(${ident('_tm_row', name)} AS VARCHAR)`);
  return sql`CAST(to_json(ARRAY[${join(texts)}]) AS VARCHAR)`;
}

function keysOf(shape: CoreShape, diff: Diff, operation: Operation, period: string): Sql {
  const ofChange = identityColumns(shape).filter((name) => name !== '_data_period');
  const key = join(ofChange.map((name) => ident('d', name)));
  return sql`SELECT ${key}, CAST(${period} AS VARCHAR) AS _data_period FROM ${diff.change} AS d
    WHERE d._op = ${raw(`'${operation}'`)}`;
}

function changedRows(
  shape: CoreShape,
  diff: Diff,
  core: readonly ColumnInfo[],
  operation: Operation,
  period: string,
): Sql {
  return sql`SELECT ${imageOf(core, 'c')} FROM ${coreTable(shape)} AS c WHERE ${touched(shape, diff, period, operation)}`;
}

/** The condition that core row `c` is one the diff changes by `operation`. */
export function touched(shape: CoreShape, diff: Diff, period: string, operation: Operation): Sql {
  const ofPeriod =
    shape.dataset.core.strategy === 'replace_period' ? sql`c._data_period = ${period} AND ` : raw('');
  return sql`${ofPeriod}EXISTS (SELECT 1 FROM ${diff.change} AS d
    WHERE d._op = ${raw(`'${operation}'`)} AND ${sameRow(shape, 'd', 'c')})`;
}

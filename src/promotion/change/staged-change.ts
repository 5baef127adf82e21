import { contentFingerprint } from '../../ledger/content.ts';
import type { Load } from '../../ledger/loads.ts';
import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import type { ColumnInfo, Session } from '../../warehouse/warehouse.ts';
import { type CoreShape, countsFor, sameKey } from '../core-shape.ts';
import { coreTable, type Diff } from '../diff.ts';
import type { SessionTables } from '../session-tables.ts';
import { changeFingerprint } from './change-fingerprint.ts';
import { type Delta, makeDelta, type PairedColumn, PLACE, pairColumns, paired } from './delta.ts';

/** A diff that is about to change core, in the transaction of the promotion. */
export interface PlannedChange {
  readonly session: Session;
  readonly scratch: SessionTables;
  readonly shape: CoreShape;
  readonly diff: Diff;
}

/** A diff of stage rows, and the load that they are. */
export interface StagedDiff extends PlannedChange {
  readonly load: Load;
}

/** The fingerprint of a change that is about to be promoted, the same that a comparison of it shows. */
export async function stagedFingerprint(staged: StagedDiff): Promise<string> {
  const { shape, diff, load } = staged;
  const delta = await plannedDelta(staged, load.period, () => new Map());
  return changeFingerprint(delta, stagedIdentity(shape, diff, load));
}

/** What a change does to core, cell by cell; `tolerance` says how far cells of the columns may differ. */
export async function plannedDelta(
  { session, scratch, shape, diff }: PlannedChange,
  period: string,
  tolerance: (columns: readonly PairedColumn[]) => Delta['tolerance'],
): Promise<Delta> {
  const known = [...shape.columns, PLACE];
  const key = shape.key.map((name) => known.find((column) => column.name === name) as ColumnInfo);
  const columns = paired(shape.columns, shape.key);
  const keys = join(key.map(({ name }, i) => sql`${ident('d', name)} AS ${ident(`k${i}`)}`));
  const pairs = (op: Sql, after: Sql, which: Sql) =>
    sql`SELECT ${op} AS _op, ${keys}, n._source_row AS _row${pairColumns(columns, 'c', 'n')}
      FROM ${diff.keys} AS d
        LEFT JOIN ${coreTable(shape)} AS c ON ${sameKey(shape, 'c', 'd')} AND ${countsFor(shape, period)}
        LEFT JOIN ${after} AS n ON ${sameKey(shape, 'n', 'd')}
      WHERE ${which}`;
  const own = pairs(
    raw('d._op'),
    diff.source,
    raw("d._op IN ('added', 'modified', 'removed', 'closed', 'shadowed')"),
  );
  const reverted =
    diff.earlier === null
      ? raw('')
      : sql` UNION ALL ${pairs(raw("CAST('reverted' AS VARCHAR)"), diff.earlier, raw("d._op = 'reverted'"))}`;
  return makeDelta(scratch, sql`${own}${reverted}`, { session, key, columns, tolerance: tolerance(columns) });
}

/** The rows of the load, the rules that carry it into core, and changes that no reader sees. */
export function stagedIdentity(shape: CoreShape, diff: Diff, load: Load): unknown {
  return {
    kind: 'staged',
    dataset: shape.dataset.name,
    period: load.period,
    slice: load.slice,
    content: contentFingerprint(load),
    rules: shape.fingerprint,
    owned: diff.byOperation.get('owned') ?? 0,
    closed: diff.closedPeriod,
  };
}

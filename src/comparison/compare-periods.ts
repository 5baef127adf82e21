import { businessColumns, type Dataset } from '../domain/dataset.ts';
import { parseSlice, type SliceFilter, sliceMatches } from '../domain/slice.ts';
import { type Load, standingLoads } from '../ledger/loads.ts';
import { PLACE } from '../promotion/change/delta.ts';
import { whyNotLoaded } from '../promotion/promotable-loads.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { columnType } from '../types/column-type.ts';
import { rowOfSlices } from '../warehouse/slice-rows.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { compareSides, rowKey, type Side } from './compare-sides.ts';
import type { Comparison } from './comparison.ts';
import type { Wanted } from './summarise.ts';

export interface PeriodsToCompare {
  readonly dataset: Dataset;
  readonly from: string;
  readonly to: string;
  /** Only these slices; the others are ignored. */
  readonly slice: SliceFilter;
}

/** Compares the stage rows of two periods. Makes tables, so the caller has to roll back. */
export async function comparePeriods(
  session: Session,
  of: PeriodsToCompare,
  wanted: Wanted,
): Promise<Comparison> {
  const { dataset, from, to } = of;
  const loads = { before: await loadsOf(session, of, from), after: await loadsOf(session, of, to) };
  const whole = [...new Set([...rowKey(dataset), ...dataset.sliceNames])];
  const columns: ColumnInfo[] = [
    ...businessColumns(dataset).map(({ name, field }) => ({ name, type: columnType(field), nullable: true })),
    ...(whole.includes(PLACE.name) ? [PLACE] : []),
  ];
  const side = (period: string): Side => ({
    label: `stage.${dataset.name} of ${period}`,
    rows: stageRows(of, period),
    columns,
  });
  return compareSides(
    session,
    new SessionTables(session),
    {
      dataset,
      key: whole,
      periods: [from, to],
      before: side(from),
      after: side(to),
      about: { kind: 'periods', period: to, slice: '', file_id: null },
      identity: {
        kind: 'periods',
        dataset: dataset.name,
        periods: [from, to],
        content: [loads.before, loads.after].map((all) =>
          all.map((load) => [load.slice, load.parquetSha256, load.correctionsFingerprint]),
        ),
      },
    },
    wanted,
  );
}

async function loadsOf(session: Session, of: PeriodsToCompare, period: string): Promise<Load[]> {
  const loads = (await standingLoads(session, of.dataset.name, period)).filter((load) =>
    sliceMatches(parseSlice(load.slice), of.slice),
  );
  if (loads.length > 0) return loads;
  throw await whyNotLoaded(session, { dataset: of.dataset.name, period, slice: '' });
}

function stageRows({ dataset, slice }: PeriodsToCompare, period: string): Sql {
  const asked = rowOfSlices(slice, { dataset, alias: 't' });
  return sql`(SELECT * FROM ${ident('stage', dataset.name)} AS t WHERE t._data_period = ${period} AND ${asked})`;
}

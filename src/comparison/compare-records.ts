import { counted } from '../domain/count.ts';
import type { Target } from '../domain/target.ts';
import { type PlannedChange, plannedDelta } from '../promotion/change/staged-change.ts';
import { isStaged } from '../promotion/core-shape.ts';
import { coreTable } from '../promotion/diff.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { coreChanges } from './compare-staged.ts';
import type { Comparison } from './comparison.ts';
import { refuseUnknownColumns } from './count-by.ts';
import { summarise, type Wanted } from './summarise.ts';
import { toleranceOf } from './tolerance.ts';

/** The records that are about to change core. */
export interface RecordsToCompare {
  readonly target: Target;
  /** How many there are, and how many of them have errors. */
  readonly records: number;
  readonly failed: number;
  /** The run that handed them over; null: those of all runs. */
  readonly run: string | null;
  /** What identifies them, for the fingerprint. */
  readonly identity: unknown;
}

/** What records would change in core: the rows that they make, against those that are there. Called before the change. */
export async function compareRecords(
  planned: PlannedChange,
  of: RecordsToCompare,
  wanted: Wanted,
): Promise<Comparison> {
  const { session, shape, diff } = planned;
  const { target, records, failed, run } = of;
  const { dataset } = shape;
  refuseUnknownColumns(
    wanted.by,
    shape.columns.map((column) => column.name),
  );
  const delta = await plannedDelta(planned, target.period, (columns) =>
    toleranceOf(columns, wanted.tolerance),
  );
  const waiting = `${counted(records, 'waiting record')}${run === null ? '' : ` of run '${run}'`}`;
  const before = await countRows(session, coreTable(shape));
  const { added, modified, unchanged } = diff.counts;
  return summarise(
    delta,
    {
      dataset,
      about: {
        ...{ kind: 'records', period: target.period, slice: target.slice, file_id: null },
        ...{ before: `core.${shape.table.name}`, after: waiting },
      },
      rows: { before, after: added + modified + unchanged },
      setAside: { before: 0, after: 0 },
      after: diff.source,
      schemaChanges: (await coreChanges(session, shape)) ?? [],
      keyProblems: [],
      notes: [
        ...(failed === 0
          ? []
          : [`${counted(failed, 'record with errors', 'records with errors')} would not be promoted.`]),
        ...(isStaged(shape) && added > 0 ? ['Rows that are added wait for go-live.'] : []),
      ],
      identity: of.identity,
    },
    wanted,
  );
}

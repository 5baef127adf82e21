import type { Dataset } from '../domain/dataset.ts';
import type { Tolerance } from '../promotion/change/cell-differs.ts';
import { changeFingerprint } from '../promotion/change/change-fingerprint.ts';
import type { Delta } from '../promotion/change/delta.ts';
import type { Sql } from '../sql/sql.ts';
import { changedColumns, rowsByOperation } from './changed-columns.ts';
import type { ChangeCounts, ColumnDifference, Comparison, KeyProblem } from './comparison.ts';
import { countBy } from './count-by.ts';
import { isPersonal, maskFor } from './mask.ts';
import { patternsOf } from './patterns.ts';
import { sampleCells, sampleRows } from './sample.ts';

/** What the caller wants to see of a comparison. */
export interface Wanted {
  /** Columns to count by. */
  readonly by: readonly string[];
  readonly tolerance: readonly Tolerance[];
  /** How many changed cells, and how many added, removed and closed rows, to show. */
  readonly sample: number;
  readonly showPersonal: boolean;
}

/** What is known about the two sides besides their delta. */
export interface Sides {
  readonly dataset: Dataset;
  readonly about: Pick<Comparison, 'kind' | 'period' | 'slice' | 'file_id' | 'before' | 'after'>;
  readonly rows: { readonly before: number; readonly after: number };
  readonly setAside: { readonly before: number; readonly after: number };
  /** The comparable rows of the side after. */
  readonly after: Sql;
  readonly schemaChanges: readonly ColumnDifference[];
  readonly keyProblems: readonly KeyProblem[];
  readonly notes: readonly string[];
  /** What identifies the compared content, for the fingerprint. */
  readonly identity: unknown;
}

/** Everything to show of a delta, as plain values. */
export async function summarise(delta: Delta, sides: Sides, wanted: Wanted): Promise<Comparison> {
  const { dataset } = sides;
  const operations = await rowsByOperation(delta);
  const of = (op: string) => operations.get(op)?.rows ?? 0;
  const comparable = sides.rows.after - sides.setAside.after;
  const counts: ChangeCounts = {
    before: sides.rows.before,
    after: sides.rows.after,
    added: of('added'),
    modified: of('modified') + of('reopened') + of('reverted'),
    removed: of('removed'),
    closed: of('closed'),
    reopened: of('reopened'),
    shadowed: of('shadowed'),
    unchanged: comparable - of('added') - of('modified') - of('reopened') - of('shadowed'),
    within_tolerance: of('tolerated'),
    not_compared: sides.setAside.before + sides.setAside.after,
    cells: [...operations.values()].reduce((sum, { cells }) => sum + cells, 0),
  };
  const mask = maskFor(dataset, wanted.showPersonal);
  const personal = (column: string) => isPersonal(dataset, column);
  const hidden = (column: string) => !wanted.showPersonal && personal(column);
  const columns = await changedColumns(delta, counts.modified + counts.unchanged);
  const named = [...delta.key, ...delta.columns].map((column) => column.name);
  return {
    ...sides.about,
    dataset: dataset.name,
    title: dataset.title,
    key: delta.key.map((column) => column.name),
    counts,
    schema_changes: sides.schemaChanges,
    key_problems: sides.keyProblems,
    columns,
    patterns: await patternsOf(delta, columns, hidden),
    by: await countBy(delta, wanted.by, { after: sides.after, hidden }),
    cells: await sampleCells(delta, wanted.sample, mask),
    rows: await sampleRows(delta, wanted.sample, mask),
    notes: sides.notes,
    tolerance: wanted.tolerance.map((each) => each.text).join(', ') || null,
    personal: !named.some(personal) ? 'none' : wanted.showPersonal ? 'shown' : 'masked',
    fingerprint: await changeFingerprint(delta, sides.identity),
  };
}

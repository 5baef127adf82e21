import type { Dataset } from '../domain/dataset.ts';
import type { Load } from '../ledger/loads.ts';
import { plannedDelta, stagedIdentity } from '../promotion/change/staged-change.ts';
import { type CoreShape, coreShape, derivedColumns, isStaged, sourceRows } from '../promotion/core-shape.ts';
import { ensureCoreTables } from '../promotion/core-tables.ts';
import type { Diff } from '../promotion/diff.ts';
import { neighbourPeriods } from '../promotion/neighbour-periods.ts';
import { type PromotionEnvironment, compare as promotionDiff } from '../promotion/promote.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { withSurrogateKeys } from '../promotion/surrogate-keys.ts';
import { sql } from '../sql/sql.ts';
import { sameType } from '../warehouse/migrate/column-types.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { keyNotes } from './compare-sides.ts';
import type { ColumnDifference, Comparison } from './comparison.ts';
import { refuseUnknownColumns } from './count-by.ts';
import { type CheckedSide, checkKeys, comparableRows, doubledKeys, sameKeys } from './key-check.ts';
import { maskFor } from './mask.ts';
import { schemaChanges } from './schema-changes.ts';
import { summarise, type Wanted } from './summarise.ts';
import { toleranceOf } from './tolerance.ts';

const CLEAN: CheckedSide = { rows: 0, setAside: 0, problem: null, duplicates: null };

/**
 * What the promotion of a load would change in core, in the scope that it would touch. Makes tables, so the caller has
 * to roll back.
 */
export async function compareStaged(
  session: Session,
  env: Pick<PromotionEnvironment, 'project' | 'capabilities'>,
  of: { readonly dataset: Dataset; readonly load: Load },
  wanted: Wanted,
): Promise<Comparison> {
  const { dataset, load } = of;
  const scratch = new SessionTables(session);
  const shape = await coreShape(session, env.project, dataset, load.period, env.capabilities.dialect);
  refuseUnknownColumns(
    wanted.by,
    shape.columns.map((column) => column.name),
  );
  const schema = await coreChanges(session, shape);
  await ensureCoreTables(session, shape, env.capabilities);

  const staged = await scratch.create('source', sourceRows(shape, load));
  const mask = maskFor(dataset, wanted.showPersonal);
  const checked = {
    before: CLEAN,
    after: await checkKeys(session, scratch, { name: 'after', rows: staged, key: shape.key }, mask),
  };
  const comparable = comparableRows(staged, shape.key, checked);
  const whole =
    checked.after.problem === null
      ? staged
      : await scratch.create('whole', sql`SELECT * FROM ${comparable} AS s`);
  const source = await withSurrogateKeys(session, scratch, shape, whole);
  const neighbours = await neighbourPeriods(session, load);
  const diff = await promotionDiff(session, env, { scratch, shape, neighbours, load, source });
  for (const doubled of doubledKeys(checked)) {
    // Core has such a key once, and it is not known which of the delivered rows it should become.
    await session.execute(
      sql`DELETE FROM ${diff.keys} AS d WHERE EXISTS (SELECT 1 FROM ${doubled} AS x WHERE ${sameKeys(shape.key, 'x', 'd')})`,
    );
  }
  const delta = await plannedDelta({ session, scratch, shape, diff }, load.period, (columns) =>
    toleranceOf(columns, wanted.tolerance),
  );
  const comparison = await summarise(
    delta,
    {
      dataset,
      about: { ...aboutOf(load), before: `core.${shape.table.name}` },
      rows: { before: diff.counts.scope, after: checked.after.rows },
      setAside: { before: 0, after: checked.after.setAside },
      after: source,
      schemaChanges: schema ?? [],
      keyProblems: checked.after.problem === null ? [] : [checked.after.problem],
      notes: notesOf(shape, diff, schema === null),
      identity: stagedIdentity(shape, diff, load),
    },
    wanted,
  );
  await scratch.drop();
  return comparison;
}

function aboutOf(load: Load): Pick<Comparison, 'kind' | 'period' | 'slice' | 'file_id' | 'after'> {
  const { period, slice, fileId } = load;
  return { kind: 'staged', period, slice, file_id: fileId, after: `delivery ${fileId} as staged` };
}

/** Null where core has no such table yet. */
export async function coreChanges(session: Session, shape: CoreShape): Promise<ColumnDifference[] | null> {
  const columns = await session.columns(shape.table);
  if (columns === null) return null;
  const derived = new Set(derivedColumns(shape).map((column) => column.name));
  const business = columns.filter(({ name }) => !name.startsWith('_') && !derived.has(name));
  return schemaChanges(business, shape.columns, (one, two) => sameType(one, two, session.capabilities));
}

function notesOf(shape: CoreShape, diff: Diff, isNew: boolean): string[] {
  const notes: string[] = [...keyNotes(shape.key)];
  if (isNew) notes.push(`core.${shape.table.name} is not there yet; the promotion would make it.`);
  else if (diff.counts.scope === 0) notes.push('Core has no rows in this scope yet.');
  const shadowed = diff.byOperation.get('shadowed') ?? 0;
  if (shadowed > 0)
    notes.push(
      `${shadowed} of the delivered rows would change nothing: a later period has delivered their keys.`,
    );
  if (isStaged(shape) && diff.counts.added > 0) notes.push('Rows that are added wait for go-live.');
  const reverted = diff.byOperation.get('reverted') ?? 0;
  if (reverted > 0)
    notes.push(`${reverted} of the modified rows would go back to what an earlier period delivered.`);
  return notes;
}

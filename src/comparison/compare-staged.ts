import type { Dataset } from '../domain/dataset.ts';
import { contentFingerprint } from '../ledger/content.ts';
import type { Load } from '../ledger/loads.ts';
import type { StagedDiff } from '../promotion/approvals.ts';
import {
  type CoreShape,
  coreShape,
  countsFor,
  derivedColumns,
  isStaged,
  sourceRows,
} from '../promotion/core-shape.ts';
import { ensureCoreTables } from '../promotion/core-tables.ts';
import { coreTable, type Diff } from '../promotion/diff.ts';
import { neighboursOf } from '../promotion/neighbours.ts';
import { type PromotionEnvironment, compare as promotionDiff } from '../promotion/promote.ts';
import { Scratch } from '../promotion/scratch-table.ts';
import { withSurrogateKeys } from '../promotion/surrogate-keys.ts';
import { ident, join, raw, type Sql, sql } from '../sql/sql.ts';
import { sameType } from '../warehouse/migrate/column-types.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { keyNotes, PLACE } from './compare-sides.ts';
import type { Comparison, SchemaChange } from './comparison.ts';
import { refuseUnknownColumns } from './count-by.ts';
import { type Delta, makeDelta, pairColumns, paired } from './delta.ts';
import { fingerprintOf } from './fingerprint.ts';
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
  const scratch = new Scratch(session);
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
  const neighbours = await neighboursOf(session, load);
  const diff = await promotionDiff(session, env, { scratch, shape, neighbours, load, source });
  for (const doubled of doubledKeys(checked)) {
    // Core has such a key once, and it is not known which of the delivered rows it should become.
    await session.execute(
      sql`DELETE FROM ${diff.keys} AS d WHERE EXISTS (SELECT 1 FROM ${doubled} AS x WHERE ${sameKeys(shape.key, 'x', 'd')})`,
    );
  }
  const delta = await stagedDelta(session, scratch, { shape, diff, load }, wanted);
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
      identity: identityOf(shape, diff, load),
    },
    wanted,
  );
  await scratch.drop();
  return comparison;
}

/** The fingerprint that `compareStaged` gives the same change, for a diff that exists already. */
export async function stagedFingerprint({
  session,
  scratch,
  shape,
  diff,
  load,
}: StagedDiff): Promise<string> {
  const delta = await stagedDelta(session, scratch, { shape, diff, load }, { tolerance: [] });
  return fingerprintOf(delta, identityOf(shape, diff, load));
}

function aboutOf(load: Load): Pick<Comparison, 'kind' | 'period' | 'slice' | 'file_id' | 'after'> {
  const { period, slice, fileId } = load;
  return { kind: 'staged', period, slice, file_id: fileId, after: `delivery ${fileId} as staged` };
}

/** Null where core has no such table yet. */
async function coreChanges(session: Session, shape: CoreShape): Promise<SchemaChange[] | null> {
  const columns = await session.columns(shape.table);
  if (columns === null) return null;
  const derived = new Set(derivedColumns(shape).map((column) => column.name));
  const business = columns.filter(({ name }) => !name.startsWith('_') && !derived.has(name));
  return schemaChanges(business, shape.columns, (one, two) => sameType(one, two, session.capabilities));
}

async function stagedDelta(
  session: Session,
  scratch: Scratch,
  of: { readonly shape: CoreShape; readonly diff: Diff; readonly load: Load },
  wanted: Pick<Wanted, 'tolerance'>,
): Promise<Delta> {
  const { shape, diff, load } = of;
  const known = [...shape.columns, PLACE];
  const key = shape.key.map((name) => known.find((column) => column.name === name) as ColumnInfo);
  const columns = paired(shape.columns, shape.key);
  const keys = join(key.map(({ name }, i) => sql`${ident('d', name)} AS ${ident(`k${i}`)}`));
  const pairs = (op: Sql, after: Sql, which: Sql) =>
    sql`SELECT ${op} AS _op, ${keys}, n._source_row AS _row${pairColumns(columns, 'c', 'n')}
      FROM ${diff.keys} AS d
        LEFT JOIN ${coreTable(shape)} AS c ON ${sameKeys(shape.key, 'c', 'd')} AND ${countsFor(shape, load.period)}
        LEFT JOIN ${after} AS n ON ${sameKeys(shape.key, 'n', 'd')}
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
  const tolerance = toleranceOf(columns, wanted.tolerance);
  return makeDelta(scratch, sql`${own}${reverted}`, { session, key, columns, tolerance });
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

/** The rows of the load, the rules that carry it into core, and changes that no reader sees. */
function identityOf(shape: CoreShape, diff: Diff, load: Load): unknown {
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

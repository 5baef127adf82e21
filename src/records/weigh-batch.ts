import { join as joinPath } from 'node:path';
import { counted } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { ScratchFolder } from '../lake/scratch-folder.ts';
import type { PlannedChange } from '../promotion/change/staged-change.ts';
import { type CoreShape, coreShape } from '../promotion/core-shape.ts';
import { lockPromotions } from '../promotion/locks.ts';
import { SessionTables } from '../promotion/session-tables.ts';
import { columnList, join, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { RuleBroken } from '../warehouse/rule-broken.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, type Chosen, chooseBatch } from './batch.ts';
import type { Judged, ToRead } from './judge-records.ts';
import { judgeRuns } from './judge-runs.ts';
import { recordDifference, tryRows } from './record-difference.ts';
import type { RecordsEnvironment } from './records-environment.ts';
import { findRefusedRows, MOST_REFUSED, refusedTable } from './refused-rows.ts';

/** The records of a batch, judged, and what they would change in core; nothing is changed yet. */
export interface Weighed extends PlannedChange {
  readonly dataset: RecordsDataset;
  readonly batch: Batch;
  readonly startedAt: Date;
  /** Temporary table of the good rows that may be promoted: `staging_id`, `given`, the fields. */
  readonly good: Sql;
  readonly failed: Sql;
  /** Runs of which too many records failed, and a temporary table of their good records; null: there are none. */
  readonly runsHeldBack: readonly string[];
  readonly heldBack: Sql | null;
  readonly unread: Judged['unread'];
}

/** What is done with a batch: `apply` may be made again without rows that the database refuses, `finish` is made once. */
export interface BatchWork<A, T> {
  apply(weighed: Weighed): Promise<A>;
  finish(weighed: Weighed, applied: A): Promise<T>;
}

/**
 * What an engine of this process may keep in memory while it promotes: a million records then need no more than a hundred
 * thousand. The rest of the 500 MB is for the texts, the scratch engine and the program itself.
 */
const MEMORY_MB = 128;

/**
 * Chooses records, under the lock on their core table, and carries out `work` with what they came to; null where there
 * are none. It is the first statement of the caller's transaction.
 */
export async function weighBatch<A, T>(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  chosen: Chosen,
  work: BatchWork<A, T>,
): Promise<T | null> {
  const target = { dataset, period: NO_PERIOD.text, slice: '', reads: [] };
  // On one of the engines a lock is a row, and a dry run must not leave one behind.
  if (!env.dryRun) await lockPromotions(session, env.datasets, [target]);
  const scratch = new SessionTables(session);
  await session.boundMemory(MEMORY_MB);
  const batch = await chooseBatch(session, scratch, dataset, chosen);
  if (batch === null) {
    await scratch.drop();
    return null;
  }
  const folder = new ScratchFolder(env.project, 'records', env.dryRun);
  try {
    const again = chosen.which === 'made';
    return await inFolder(session, env, dataset, { batch, scratch, folder: folder.path, again }, work);
  } finally {
    folder.remove();
  }
}

/**
 * Where the database itself refuses rows, by a rule that a person gave it, their records are bad too, and the others are
 * judged again without them.
 */
async function inFolder<A, T>(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  read: ToRead,
  work: BatchWork<A, T>,
): Promise<T> {
  const { scratch } = read;
  const found = { refused: null as Sql | null, count: 0, batch: read.batch };
  for (let round = 0; ; round++) {
    const folder = joinPath(read.folder, String(round));
    const weighed = await weigh(session, env, dataset, { ...read, ...found, folder });
    // Tables that an attempt makes are gone where it fails.
    const own = new SessionTables(session);
    const all: Weighed = { ...weighed, batch: read.batch, scratch: own };
    const apply = () => work.apply(all);
    try {
      const applied = session.capabilities.savepoints ? await session.attempt(apply) : await apply();
      const done = await work.finish(all, applied);
      await own.drop();
      await scratch.drop();
      return done;
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      const { shape, good } = weighed;
      const rows = await findRefusedRows(session, good, (part) => tryRows(session, shape, part));
      const bad = await firstOfKeys(session, shape, good, rows);
      found.count += bad.length;
      if (bad.length === 0) throw error.failure;
      if (found.count > MOST_REFUSED) throw tooMany(dataset, error);
      const now = await refusedTable(scratch, found.batch.table, bad);
      const before = found.refused;
      found.refused =
        before === null
          ? now
          : await scratch.create('refused', sql`SELECT * FROM ${before} UNION ALL SELECT * FROM ${now}`);
      const table = await scratch.create(
        'batch',
        sql`SELECT * FROM ${found.batch.table} WHERE staging_id NOT IN (SELECT staging_id FROM ${now})`,
        ['staging_id', 'run_id', 'portion'],
      );
      found.batch = { ...found.batch, table, records: await countRows(session, table) };
    }
  }
}

async function weigh(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  work: ToRead & { readonly refused: Sql | null },
): Promise<Weighed> {
  const startedAt = env.clock();
  const { batch, scratch, again } = work;
  const shape = await coreShape(session, env.project, dataset, NO_PERIOD.text, session.capabilities.dialect);
  const judged = await judgeRuns(session, env, dataset, work);
  const diff = await recordDifference(session, scratch, shape, { good: judged.good, again });
  return { session, scratch, shape, diff, dataset, batch, startedAt, ...judged };
}

/** Where rows build on those before them, a later record of a key may be right without the first refused one. */
async function firstOfKeys<R extends { readonly stagingId: number }>(
  session: Session,
  { key, dataset }: CoreShape,
  good: Sql,
  rows: readonly R[],
): Promise<readonly R[]> {
  if (rows.length === 0 || dataset.core.onDuplicate === 'skip') return rows;
  const ids = join(rows.map(({ stagingId }) => sql`${stagingId}`));
  const first = await session.query<{ id: number }>(
    sql`SELECT min(staging_id) AS id FROM ${good} WHERE staging_id IN (${ids}) GROUP BY ${columnList(key)}`,
  );
  const kept = new Set(first.map(({ id }) => Number(id)));
  return rows.filter(({ stagingId }) => kept.has(stagingId));
}

function tooMany({ name }: RecordsDataset, { message }: RuleBroken): TidemarkError {
  return new TidemarkError('statement-failed', {
    message: `The database refuses the rows of more than ${counted(MOST_REFUSED, 'record')}: they break ${message}. Nothing was promoted.`,
    hint: 'Compare the rules of the dataset with those that the core table has in the database.',
    where: { dataset: name },
  });
}

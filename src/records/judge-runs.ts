import { mkdirSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { RecordsDataset } from '../domain/dataset.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { heldBackRuns } from './held-back-runs.ts';
import { type Judged, judgeRecords, type ToRead } from './judge-records.ts';
import type { RecordsEnvironment } from './records-environment.ts';

/** What the records of a batch are, when the runs that wait are known. */
export interface JudgedRuns extends Judged {
  /** Runs of which more records failed than the dataset accepts; their good records wait. */
  readonly runsHeldBack: readonly string[];
  /** Temporary table of the `staging_id` of these good records; null: there are no such runs. */
  readonly heldBack: Sql | null;
}

/**
 * Judges the records of a batch; `refused` are bad ones that are known and not in it. Those of a run that waits give no rows,
 * so that the others are judged again without them: they must not build on rows that are not there.
 */
export async function judgeRuns(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  work: ToRead & { readonly refused: Sql | null },
): Promise<JudgedRuns> {
  const { scratch, refused } = work;
  const runsHeldBack: string[] = [];
  const failed: Sql[] = refused === null ? [] : [refused];
  const heldBack: Sql[] = [];
  let { batch } = work;
  let unread: Judged['unread'] | null = null;
  for (let round = 0; ; round++) {
    const folder = joinPath(work.folder, String(round));
    mkdirSync(folder, { recursive: true });
    const judged = await judgeRecords(session, env, dataset, { ...work, batch, folder });
    unread ??= judged.unread;
    const runs = work.again
      ? []
      : await heldBackRuns(session, dataset, { batch, failed: judged.failed, refused });
    if (runs.length === 0) {
      const all = { ...judged, unread, failed: await together(scratch, [...failed, judged.failed]) };
      return {
        ...all,
        runsHeldBack,
        heldBack: heldBack.length === 0 ? null : await together(scratch, heldBack),
      };
    }
    runsHeldBack.push(...runs);
    const isOfThem = sql`run_id IN (${join(runs.map((run) => sql`${run}`))})`;
    const ofThem = sql`staging_id IN (SELECT staging_id FROM ${batch.table} WHERE ${isOfThem})`;
    failed.push(await scratch.create('failed', sql`SELECT * FROM ${judged.failed} WHERE ${ofThem}`));
    heldBack.push(
      await scratch.create('held_back', sql`SELECT staging_id FROM ${judged.good} WHERE ${ofThem}`),
    );
    const table = await scratch.create('batch', sql`SELECT * FROM ${batch.table} WHERE NOT (${isOfThem})`, [
      ...['staging_id', 'run_id', 'portion'],
    ]);
    batch = { ...batch, table, records: await countRows(session, table) };
  }
}

/** The rows of temporary tables as one. */
async function together(scratch: ToRead['scratch'], tables: readonly Sql[]): Promise<Sql> {
  const [only] = tables;
  if (only !== undefined && tables.length === 1) return only;
  return scratch.create(
    'together',
    join(
      tables.map((table) => sql`SELECT * FROM ${table}`),
      ' UNION ALL ',
    ),
    ['staging_id'],
  );
}

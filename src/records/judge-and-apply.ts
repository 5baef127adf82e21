import { join as joinPath } from 'node:path';
import { counted } from '../domain/count.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { CoreShape } from '../promotion/core-shape.ts';
import { columnList, join, type Sql, sql } from '../sql/sql.ts';
import { countRows } from '../warehouse/count-rows.ts';
import { RuleBroken } from '../warehouse/rule-broken.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type AppliedRecords, applyRecords, tryRows } from './apply-records.ts';
import type { ToRead } from './judge-records.ts';
import { type JudgedRuns, judgeRuns } from './judge-runs.ts';
import type { RecordsEnvironment } from './records-environment.ts';
import { findRefusedRows, MOST_REFUSED, refusedTable } from './refused-rows.ts';

/**
 * Judges the records of a batch and brings the good ones into core. Where the database itself refuses rows, by a rule that
 * a person gave it, their records are bad too, and the others are judged again without them.
 */
export async function judgeAndApply(
  session: Session,
  env: RecordsEnvironment,
  shape: CoreShape,
  work: ToRead & { readonly dataset: RecordsDataset },
): Promise<{ readonly judged: JudgedRuns; readonly applied: AppliedRecords }> {
  const { dataset, scratch } = work;
  let { batch } = work;
  let refused: Sql | null = null;
  let found = 0;
  for (let round = 0; ; round++) {
    const folder = joinPath(work.folder, String(round));
    const judged = await judgeRuns(session, env, dataset, { ...work, batch, folder, refused });
    const apply = () => applyRecords(session, env, shape, judged.good);
    if (!session.capabilities.savepoints) return { judged, applied: await apply() };
    try {
      return { judged, applied: await session.attempt(apply) };
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      const rows = await findRefusedRows(session, judged.good, (part) => tryRows(session, shape, part));
      const bad = await firstOfKeys(session, shape, judged.good, rows);
      found += bad.length;
      if (bad.length === 0) throw error.failure;
      if (found > MOST_REFUSED) throw tooMany(dataset, error);
      const now = await refusedTable(scratch, batch.table, bad);
      refused =
        refused === null
          ? now
          : await scratch.create('refused', sql`SELECT * FROM ${refused} UNION ALL SELECT * FROM ${now}`);
      const table = await scratch.create(
        'batch',
        sql`SELECT * FROM ${batch.table} WHERE staging_id NOT IN (SELECT staging_id FROM ${now})`,
        ['staging_id', 'run_id', 'portion'],
      );
      batch = { ...batch, table, records: await countRows(session, table) };
    }
  }
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

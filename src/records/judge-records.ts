import { join as joinPath } from 'node:path';
import { basisWithout } from '../checks/basis.ts';
import type { RecordsDataset } from '../domain/dataset.ts';
import { NO_PERIOD } from '../domain/period.ts';
import type { SessionTables } from '../promotion/session-tables.ts';
import { literal, quoteName, type Sql, sql } from '../sql/sql.ts';
import { typeRecords } from '../validation/check-records.ts';
import { Scratch } from '../validation/scratch.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { type Batch, textsOf } from './batch.ts';
import { coreAround } from './core-around.ts';
import { judgeBatch, writeGoodRows, writeJudgements } from './judge-batch.ts';
import { land, landedColumns } from './landing.ts';
import { hasTree, parentKeys, uniqueFields } from './record-keys.ts';
import { recordPlan } from './record-plan.ts';
import type { RecordsEnvironment } from './records-environment.ts';
import { viewCore } from './resulting-rows.ts';
import { writeBatch } from './write-batch.ts';

/** What the records of a batch are. */
export interface Judged {
  /** Temporary table of good rows: `staging_id`, `given`, the fields. */
  readonly good: Sql;
  /** Temporary table of bad records: `staging_id`, `errors`, `lacks_parent`. */
  readonly failed: Sql;
  readonly unread: ReadonlyMap<string, number>;
}

/** Where and on what records are judged. */
export interface ToRead {
  readonly batch: Batch;
  readonly scratch: SessionTables;
  /** An empty folder for files. */
  readonly folder: string;
  /** They make all rows of core again, so that those which are there do not count. */
  readonly again: boolean;
}

/** Reads, types and checks the records of a batch, in an engine of their own. */
export async function judgeRecords(
  session: Session,
  env: RecordsEnvironment,
  dataset: RecordsDataset,
  { batch, scratch, folder, again }: ToRead,
): Promise<Judged> {
  const written = await writeBatch(
    folder,
    dataset,
    recordPlan(dataset, false),
    textsOf(session, dataset, batch),
  );
  const folds = written.hasAbsent && dataset.core.onDuplicate === 'update';
  const plan = recordPlan(dataset, folds);
  const fields = plan.columns.filter((column) => column !== plan.marks);
  const engine = await Scratch.open(folder, { width: plan.columns.length });
  const stop = () => engine.interrupt();
  env.signal.addEventListener('abort', stop);
  try {
    const typed = await typeRecords(engine, written.extract, plan.columns);
    const required = fields.filter(
      ({ name }) => dataset.fields.find((field) => field.name === name)?.constraints.required,
    );
    const refersToItself =
      hasTree(dataset) || parentKeys(dataset).some((key) => key.dataset === dataset.name);
    const looksInCore = uniqueFields(dataset).length > 0 || refersToItself;
    const needsCore = folds || looksInCore || parentKeys(dataset).length > 0;
    const path = joinPath(folder, 'landed.parquet');
    const names = fields.map(({ index, name }) => `v${index} AS ${quoteName(name)}`);
    if (needsCore)
      await engine.run(
        `COPY (SELECT ${names.join(', ')} FROM ${typed.typed.relation}) TO ${literal(path)} (FORMAT parquet)`,
      );
    const landed = needsCore
      ? await land(session, scratch, 'landed', {
          path,
          columns: landedColumns(fields),
          joined: lookedUp(dataset),
        })
      : null;
    const around =
      landed === null
        ? null
        : await coreAround(session, env.datasets, dataset, { landed, folder, folds, again });
    await viewCore(engine, plan, around ?? { held: null, others: null });
    const basis = around?.basis ?? basisWithout(NO_PERIOD);
    const input = {
      ...{ dataset, plan, basis, folds, looksInCore, refersToItself },
      typed: { ...typed, mustBeFilled: folds ? required : [] },
    };
    const { resulting } = await judgeBatch(engine, input);
    const attempts = joinPath(folder, 'attempts.parquet');
    await session.exportParquet(sql`SELECT staging_id, attempt FROM ${batch.table}`, attempts);
    const found = await writeJudgements(engine, input, {
      attempts: `read_parquet(${literal(attempts)})`,
      more: written.faults,
    });
    const rows = await writeGoodRows(engine, input, resulting);
    const columns = [
      { name: 'staging_id', type: 'BIGINT' },
      { name: 'given', type: 'BOOLEAN' },
      ...landedColumns(fields),
    ];
    return {
      good: await land(session, scratch, 'good', {
        path: rows,
        columns,
        joined: ['staging_id', ...dataset.core.key],
      }),
      failed: await land(session, scratch, 'failed', {
        ...{ path: found, columns: FAILED, joined: ['staging_id'] },
      }),
      unread: written.unread,
    };
  } finally {
    env.signal.removeEventListener('abort', stop);
    engine.close();
  }
}

const FAILED = [
  { name: 'staging_id', type: 'BIGINT' },
  { name: 'errors', type: 'VARCHAR' },
  { name: 'lacks_parent', type: 'BOOLEAN' },
  { name: 'key', type: 'VARCHAR' },
];

/** The fields by which parents, core rows and equal values are looked up. */
function lookedUp(dataset: RecordsDataset): string[] {
  const fields = [...parentKeys(dataset).map((key) => key.fields), ...uniqueFields(dataset)].flat();
  return [...new Set([...dataset.core.key, ...fields])];
}

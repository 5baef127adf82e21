import { recordsTableName } from '../../config/resolve-records.ts';
import type { RecordsDataset } from '../../domain/dataset.ts';
import { ident, join, raw, type Sql, sql } from '../../sql/sql.ts';
import type { Session, TableRef } from '../warehouse.ts';

/** The columns that a script may write; everything else is ours, and has a default. */
export const SCRIPT_COLUMNS = [
  'run_id',
  'actor',
  'interaction',
  'batch_id',
  'submit_key',
  'raw_data',
] as const;

/** The columns that a script may read: the number that it gets back, and the one that makes a submit repeatable. */
export const SCRIPT_READS = ['staging_id', 'submit_key'] as const;

export function recordsTable(dataset: Pick<RecordsDataset, 'name'>): TableRef {
  return { schema: 'stage', name: recordsTableName(dataset.name) };
}

/** The sequence of staging_ids, on an engine whose columns have no identity. */
export function recordsSequence(dataset: Pick<RecordsDataset, 'name'>): string {
  return `stage.${recordsTableName(dataset.name)}_seq`;
}

/**
 * The statements that make `stage.<dataset>_records`; none where it is there. `waits`: the next promotion judges the
 * record. `failed`: the last one found faults in it. Both, `promoted`, `duplicate` and `held_by` exclude each other, save
 * that a record waits although it failed where only the row that it refers to is missing. `taken_back`: the marks that the
 * rollback of promotion `of` took from the record. `pruned_at`: since then the record itself is gone, and `raw_data` is null.
 */
export async function planRecordsTable(session: Session, dataset: RecordsDataset): Promise<readonly Sql[]> {
  const table = recordsTable(dataset);
  if ((await session.columns(table)) !== null) return [];
  const { identityColumns } = session.capabilities;
  const sequence = recordsSequence(dataset);
  const name = ident(table.schema, table.name);
  const id = identityColumns
    ? 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY'
    : `BIGINT NOT NULL DEFAULT nextval('${sequence}')`;
  const now = identityColumns ? "(now() AT TIME ZONE 'UTC')" : 'make_timestamp(epoch_us(now()))';
  const columns = [
    `staging_id ${id}`,
    'run_id VARCHAR NOT NULL',
    'actor VARCHAR NOT NULL',
    'interaction VARCHAR',
    'batch_id VARCHAR',
    `submit_key VARCHAR${identityColumns ? ' UNIQUE' : ''}`,
    // The text as handed over: JSONB would change numbers and drop members.
    'raw_data JSON NOT NULL',
    'submitted_by VARCHAR DEFAULT session_user',
    `created_at TIMESTAMP NOT NULL DEFAULT ${now}`,
    'validated BOOLEAN NOT NULL DEFAULT false',
    'validation_errors JSON',
    'attempt INTEGER NOT NULL DEFAULT 0',
    'waits BOOLEAN NOT NULL DEFAULT true',
    'failed BOOLEAN NOT NULL DEFAULT false',
    'promoted BOOLEAN NOT NULL DEFAULT false',
    'duplicate BOOLEAN NOT NULL DEFAULT false',
    'promoted_to JSON',
    'promoted_at TIMESTAMP',
    'promotion_id BIGINT',
    'held_by BIGINT',
    'taken_back JSON',
    'pruned_at TIMESTAMP',
  ];
  return [
    ...(identityColumns ? [] : [raw(`CREATE SEQUENCE ${sequence}`)]),
    sql`CREATE TABLE ${name} (${join(columns.map(raw))})`,
    // On the embedded engine indexes cost more than they give.
    ...(identityColumns
      ? [sql`CREATE INDEX ${ident(`${table.name}_open`)} ON ${name} (run_id) WHERE NOT promoted`]
      : []),
  ];
}

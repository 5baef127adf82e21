import { isRecordsDataset } from '../domain/dataset.ts';
import type { Capabilities } from '../warehouse/capabilities.ts';
import {
  INTERVAL_COLUMNS,
  identityTable,
  periodColumn,
  RECORD_COLUMNS,
} from '../warehouse/migrate/dataset-tables.ts';
import { ensureTable, type WantedColumn } from '../warehouse/migrate/ensure-table.ts';
import { fillIdentity } from '../warehouse/migrate/fill-keys.ts';
import { LIVE_COLUMN, planLiveView } from '../warehouse/migrate/live-view.ts';
import type { ColumnInfo, Session } from '../warehouse/warehouse.ts';
import { type CoreShape, derivedColumns, identityColumns, isStaged } from './core-shape.ts';
import { JOURNAL_COLUMNS, journalTable } from './journal.ts';

/** Columns of a core table: the business columns, the source of the row, and the promotion that wrote it. */
function coreColumns(shape: CoreShape): WantedColumn[] {
  const own = (name: string, type: string): ColumnInfo => ({ name, type, nullable: true });
  return [
    ...shape.columns,
    ...derivedColumns(shape),
    own('_data_period', 'VARCHAR(7)'),
    own('_file_id', 'BIGINT'),
    own('_source_row', 'BIGINT'),
    own('_created_by', 'BIGINT'),
    own('_updated_by', 'BIGINT'),
    ...(isRecordsDataset(shape.dataset) ? RECORD_COLUMNS : []),
    ...(shape.closes ? [own('_closed_period', 'VARCHAR(7)')] : []),
    ...(shape.dataset.core.strategy === 'history' ? INTERVAL_COLUMNS : []),
    ...(isStaged(shape) ? [LIVE_COLUMN] : []),
  ];
}

/**
 * Makes the core table, the view of its live rows and its journal, or adds missing columns; a change that could lose
 * data is `migration-needed`.
 */
export async function ensureCoreTables(
  session: Session,
  shape: CoreShape,
  capabilities: Capabilities,
): Promise<void> {
  const { strategy } = shape.dataset.core;
  const { added } = await ensureTable(session, shape.table, coreColumns(shape), {
    unique: identityColumns(shape),
    masked: maybePersonal(shape),
    ...(capabilities.wantsPeriodIndex ? { index: [periodColumn(strategy)] } : {}),
  });
  const identity = identityTable(shape.dataset, shape.columns);
  if (identity !== null) await ensureTable(session, identity.table, identity.columns, identity.indexes);
  for (const statement of fillIdentity(shape.dataset, added)) await session.execute(statement);
  const names = ((await session.columns(shape.table)) ?? []).map((column) => column.name);
  for (const statement of await planLiveView(session, shape.table.name, names, isStaged(shape)))
    await session.execute(statement);
  await ensureTable(session, journalTable(shape), JOURNAL_COLUMNS, {
    ...(capabilities.wantsPeriodIndex ? { index: ['_promotion_id'] } : {}),
  });
}

/**
 * A model may give personal values another name: every column is masked that is neither one of ours nor a field without
 * personal data.
 */
function maybePersonal(shape: CoreShape): readonly string[] {
  const { fields, sliceNames } = shape.dataset;
  const shown = new Set([...fields.filter((field) => !field.pii).map((field) => field.name), ...sliceNames]);
  return identityColumns(shape).filter((name) => !shown.has(name) && !name.startsWith('_'));
}

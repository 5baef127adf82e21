import { businessColumns, type Dataset, isRecordsDataset, type Strategy } from '../../domain/dataset.ts';
import { columnType } from '../../types/column-type.ts';
import type { Capabilities } from '../capabilities.ts';
import type { ColumnInfo, TableRef } from '../warehouse.ts';
import type { WantedColumn } from './ensure-table.ts';
import { LIVE_COLUMN } from './live-view.ts';
import type { TableIndexes } from './table-indexes.ts';

export interface WantedTable {
  readonly table: TableRef;
  readonly columns: readonly WantedColumn[];
  readonly indexes: TableIndexes;
  /** Column by which rows are distributed, `reference` for a copy on every machine, null for neither. */
  readonly distributeBy: string | null;
}

const column = (name: string, type: string, nullable = true): ColumnInfo => ({ name, type, nullable });

/** Columns of an interval of periods, half-open: `_valid_to` is the first period after it, null while it is open. */
export const INTERVAL_COLUMNS: readonly ColumnInfo[] = [
  column('_valid_from', 'VARCHAR(7)'),
  column('_valid_to', 'VARCHAR(7)'),
  column('_is_current', 'BOOLEAN'),
];

/** The records that made a row, and that changed it last, by their numbers. */
export const RECORD_COLUMNS: readonly ColumnInfo[] = [
  column('_created_by_staging_id', 'BIGINT'),
  column('_updated_by_staging_id', 'BIGINT'),
];

/**
 * The column by which a core table's rows of a period are found; for intervals their end, because most ended long
 * before.
 */
export function periodColumn(strategy: Strategy): string {
  return strategy === 'history' ? '_valid_to' : '_data_period';
}

export function stageTable(dataset: Dataset, capabilities: Capabilities): WantedTable {
  return {
    table: { schema: 'stage', name: dataset.name },
    columns: [
      ...business(dataset),
      column('_data_period', 'VARCHAR(7)', false),
      column('_file_id', 'BIGINT', false),
      column('_source_row', 'BIGINT', false),
      column('_load_id', 'BIGINT', false),
    ],
    indexes: capabilities.wantsPeriodIndex ? { index: ['_data_period'] } : {},
    distributeBy: dataset.distributeBy,
  };
}

/**
 * The core table of a dataset without a model: the columns of stage, the source of a row, and the promotion that wrote
 * it.
 */
export function coreTable(dataset: Dataset, capabilities: Capabilities): WantedTable {
  const { core } = dataset;
  const byPeriod = core.strategy === 'replace_period';
  const intervals = core.strategy === 'history';
  return {
    table: { schema: 'core', name: core.table },
    columns: [
      ...business(dataset),
      ...surrogateKeys(dataset),
      column('_data_period', 'VARCHAR(7)'),
      column('_file_id', 'BIGINT'),
      column('_source_row', 'BIGINT'),
      column('_created_by', 'BIGINT'),
      column('_updated_by', 'BIGINT'),
      ...(isRecordsDataset(dataset) ? RECORD_COLUMNS : []),
      ...(core.strategy === 'upsert' && core.missing === 'close'
        ? [column('_closed_period', 'VARCHAR(7)')]
        : []),
      ...(intervals ? INTERVAL_COLUMNS : []),
      ...(core.rollout === 'staged' ? [LIVE_COLUMN] : []),
    ],
    indexes: {
      unique: byPeriod ? ['_data_period', ...core.key] : intervals ? [...core.key, '_valid_from'] : core.key,
      masked: personalColumns(dataset),
      ...(capabilities.wantsPeriodIndex ? { index: [periodColumn(core.strategy)] } : {}),
    },
    distributeBy: dataset.distributeBy,
  };
}

/** Columns whose values are never shown in a message. */
function personalColumns({ fields }: Dataset): readonly string[] {
  return fields.filter((field) => field.pii).map((field) => field.name);
}

/** The surrogate key and those of the rows referred to, which core has besides the business columns. */
export function surrogateKeys({ core }: Dataset): ColumnInfo[] {
  const names = [
    ...(core.identity === null ? [] : [core.identity]),
    ...core.references.map((each) => each.column),
  ];
  return names.map((name) => column(name, 'BIGINT'));
}

export function identityTableName(coreTable: string): string {
  return `${coreTable}_identity`;
}

/**
 * Which surrogate key each natural key has, for ever; `columns` are those of core. Null where there are no surrogate
 * keys.
 */
export function identityTable(dataset: Dataset, columns: readonly ColumnInfo[]): WantedTable | null {
  const { core, distributeBy } = dataset;
  if (core.identity === null) return null;
  const key = core.key.flatMap((name) => columns.find((each) => each.name === name) ?? []);
  return {
    table: { schema: 'core', name: identityTableName(core.table) },
    columns: [...key, column(core.identity, 'BIGINT')],
    indexes: { unique: core.key, index: [core.identity], masked: personalColumns(dataset) },
    distributeBy: distributeBy,
  };
}

/** Before-images of core rows, as text, so that no digit is lost. */
export function historyTable(dataset: Dataset, capabilities: Capabilities): WantedTable {
  return {
    table: { schema: 'history', name: dataset.core.table },
    columns: [
      column('_promotion_id', 'BIGINT'),
      column('_operation', 'VARCHAR'),
      column('_key', 'VARCHAR'),
      column('_before', 'VARCHAR'),
      column('_at', 'TIMESTAMP'),
    ],
    indexes: capabilities.wantsPeriodIndex ? { index: ['_promotion_id'] } : {},
    distributeBy: null,
  };
}

function business(dataset: Dataset): ColumnInfo[] {
  return businessColumns(dataset).map(({ name, field }) => column(name, columnType(field)));
}

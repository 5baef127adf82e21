import { type Dataset, isRecordsDataset } from '../../domain/dataset.ts';
import { TidemarkError } from '../../errors/tidemark-error.ts';
import { ident, type Sql, sql } from '../../sql/sql.ts';
import type { Session } from '../warehouse.ts';
import { coreTable, historyTable, identityTable, stageTable, type WantedTable } from './dataset-tables.ts';
import { planTable, type TablePlan } from './ensure-table.ts';
import { fillIdentity, fillReferences } from './fill-keys.ts';
import { LIVE_COLUMN, planLiveView } from './live-view.ts';
import { fitting, refuseMisfits, type TableMisfit } from './misfits.ts';
import { planRecordsTable } from './records-table.ts';
import { strategyMisfit } from './strategy-change.ts';

export interface TablesPlan {
  readonly statements: readonly Sql[];
  readonly warnings: readonly string[];
}

/**
 * The statements that make the tables fit the configuration. For a dataset with a core model, transform makes the core
 * table.
 */
export async function planTables(
  session: Session,
  datasets: Iterable<Dataset>,
  hasCoreModel: (dataset: Dataset) => boolean,
): Promise<TablesPlan> {
  const statements: Sql[] = [];
  const warnings: string[] = [];
  const misfits: TableMisfit[] = [];
  const all = [...datasets];
  const madeByTransform = new Set(all.filter(hasCoreModel).map((dataset) => dataset.name));
  const references: Sql[] = [];
  for (const dataset of all) {
    const core = coreTable(dataset, session.capabilities);
    const identity = identityTable(dataset, core.columns);
    const withCore = hasCoreModel(dataset) ? [] : [core, ...(identity === null ? [] : [identity])];
    if (isRecordsDataset(dataset)) statements.push(...(await planRecordsTable(session, dataset)));
    const tables = [
      ...(isRecordsDataset(dataset) ? [] : [stageTable(dataset, session.capabilities)]),
      ...withCore,
      historyTable(dataset, session.capabilities),
    ];
    let added: readonly string[] = [];
    for (const wanted of tables) {
      const plan = await planTable(session, wanted.table, wanted.columns, wanted.indexes);
      statements.push(...plan.statements);
      if (plan.misfit !== null) misfits.push(plan.misfit);
      if (wanted === core) {
        const rows = plan.creates ? null : await strategyMisfit(session, dataset);
        if (rows !== null) misfits.push({ ...fitting(core.table), rows });
        added = plan.added;
        statements.push(...(await viewOf(session, dataset, wanted, plan)));
      }
      if (plan.creates) statements.push(...(await distribution(session, dataset, wanted, warnings)));
      warnings.push(...leftColumns(wanted, plan.left));
    }
    if (hasCoreModel(dataset)) statements.push(...(await viewOfModel(session, dataset)));
    statements.push(...fillIdentity(dataset, added));
    const known = dataset.core.references.filter((reference) => !madeByTransform.has(reference.dataset));
    references.push(
      ...fillReferences(
        dataset,
        known.map((reference) => reference.column).filter((column) => added.includes(column)),
      ),
    );
  }
  refuseMisfits(misfits, session);
  statements.push(...references);
  return { statements, warnings: [...new Set(warnings)] };
}

async function viewOf(
  session: Session,
  dataset: Dataset,
  { table, columns }: WantedTable,
  plan: TablePlan,
): Promise<Sql[]> {
  const there = (await session.columns(table)) ?? [];
  const all = plan.creates
    ? columns.map(({ name }) => name)
    : [...there.map(({ name }) => name), ...plan.added];
  return planLiveView(session, table.name, all, dataset.core.rollout === 'staged');
}

/** A core table that transform made, unchanged: marts read its view from the start. */
async function viewOfModel(session: Session, { core }: Dataset): Promise<Sql[]> {
  const columns = (await session.columns({ schema: 'core', name: core.table }))?.map(({ name }) => name);
  if (columns === undefined) return [];
  const staged = core.rollout === 'staged' && columns.includes(LIVE_COLUMN.name);
  return planLiveView(session, core.table, columns, staged);
}

function leftColumns(wanted: WantedTable, left: readonly string[]): string[] {
  const { schema, name } = wanted.table;
  return left
    .filter((column) => !column.startsWith('_'))
    .map(
      (column) =>
        `${schema}.${name} has a column ${column} that the configuration does not; it stays, and new rows hold null in it.`,
    );
}

async function distribution(
  session: Session,
  dataset: Dataset,
  wanted: WantedTable,
  warnings: string[],
): Promise<Sql[]> {
  if (wanted.distributeBy === null) return [];
  if (!session.capabilities.distributes) {
    warnings.push(`distribute_by of dataset ${dataset.name} has no effect on this warehouse.`);
    return [];
  }
  const citus = await session.query(
    sql`SELECT 1 AS there FROM pg_catalog.pg_extension WHERE extname = 'citus'`,
  );
  if (citus.length === 0) {
    throw new TidemarkError('bad-config', {
      message: `distribute_by of dataset ${dataset.name} needs the extension citus, which this database does not have.`,
      hint: 'Have an administrator run CREATE EXTENSION citus, or take distribute_by out of datasets_config.yml.',
      where: { dataset: dataset.name },
    });
  }
  const table = ident(wanted.table.schema, wanted.table.name).text;
  if (wanted.distributeBy === 'reference') return [sql`SELECT create_reference_table(${table})`];
  return [sql`SELECT create_distributed_table(${table}, ${wanted.distributeBy})`];
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join as joinPath } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { businessColumns, type Dataset } from '../../src/domain/dataset.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import type { StepResult } from '../../src/domain/result.ts';
import { parseSlice } from '../../src/domain/slice.ts';
import { TidemarkError } from '../../src/errors/tidemark-error.ts';
import { openProject, type Project } from '../../src/lake/project.ts';
import type { Content } from '../../src/ledger/content.ts';
import { logLoad } from '../../src/ledger/loads.ts';
import { replaceTarget } from '../../src/loading/replace-period.ts';
import { ident, join, raw, type Sql, sql } from '../../src/sql/sql.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { type TransformInput, transform } from '../../src/steps/transform.ts';
import { columnType } from '../../src/types/column-type.ts';
import { columnTypeSql } from '../../src/warehouse/migrate/column-types.ts';
import { migrate, migrationSources } from '../../src/warehouse/migrate/migrate.ts';
import type { Row, Session, Warehouse } from '../../src/warehouse/warehouse.ts';

import type { Engine, OpenedWarehouse } from './empty-warehouses.ts';
import { stepContext } from './step-context.ts';

const LOG_TABLES = [
  ...['ingestion_log', 'validation_log', 'load_log', 'promotion_log', 'publish_log'],
  ...['period_log', 'approval_log', 'decision_log', 'correction_log', 'answer_log'],
];

type Values = Record<string, null | string | number | boolean>;

/** A pipeline's folder and a warehouse with stage tables, fed without files: what promotion needs and no more. */
export class World {
  readonly project: Project;
  readonly warehouse: Warehouse;
  readonly datasets: ReadonlyMap<string, Dataset>;
  #loads = 0;
  #calls = 0;

  #release: () => Promise<void>;

  private constructor(root: string, opened: OpenedWarehouse, datasets: readonly Dataset[]) {
    this.project = openProject(root);
    this.warehouse = opened.warehouse;
    this.#release = () => opened.release();
    this.datasets = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  }

  static async open(engine: Engine, datasets: readonly Dataset[]): Promise<World> {
    const root = mkdtempSync(joinPath(tmpdir(), 'tidemark-promotion-'));
    mkdirSync(joinPath(root, 'data'), { recursive: true });
    const world = new World(root, await engine.open(root), datasets);
    await world.migrate();
    return world;
  }

  /** The same for tests that each have a world of their own: the tables are made once for each `datasets` and copied. */
  static async openCopy(engine: Engine, datasets: readonly Dataset[]): Promise<World> {
    const root = mkdtempSync(joinPath(tmpdir(), 'tidemark-promotion-'));
    mkdirSync(joinPath(root, 'data'), { recursive: true });
    const worldOf = (warehouse: Warehouse) =>
      new World(root, { warehouse, url: '', release: async () => {} }, datasets);
    const opened = await engine.openPrepared(root, datasets, (warehouse) => worldOf(warehouse).migrate());
    return new World(root, opened, datasets);
  }

  /** Makes the tables the datasets ask for; again after models were written. */
  async migrate(): Promise<void> {
    await migrate(this.warehouse, migrationSources(this.project, this.config, this.warehouse));
  }

  /** Empties every table a promotion reads or writes. */
  async reset(): Promise<void> {
    await this.warehouse.transaction(async (session) => {
      for (const table of LOG_TABLES) {
        await session.execute(sql`DELETE FROM ${ident('meta', table)}`);
      }
      await session.execute(raw('DELETE FROM stage._corrections'));
      for (const { name, core } of this.datasets.values()) {
        await session.execute(sql`DELETE FROM ${ident('stage', name)}`);
        await session.execute(sql`DELETE FROM ${ident('core', core.table)}`);
        await session.execute(sql`DELETE FROM ${ident('history', core.table)}`);
        if (core.identity !== null)
          await session.execute(sql`DELETE FROM ${ident('core', `${core.table}_identity`)}`);
      }
    });
  }

  async close(): Promise<void> {
    await this.#release();
    rmSync(this.project.root, { recursive: true, force: true });
  }

  get config(): Config {
    return {
      path: this.project.configPath,
      datasets: this.datasets,
      databaseUrl: null,
      limits: DEFAULT_LIMITS,
    };
  }

  write(path: string, text: string): void {
    const full = joinPath(this.project.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /**
   * Puts a delivery's rows into stage as load-stage does, with its Parquet file and log rows. Answers its file_id. Its
   * content differs from that of every other load, unless it is said to be the same.
   */
  async load(
    name: string,
    period: string,
    rows: readonly Values[],
    slice = '',
    content: Partial<Content> = {},
  ): Promise<number> {
    const dataset = this.datasets.get(name) as Dataset;
    const id = ++this.#loads;
    const parquet = `data/stage/cleaned/${name}_${id}.parquet`;
    const { root } = this.project;
    await this.warehouse.transaction((session) =>
      loadRows(session, { dataset, period, slice, rows, id, parquet, root, content }),
    );
    return id;
  }

  context(over: Partial<StepContext> = {}): StepContext {
    const { project, config, warehouse } = this;
    // The same call of the same run would be answered as before.
    return stepContext({ project, config, warehouse, runId: `test-run-${++this.#calls}` }, over);
  }

  /** Promotes a period; datasets by name (all where none is named). An error comes back as it would be thrown. */
  async transform(
    period: string,
    names: readonly string[] = [],
    over: Partial<TransformInput> = {},
    context: Partial<StepContext> = {},
  ): Promise<StepResult> {
    const datasets =
      names.length === 0
        ? [...this.datasets.values()]
        : names.map((name) => this.datasets.get(name) as Dataset);
    return transform(this.context(context), {
      period:
        period === 'none'
          ? { kind: 'none', text: 'none' }
          : (parsePeriod(period) as NonNullable<ReturnType<typeof parsePeriod>>),
      datasets,
      named: names.length > 0,
      atomic: false,
      acceptGuards: [],
      ...over,
    });
  }

  rows(query: Sql): Promise<Row[]> {
    return this.warehouse.read((session) => session.query(query));
  }

  core(table: string, order = raw('1')): Promise<Row[]> {
    return this.rows(sql`SELECT * FROM ${ident('core', table)} ORDER BY ${order}`);
  }
}

/** The error a step ends with. */
export async function errorOf(work: Promise<unknown>): Promise<TidemarkError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

async function loadRows(
  session: Session,
  at: {
    dataset: Dataset;
    period: string;
    slice: string;
    rows: readonly Values[];
    id: number;
    parquet: string;
    root: string;
    content: Partial<Content>;
  },
): Promise<void> {
  const { dataset, period, slice, rows, id } = at;
  const target = { dataset: dataset.name, period, slice };
  const path = joinPath(at.root, at.parquet);
  mkdirSync(dirname(path), { recursive: true });
  await session.exportParquet(rowsQuery(session, dataset, parseSlice(slice), rows), path);
  const columns = [...businessColumns(dataset).map(({ name }) => name), '_source_row'];
  const verified = { path, rows: rows.length, columns };
  const counts = await replaceTarget(session, dataset, target, verified, { fileId: id, loadId: id });
  const loadedAt = new Date('2025-09-01T00:00:00Z');
  await logLoad(session, {
    ...{ ...target, loadId: id, fileId: id, validationId: id, parquetPath: at.parquet },
    ...{ parquetSha256: `sha-${id}`, correctionsFingerprint: null, ...at.content, forced: false },
    ...{ rowsDeleted: counts.deleted, rowsInserted: counts.inserted },
    ...{ runId: 'test-run', startedAt: loadedAt, loadedAt },
  });
}

/** The rows as a cleaned file holds them: with the columns of the slice and their place in the file. */
function rowsQuery(
  { capabilities }: Session,
  dataset: Dataset,
  slices: ReturnType<typeof parseSlice>,
  rows: readonly Values[],
): Sql {
  const columns = businessColumns(dataset);
  const selectOf = (row: Values, place: number) => {
    const all: Values = { ...row, ...Object.fromEntries(slices) };
    const values = columns.map(
      ({ name, field }) =>
        sql`CAST(${all[name] ?? null} AS ${raw(columnTypeSql(columnType(field), capabilities))}) AS ${ident(name)}`,
    );
    return sql`SELECT ${join(values)}, CAST(${place} AS BIGINT) AS _source_row`;
  };
  if (rows.length === 0) return sql`${selectOf({}, 0)} WHERE 1 = 0`;
  return join(
    rows.map((row, i) => selectOf(row, i + 2)),
    ' UNION ALL ',
  );
}

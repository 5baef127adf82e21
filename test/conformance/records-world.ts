import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Dataset, isRecordsDataset, type RecordsDataset } from '../../src/domain/dataset.ts';
import { writeFileAtomic } from '../../src/lake/atomic-write.ts';
import { openProject, type Project } from '../../src/lake/project.ts';
import { recordsName } from '../../src/records/batch.ts';
import { ident, join, raw, sql } from '../../src/sql/sql.ts';
import { type RecordsPromoteInput, recordsPromote } from '../../src/steps/records-promote.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { migrate, migrationSources } from '../../src/warehouse/migrate/migrate.ts';
import { openWarehouse } from '../../src/warehouse/open-warehouse.ts';
import type { Row, Session, Warehouse } from '../../src/warehouse/warehouse.ts';
import type { Engine, OpenedWarehouse } from './empty-warehouses.ts';
import { stepContext } from './world/step-context.ts';

/** What became of a record, in one word each; `failed waits` is one whose parent may come. */
export type Mark = 'waits' | 'promoted' | 'duplicate' | 'failed' | 'failed waits' | 'held';

export interface Marked {
  readonly id: number;
  readonly mark: Mark;
  readonly attempt: number;
  /** Codes of all attempts, each as `attempt:field:code`. */
  readonly errors: readonly string[];
  readonly place: Readonly<Record<string, unknown>> | null;
}

/** A pipeline whose datasets take records, and records handed over by plain SQL, as a script does it. */
export class RecordsWorld {
  readonly project: Project;
  readonly opened: OpenedWarehouse;
  config: Config;
  #calls = 0;

  private constructor(root: string, opened: OpenedWarehouse, config: string) {
    this.project = openProject(root);
    this.opened = opened;
    this.config = this.rules(config);
  }

  static async open(engine: Engine, config: string): Promise<RecordsWorld> {
    const root = mkdtempSync(joinPath(tmpdir(), 'tidemark-records-'));
    mkdirSync(joinPath(root, 'data'), { recursive: true });
    const world = new RecordsWorld(root, await engine.open(root), config);
    await migrate(world.warehouse, migrationSources(world.project, world.config, world.warehouse));
    return world;
  }

  get warehouse(): Warehouse {
    return this.opened.warehouse;
  }

  /** Other rules for the same tables. */
  rules(config: string): Config {
    writeFileAtomic(this.project.configPath, config);
    this.config = loadConfig(this.project.configPath, {});
    return this.config;
  }

  dataset(name: string): RecordsDataset {
    const found = this.config.datasets.get(name) as Dataset;
    if (!isRecordsDataset(found)) throw new Error(`${name} takes no records`);
    return found;
  }

  /** Hands records over as a script does it, with nothing but run, actor and data. Answers their numbers. */
  async insert(name: string, run: string, ...records: readonly (string | object)[]): Promise<number[]> {
    if (records.length === 0) return [];
    return this.warehouse.transaction((session) => insertRecords(session, this.dataset(name), run, records));
  }

  /** A second caller of the same database; only a server takes two at a time. */
  openAgain(): Warehouse {
    const where = { projectRoot: this.project.root, environment: {}, lockTimeoutMs: 20_000 };
    return openWarehouse(this.opened.url, where);
  }

  context(over: Partial<StepContext> = {}): StepContext {
    const { project, config, warehouse } = this;
    return stepContext({ project, config, warehouse, runId: `call-${++this.#calls}` }, over);
  }

  promote(name: string, over: Partial<RecordsPromoteInput> = {}, context: Partial<StepContext> = {}) {
    return recordsPromote(this.context(context), {
      ...{ dataset: this.dataset(name), run: null, stagingIds: [], acceptGuards: [] },
      ...{ failOnFailed: false, told: 1000 },
      ...over,
    });
  }

  /** The counts of a promotion of all records that wait. */
  async counts(name: string, over: Partial<RecordsPromoteInput> = {}) {
    return (await this.promote(name, over)).result.records;
  }

  async marks(name: string): Promise<Marked[]> {
    const rows = await this.warehouse.read((session) =>
      session.query(
        sql`SELECT r.*, CAST(r.validation_errors AS VARCHAR) AS errors, CAST(r.promoted_to AS VARCHAR) AS place
            FROM ${recordsName(this.dataset(name))} AS r ORDER BY staging_id`,
      ),
    );
    return rows.map(markedOf);
  }

  /** Only the words, in the order of the numbers. */
  async words(name: string): Promise<Mark[]> {
    return (await this.marks(name)).map(({ mark }) => mark);
  }

  async core(name: string, ...columns: readonly string[]): Promise<Row[]> {
    const { core } = this.dataset(name);
    const picked = columns.length === 0 ? raw('*') : join(columns.map((column) => ident(column)));
    const order = join(core.key.map((column) => ident(column)));
    return this.warehouse.read((session) =>
      session.query(sql`SELECT ${picked} FROM ${ident('core', core.table)} ORDER BY ${order}`),
    );
  }

  execute(statement: string): Promise<number> {
    return this.warehouse.transaction((session) => session.execute(raw(statement)));
  }

  /** As after a migrate: no records, no core rows, no log. Numbers go on. */
  async reset(): Promise<void> {
    await this.warehouse.transaction(async (session) => {
      for (const dataset of this.config.datasets.values()) {
        const { table, identity } = dataset.core;
        if (isRecordsDataset(dataset)) await session.execute(sql`DELETE FROM ${recordsName(dataset)}`);
        for (const schema of ['core', 'history'])
          await session.execute(sql`DELETE FROM ${ident(schema, table)}`);
        if (identity !== null) await session.execute(sql`DELETE FROM ${ident('core', `${table}_identity`)}`);
      }
      await session.execute(raw('DELETE FROM meta.promotion_log'));
    });
  }

  async close(): Promise<void> {
    await this.opened.release();
    rmSync(this.project.root, { recursive: true, force: true });
  }
}

export async function insertRecords(
  session: Session,
  dataset: RecordsDataset,
  run: string,
  records: readonly (string | object)[],
): Promise<number[]> {
  const values = records.map((record) => {
    const text = typeof record === 'string' ? record : JSON.stringify(record);
    return sql`(${run}, ${'a script'}, CAST(${text} AS JSON))`;
  });
  const rows = await session.query<{ id: number }>(
    sql`INSERT INTO ${recordsName(dataset)} (run_id, actor, raw_data) VALUES ${join(values)} RETURNING staging_id AS id`,
  );
  return rows.map(({ id }) => Number(id));
}

function markedOf(row: Row): Marked {
  const flags = ['waits', 'promoted', 'duplicate', 'failed'].filter((name) => row[name] === true);
  const all = row.errors === null ? [] : (JSON.parse(row.errors as string) as Record<string, unknown>[]);
  const said = flags.join(' ');
  return {
    id: Number(row.staging_id),
    mark: (row.held_by !== null ? 'held' : said === 'waits failed' ? 'failed waits' : said) as Mark,
    attempt: Number(row.attempt),
    errors: all.map(({ attempt, field, code }) => `${attempt}:${field}:${code}`),
    place: row.place === null ? null : JSON.parse(row.place as string),
  };
}

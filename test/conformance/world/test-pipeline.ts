import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { openProject, type Project } from '../../../src/lake/project.ts';
import type { StepContext } from '../../../src/steps/step.ts';
import { migrate, migrationSources } from '../../../src/warehouse/migrate/migrate.ts';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';
import type { OpenedWarehouse } from '../empty-warehouses.ts';
import { emptyTables } from './empty-tables.ts';
import { stepContext } from './step-context.ts';

/** Datasets as values, or a configuration as its file says it. */
export type Declared = readonly Dataset[] | string;

/** An empty folder for a pipeline. */
export function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'tidemark-world-'));
  mkdirSync(join(root, 'data/landed'), { recursive: true });
  return root;
}

/** A pipeline's folder, its configuration and its warehouse: what steps are called with. */
export class TestPipeline {
  readonly project: Project;
  readonly opened: OpenedWarehouse;
  #config: Config;
  #calls = 0;

  constructor(root: string, opened: OpenedWarehouse, declared: Declared) {
    this.project = openProject(root);
    this.opened = opened;
    this.#config = configOf(this.project, declared);
  }

  get warehouse(): Warehouse {
    return this.opened.warehouse;
  }

  get config(): Config {
    return this.#config;
  }

  get datasets(): ReadonlyMap<string, Dataset> {
    return this.#config.datasets;
  }

  dataset(name: string): Dataset {
    return this.datasets.get(name) as Dataset;
  }

  /** Another configuration from now on; `migrate` makes its tables. */
  configure(declared: Declared): void {
    this.#config = configOf(this.project, declared);
  }

  /** Makes the tables the datasets ask for; again after models were written. */
  async migrate(): Promise<void> {
    await migrate(this.warehouse, migrationSources(this.project, this.config, this.warehouse));
  }

  reset(): Promise<void> {
    return emptyTables(this.warehouse, this.datasets.values());
  }

  async close(): Promise<void> {
    await this.opened.release();
    rmSync(this.project.root, { recursive: true, force: true });
  }

  write(path: string, text: string): void {
    const full = join(this.project.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  context(over: Partial<StepContext> = {}): StepContext {
    const { project, config, warehouse } = this;
    // The same call of the same run would be answered as before.
    return stepContext({ project, config, warehouse, runId: `test-run-${++this.#calls}` }, over);
  }
}

function configOf(project: Project, declared: Declared): Config {
  if (typeof declared === 'string') {
    writeFileSync(project.configPath, declared);
    return loadConfig(project.configPath, {});
  }
  const datasets = new Map(declared.map((dataset) => [dataset.name, dataset]));
  return { path: project.configPath, datasets, databaseUrl: null, limits: DEFAULT_LIMITS };
}

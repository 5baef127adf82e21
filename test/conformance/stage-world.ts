import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import type { StepResult } from '../../src/domain/result.ts';
import { parseSlice } from '../../src/domain/slice.ts';
import { writeFileAtomic } from '../../src/lake/atomic-write.ts';
import { openProject, type Project } from '../../src/lake/project.ts';
import { makeCurrent } from '../../src/ledger/current-delivery.ts';
import { logDelivery } from '../../src/ledger/deliveries.ts';
import { timestamp } from '../../src/ledger/timestamp.ts';
import { logValidation } from '../../src/ledger/validations.ts';
import { ident, raw, sql } from '../../src/sql/sql.ts';
import { type LoadStageInput, loadStage } from '../../src/steps/load-stage.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { migrate, migrationSources } from '../../src/warehouse/migrate/migrate.ts';
import type { Row, Warehouse } from '../../src/warehouse/warehouse.ts';
import { writeParquet } from '../fixtures/parquet.ts';
import type { Engine, OpenedWarehouse } from './empty-warehouses.ts';
import { stepContext } from './step-context.ts';

const CONFIG = `version: 1
datasets:
  cases:
    title: Cases
    period: month
    source: {filename: "cases_{period}.csv"}
    schema: {fields: [{name: id, type: integer}, {name: note, type: string}, {name: amount, type: number, precision: 12, scale: 2}]}
    core: {key: [id], strategy: upsert}
  topics:
    title: Topics
    period: month
    source: {filename: "topics_{board}_{period}.csv"}
    schema: {fields: [{name: id, type: integer}]}
    core: {key: [board, id], strategy: upsert}
  people:
    title: People
    period: month
    source: {filename: "people_{period}.csv"}
    schema:
      fields:
        - {name: id, type: integer, constraints: {required: true}}
        - {name: name, type: string, pii: true, constraints: {maxLength: 12}, rules: {maxLength: {severity: warning}}}
        - {name: region, type: string, clean: [upper], constraints: {enum: [NO, SO, EA]}}
        - {name: income, type: number, precision: 12, scale: 2}
        - {name: born, type: date, format: ["%d/%m/%Y"]}
      primaryKey: [id]
    checks:
      - {name: sound_income, expect: "income >= 0"}
    core: {key: [id], strategy: upsert}
  visits:
    title: Visits
    period: month
    source: {filename: "visits_{period}.csv"}
    schema: {primaryKey: place, fields: [{name: place}, {name: people, type: integer}, {name: staff, type: integer}]}
    core: {key: [place], strategy: replace_period}
  yearly:
    title: Yearly
    period: year
    source: {filename: "yearly_{period}.csv"}
    schema: {fields: [{name: id, type: integer}]}
    core: {key: [id], strategy: upsert}
`;

export interface Delivered {
  readonly dataset?: string;
  readonly period?: string;
  readonly slice?: string;
  /** What the Parquet file holds; business columns and _source_row. */
  readonly select: string;
  /** What the log says, where that differs from the file. */
  readonly over?: { readonly footerPeriod?: string; readonly rows?: number; readonly status?: 'refused' };
}

/** A pipeline with deliveries that were validated (as the log says), ready to be loaded. */
export class StageWorld {
  readonly project: Project;
  readonly config: Config;
  readonly opened: OpenedWarehouse;
  #made = 0;
  #calls = 0;

  private constructor(root: string, opened: OpenedWarehouse) {
    this.project = openProject(root);
    this.opened = opened;
    writeFileAtomic(this.project.configPath, CONFIG);
    this.config = loadConfig(this.project.configPath, {});
  }

  static async open(engine: Engine): Promise<StageWorld> {
    const root = mkdtempSync(join(tmpdir(), 'tidemark-stage-'));
    const world = new StageWorld(root, await engine.open(root));
    await migrate(world.warehouse, migrationSources(world.project, world.config, world.warehouse));
    return world;
  }

  get warehouse(): Warehouse {
    return this.opened.warehouse;
  }

  async close(): Promise<void> {
    await this.opened.release();
    rmSync(this.project.root, { recursive: true, force: true });
  }

  /** Logs a delivery with its validation and writes its Parquet; one that passed is current. Answers its file_id. */
  async deliver(what: Delivered): Promise<number> {
    const { dataset = 'cases', period = '2025-06', slice = '' } = what;
    const target = { dataset, period, slice };
    const parquetPath = `data/stage/cleaned/${dataset}/${period}/${dataset}_${++this.#made}.parquet`;
    const path = join(this.project.root, parquetPath);
    const now = new Date();
    mkdirSync(dirname(path), { recursive: true });
    return this.warehouse.transaction(async (tx) => {
      const fileId = await logDelivery(tx, {
        ...{
          ...target,
          path: `data/landed/${dataset}_${this.#made}.csv`,
          version: null,
          sha256: null,
          bytes: 1,
        },
        ...{ mtime: null, sheet: null, headerRow: 1, headersFound: null, headersMapped: null },
        ...{ status: 'accepted', duplicateOf: null, findingCount: 0, findings: null, sameBytesReason: null },
        ...{ runId: 'test', startedAt: timestamp(now), finishedAt: timestamp(now) },
      });
      await writeParquet(path, what.select, {
        'tidemark.dataset': dataset,
        'tidemark.period': what.over?.footerPeriod ?? period,
        'tidemark.file_id': String(fileId),
      });
      const sha = createHash('sha256').update(readFileSync(path)).digest('hex');
      const [counted] = await this.#rowsOf(path);
      const status = what.over?.status ?? 'passed';
      const accepted = what.over?.rows ?? counted ?? 0;
      const validationId = await logValidation(tx, {
        ...{ ...target, fileId, status, contractFingerprint: 'f', referenceFingerprint: null, version: '0' },
        ...{ parquetPath, parquetSha256: sha, reportsPath: '', findings: { error: 0, warning: 0, info: 0 } },
        rows: { read: accepted, accepted, rejected: 0, blank: 0 },
        ...{ runId: 'test', startedAt: now, finishedAt: now },
      });
      if (status === 'passed')
        await makeCurrent(tx, target, { fileId, validationId }, { now, runId: 'test' });
      return fileId;
    });
  }

  async #rowsOf(path: string): Promise<number[]> {
    const { inspectParquet } = await import('../../src/warehouse/parquet/inspect.ts');
    return [(await inspectParquet(path)).rows];
  }

  context(over: Partial<StepContext> = {}): StepContext {
    const { project, config, warehouse } = this;
    // The same call of the same run would be answered as before.
    const own = { project, config, warehouse, runId: `test-${++this.#calls}` };
    return stepContext(own, { clock: () => new Date(), ...over });
  }

  load(
    over: Partial<Omit<LoadStageInput, 'dataset' | 'period' | 'slice'>> & LoadWords = {},
    ctx = this.context(),
  ) {
    const { dataset = 'cases', period = '2025-06', slice, ...rest } = over;
    return loadStage(ctx, {
      dataset: this.config.datasets.get(dataset) as Dataset,
      period: parsePeriod(period) as Period,
      slice: slice === undefined ? null : new Map(parseSlice(slice)),
      ...{ allowEmpty: false, force: false },
      ...rest,
    });
  }

  /** The one result of a call that means one slice. */
  async loadOne(...input: Parameters<StageWorld['load']>): Promise<StepResult> {
    const results = await this.load(...input);
    if (results.length !== 1) throw new Error(`${results.length} results`);
    return results[0] as StepResult;
  }

  rows(dataset = 'cases'): Promise<Row[]> {
    return this.warehouse.read((session) =>
      session.query(sql`SELECT * FROM ${ident('stage', dataset)} ORDER BY _data_period, _source_row`),
    );
  }

  async reset(): Promise<void> {
    await this.warehouse.transaction(async (tx) => {
      const tables = [
        'ingestion_log',
        'validation_log',
        'current_delivery',
        'load_log',
        'promotion_log',
        'decision_log',
        'period_log',
        'correction_log',
        'answer_log',
      ];
      for (const table of tables) await tx.execute(raw(`DELETE FROM meta.${table}`));
      await tx.execute(raw('DELETE FROM stage._corrections'));
      for (const name of this.config.datasets.keys())
        for (const schema of ['stage', 'core', 'history'])
          await tx.execute(sql`DELETE FROM ${ident(schema, name)}`);
    });
  }
}

type LoadWords = { readonly dataset?: string; readonly period?: string; readonly slice?: string };

/** The SELECT of `rows` cases, every note the same word. */
export function cases(rows: number, note: string): string {
  return `SELECT range AS id, ${`'${note}'`} AS note, CAST(range / 4.0 AS DECIMAL(12,2)) AS amount, range + 2 AS _source_row
    FROM range(${rows})`;
}

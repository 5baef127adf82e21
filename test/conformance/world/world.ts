import { join } from 'node:path';
import { writeWords } from '../../../src/cli/write-words.ts';
import { NO_PERIOD, type Period, parsePeriod } from '../../../src/domain/period.ts';
import type { StepResult } from '../../../src/domain/result.ts';
import { parseSlice } from '../../../src/domain/slice.ts';
import { ident, raw, type Sql, sql } from '../../../src/sql/sql.ts';
import { ingest } from '../../../src/steps/ingest.ts';
import { type LoadStageInput, loadStage } from '../../../src/steps/load-stage.ts';
import type { StepContext } from '../../../src/steps/step.ts';
import { type TransformInput, transform } from '../../../src/steps/transform.ts';
import { validate } from '../../../src/steps/validate.ts';
import type { Row } from '../../../src/warehouse/warehouse.ts';
import type { Engine } from '../empty-warehouses.ts';
import { deliver, type Otherwise } from './deliver.ts';
import { rowsSelect, type Values } from './rows-select.ts';
import { type Declared, newRoot, TestPipeline } from './test-pipeline.ts';

export interface Delivered {
  readonly dataset?: string;
  readonly period?: string;
  readonly slice?: string;
  /** What the Parquet file holds: business columns and _source_row. */
  readonly select: string;
  readonly over?: Otherwise;
}

type LoadWords = { readonly dataset?: string; readonly period?: string; readonly slice?: string };
type LoadInput = Partial<Omit<LoadStageInput, 'dataset' | 'period' | 'slice'>> & LoadWords;

/**
 * A pipeline of one engine in which tests take the product's own steps: files through the gate and its validation, rows into
 * stage, periods into core.
 */
export class World extends TestPipeline {
  static async open(engine: Engine, declared: Declared): Promise<World> {
    const root = newRoot();
    const world = new World(root, await engine.open(root), declared);
    await world.migrate();
    return world;
  }

  /** The same for tests that each have a world of their own: the tables are made once for each `declared` and copied. */
  static async openCopy(engine: Engine, declared: Declared): Promise<World> {
    const root = newRoot();
    const opened = await engine.openPrepared(root, declared, (warehouse) =>
      new World(root, { warehouse, url: '', release: async () => {} }, declared).migrate(),
    );
    return new World(root, opened, declared);
  }

  /** Lands a file and brings it through the gate; the answer of the gate. */
  land(name: string, text: string, context: Partial<StepContext> = {}): Promise<StepResult> {
    this.write(`data/landed/${name}`, text);
    return ingest(this.context(context), { filePath: join(this.project.landed, name) });
  }

  /** The same with its validation, which it passes. Answers its file_id. */
  async take(name: string, text: string): Promise<number> {
    const { fileId, message } = await this.land(name, text);
    const result = await validate(this.context(), { fileId: fileId as number });
    if (result.exitCode !== 0) throw new Error(writeWords(result.message ?? message ?? ''));
    return fileId as number;
  }

  /** A delivery that the gate and its validation let through (deliver.ts). Answers its file_id. */
  deliver({
    dataset = 'cases',
    period = '2025-06',
    slice = '',
    select,
    over = {},
  }: Delivered): Promise<number> {
    return deliver(this.context(), { dataset, period, slice }, select, over);
  }

  /** load-stage, one result a slice. */
  loadStage(over: LoadInput = {}, ctx = this.context()): Promise<StepResult[]> {
    const { dataset = 'cases', period = '2025-06', slice, ...rest } = over;
    return loadStage(ctx, {
      dataset: this.dataset(dataset),
      period: periodOf(period),
      slice: slice === undefined ? null : new Map(parseSlice(slice)),
      ...{ allowEmpty: false, force: false },
      ...rest,
    });
  }

  /** The one result of a call that means one slice. */
  async loadOne(...input: Parameters<World['loadStage']>): Promise<StepResult> {
    const results = await this.loadStage(...input);
    if (results.length !== 1) throw new Error(`${results.length} results`);
    return results[0] as StepResult;
  }

  /** Delivers rows and loads them into stage; answers the file_id. The content differs from that of every other load. */
  async load(dataset: string, period: string, rows: readonly Values[], slice = ''): Promise<number> {
    const select = rowsSelect(this.dataset(dataset), slice, rows);
    const fileId = await this.deliver({ dataset, period, slice, select });
    const about = slice === '' ? { dataset, period } : { dataset, period, slice };
    expectLoaded(await this.loadOne({ ...about, allowEmpty: true }));
    return fileId;
  }

  /** Loads an older delivery again, by its number. */
  async bringBack(dataset: string, period: string, fileId: number): Promise<void> {
    expectLoaded(await this.loadOne({ dataset, period, fileId, allowEmpty: true }));
  }

  /** Promotes a period; datasets by name (all where none is named). An error comes back as it would be thrown. */
  async transform(
    period: string,
    names: readonly string[] = [],
    over: Partial<TransformInput> = {},
    context: Partial<StepContext> = {},
  ): Promise<StepResult> {
    return transform(this.context(context), {
      period: periodOf(period),
      datasets: names.length === 0 ? [...this.datasets.values()] : names.map((name) => this.dataset(name)),
      named: names.length > 0,
      atomic: false,
      acceptGuards: [],
      ...over,
    });
  }

  rows(query: Sql): Promise<Row[]> {
    return this.warehouse.read((session) => session.query(query));
  }

  stage(table = 'cases'): Promise<Row[]> {
    return this.rows(sql`SELECT * FROM ${ident('stage', table)} ORDER BY _data_period, _source_row`);
  }

  core(table: string, order = raw('1')): Promise<Row[]> {
    return this.rows(sql`SELECT * FROM ${ident('core', table)} ORDER BY ${order}`);
  }
}

function expectLoaded({ status, message }: StepResult): void {
  if (status !== 'done') throw new Error(`${status}: ${writeWords(message ?? '')}`);
}

function periodOf(text: string): Period {
  return text === 'none' ? NO_PERIOD : (parsePeriod(text) as Period);
}

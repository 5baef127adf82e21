import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { sql } from '../../src/sql/sql.ts';
import { type IngestInput, ingest } from '../../src/steps/ingest.ts';
import type { StepContext } from '../../src/steps/step.ts';
import { validate } from '../../src/steps/validate.ts';
import type { Engine } from './empty-warehouses.ts';
import { World } from './world/world.ts';

export const GATE_CONFIG = `
version: 1
datasets:
  citizens:
    period: month
    source: {filename: "citizens_{period}[_v{version}].{xlsx,csv}"}
    schema:
      fields:
        - {name: citizen_id, title: Citizen ID, type: integer, constraints: {required: true}}
        - {name: name, type: string}
  topics:
    period: quarter
    source: {filename: "topics_{board}_{period}.csv"}
    schema: {fields: [{name: topic, type: string}]}
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: [code], fields: [{name: code, type: string}]}
`;

export const GOOD = 'Citizen ID,name\n1,Ada\n';
export const JUNE = parsePeriod('2025-06') as Period;

export interface Logged {
  readonly fileId: number;
  readonly dataset: string | null;
  readonly period: string | null;
  readonly slice: string;
  readonly path: string;
  readonly status: string;
  readonly duplicateOf: number | null;
  readonly sha256: string | null;
  readonly findingCount: number;
  readonly findings: string | null;
  readonly headersFound: string | null;
  readonly headersMapped: string | null;
  readonly reason: string | null;
}

/** A landing folder and its gate: files are dropped, `ingest` looks at them, and its log is read. */
export class Gate {
  readonly world: World;
  readonly warnings: string[] = [];
  ctx: StepContext;
  #dropped = 1_700_000_000;

  private constructor(world: World) {
    this.world = world;
    this.ctx = this.#context();
  }

  static async open(engine: Engine): Promise<Gate> {
    return new Gate(await World.openCopy(engine, GATE_CONFIG));
  }

  close(): Promise<void> {
    return this.world.close();
  }

  configure(text: string): void {
    this.world.configure(text);
    this.warnings.length = 0;
    this.ctx = this.#context();
  }

  #context(): StepContext {
    const quiet = () => {};
    const warn = (text: string) => void this.warnings.push(text);
    return this.world.context({
      runId: 'test-run',
      log: { info: quiet, detail: quiet, progress: quiet, warn },
    });
  }

  /** Drops a file, older than a look: only its bytes, never its time, may decide. */
  drop(name: string, content: string | Buffer = GOOD): string {
    const path = join(this.world.project.landed, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    this.#dropped += 10;
    utimesSync(path, this.#dropped, this.#dropped);
    return path;
  }

  run(input: IngestInput = { period: JUNE }): ReturnType<typeof ingest> {
    return ingest(this.ctx, input);
  }

  /** Validates a delivery, which passes. */
  async pass(fileId: number): Promise<void> {
    expect(await validate(this.ctx, { fileId })).toMatchObject({ status: 'done', exitCode: 0 });
  }

  log(): Promise<Logged[]> {
    return this.world.warehouse.read((session) =>
      session.query<Logged>(
        sql`SELECT file_id AS "fileId", dataset, period, slice, path, status, duplicate_of AS "duplicateOf", sha256,
              finding_count AS "findingCount", findings, headers_found AS "headersFound",
              headers_mapped AS "headersMapped", same_bytes_reason AS "reason"
            FROM meta.ingestion_log ORDER BY file_id`,
      ),
    );
  }

  async statuses(): Promise<[path: string, status: string][]> {
    return (await this.log()).map((row) => [row.path.replace('data/landed/', ''), row.status]);
  }
}

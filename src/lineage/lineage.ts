import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Place, Touched } from '../domain/place.ts';
import type { StepResult } from '../domain/result.ts';
import { DEFAULT_SCHEMAS } from '../domain/schema-names.ts';
import type { StepContext } from '../steps/step.ts';
import { type DatasetName, datasetName } from './dataset-names.ts';
import { type Ended, type LineageRun, type Output, runEvent } from './run-event.ts';
import { sendEvent } from './send-event.ts';
import { writtenColumns } from './written-columns.ts';

/** A run that goes on, with what its step has touched until now. */
interface Open {
  readonly run: LineageRun;
  readonly reads: Map<string, Place>;
  readonly writes: Map<string, { readonly place: Place; rows: number | null }>;
  readonly sent: Promise<void>[];
}

/**
 * The lineage of one call: every step that it runs is a run of its own, which begins with START and ends with COMPLETE
 * or FAIL. The steps tell what they read and write; one that is run by another one has it as its parent. Nothing
 * here fails a step.
 */
export class Lineage implements Touched {
  readonly #url: string;
  readonly #ctx: StepContext;
  readonly #open: Open[] = [];

  constructor(url: string, ctx: StepContext) {
    this.#url = url;
    this.#ctx = ctx;
  }

  read(...places: readonly Place[]): void {
    for (const place of places) this.#open.at(-1)?.reads.set(JSON.stringify(place), place);
  }

  wrote(place: Place, rows: number | null): void {
    const writes = this.#open.at(-1)?.writes;
    const key = JSON.stringify(place);
    const before = writes?.get(key);
    if (before === undefined) writes?.set(key, { place, rows });
    else if (rows !== null) before.rows = (before.rows ?? 0) + rows;
  }

  /** A step begins. */
  begin({ step, dataset, period }: Pick<StepResult, 'step' | 'dataset' | 'period'>): void {
    const { config, project } = this.#ctx;
    const namespace = `tidemark.${config.name ?? basename(project.root)}`;
    const job = { namespace, name: dataset === null ? step : `${step}.${dataset}` };
    const parent = this.#open.at(-1)?.run ?? null;
    const run: LineageRun = { runId: randomUUID(), job, parent, step, period };
    const open: Open = { run, reads: new Map(), writes: new Map(), sent: [] };
    this.#open.push(open);
    this.#send(open, null);
  }

  /**
   * The step that began last has ended; waits, for a limited time, for events that are still being sent. `message` is
   * that of the result, as it is logged.
   */
  async end(result: StepResult, message: string | null): Promise<void> {
    const open = this.#open.pop();
    if (open === undefined) return;
    const outputs: Output[] = [];
    for (const { place, rows } of open.writes.values())
      outputs.push({ ...this.#nameOf(place), rows, columns: await writtenColumns(this.#ctx, place) });
    const inputs = [...open.reads.values()].map((place) => this.#nameOf(place));
    this.#send(open, { result, message, inputs, outputs });
    await Promise.all(open.sent);
  }

  #send({ run, sent }: Open, ended: Ended | null): void {
    const { version, clock, log } = this.#ctx;
    const event = runEvent({ version, at: clock(), run, ended });
    sent.push(
      sendEvent(this.#url, event).catch(() => {
        log.warn('The lineage server did not take an event; the run goes on.');
      }),
    );
  }

  #nameOf(place: Place): DatasetName {
    const { warehouse, config } = this.#ctx;
    return datasetName(place, warehouse.name, config.schemas ?? DEFAULT_SCHEMAS);
  }
}

/** The lineage of a call, where a server is named (`OPENLINEAGE_URL`); a dry run has none, because it changes nothing. */
export function lineageOf(url: string | undefined, ctx: StepContext): Lineage | null {
  return url && !ctx.dryRun ? new Lineage(url, ctx) : null;
}

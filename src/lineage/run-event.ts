import { parsePeriod, periodDays } from '../domain/period.ts';
import type { StepResult } from '../domain/result.ts';
import type { DatasetName } from './dataset-names.ts';
import { type Facets, facet } from './facets.ts';

export type EventType = 'START' | 'COMPLETE' | 'FAIL';

/** A run of one step, or of the call that runs several. */
export interface LineageRun {
  readonly runId: string;
  readonly job: { readonly namespace: string; readonly name: string };
  /** The run that it is a part of; null where it is called by itself. */
  readonly parent: LineageRun | null;
  readonly step: string;
  readonly period: string | null;
}

export interface Output extends DatasetName {
  /** How many rows were written; null where that is not known. */
  readonly rows: number | null;
  /** In order, with types in the words of `ColumnInfo`; null where they cannot be told. */
  readonly columns: readonly { readonly name: string; readonly type: string }[] | null;
}

/** What a run came to. */
export interface Ended {
  readonly result: Pick<StepResult, 'status' | 'exitCode'>;
  /** The message of the result, with personal values masked. */
  readonly message: string | null;
  readonly inputs: readonly DatasetName[];
  readonly outputs: readonly Output[];
}

export interface EventInit {
  readonly version: string;
  readonly at: Date;
  readonly run: LineageRun;
  /** Null at the start: what a run will read is known when it has read it. */
  readonly ended: Ended | null;
}

const SCHEMA_URL = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

/**
 * An event of OpenLineage 2-0-2. It contains names, counts, types and the message of a failure; no other value of a row.
 */
export function runEvent({ version, at, run, ended }: EventInit): object {
  const producer = `https://tidemark.example/tidemark/${version}`;
  const of = (...facets: Parameters<typeof facet> extends [string, ...infer Rest] ? Rest[] : never): Facets =>
    Object.assign({}, ...facets.map((each) => facet(producer, ...each)));
  return {
    eventType: typeOf(ended),
    eventTime: at.toISOString(),
    producer,
    schemaURL: SCHEMA_URL,
    run: {
      runId: run.runId,
      facets: of(
        ['nominalTime', nominalTime(run.period)],
        ['parent', run.parent && { run: { runId: run.parent.runId }, job: run.parent.job }],
        ['processing_engine', { name: 'Tidemark', version }],
        ['errorMessage', errorMessage(ended)],
      ),
    },
    job: {
      ...run.job,
      facets: of([
        'jobType',
        { processingType: 'BATCH', integration: 'TIDEMARK', jobType: run.step === 'run' ? 'DAG' : 'TASK' },
      ]),
    },
    inputs: (ended?.inputs ?? []).map(({ namespace, name }) => ({ namespace, name })),
    outputs: (ended?.outputs ?? []).map(({ namespace, name, rows, columns }) => ({
      ...{ namespace, name },
      facets: of(['schema', columns && { fields: columns.map(({ name, type }) => ({ name, type })) }]),
      outputFacets: of(['outputStatistics', rows === null ? null : { rowCount: rows }]),
    })),
  };
}

function typeOf(ended: Ended | null): EventType {
  if (ended === null) return 'START';
  return ended.result.exitCode === 0 ? 'COMPLETE' : 'FAIL';
}

function errorMessage(ended: Ended | null): object | null {
  if (ended === null || ended.result.exitCode === 0) return null;
  return { message: ended.message ?? ended.result.status, programmingLanguage: 'TypeScript' };
}

/** The first moment of a period and the first one after it; null for what has no period. */
function nominalTime(text: string | null): object | null {
  const period = text === null ? null : parsePeriod(text);
  const days = period && periodDays(period);
  if (days === null) return null;
  return { nominalStartTime: `${days.from}T00:00:00Z`, nominalEndTime: `${days.until}T00:00:00Z` };
}

import { randomUUID } from 'node:crypto';
import type { StepResult } from '../domain/result.ts';
import type { Log } from '../steps/step.ts';

/** How long a lineage server may take to answer; it never delays a run further and never fails it. */
const ANSWER_WITHIN_MS = 2000;

export interface Lineage {
  start(): void;
  /** Sends COMPLETE or FAIL and waits, for a limited time, for events that are still being sent. */
  end(result: StepResult): Promise<void>;
}

interface LineageInit {
  readonly url: string | undefined;
  readonly step: string;
  readonly dataset: string | null;
  readonly period: string | null;
  readonly version: string;
  readonly clock: () => Date;
  readonly log: Log;
}

const SILENT: Lineage = { start() {}, async end() {} };

/**
 * OpenLineage events (https://openlineage.io/spec/2-0-2/OpenLineage.json) to `OPENLINEAGE_URL`: START, then COMPLETE or
 * FAIL, with the period as nominalTime. Events contain names and counts only, never a value.
 */
export function openLineage(init: LineageInit): Lineage {
  if (!init.url) return SILENT;
  const url = init.url;
  const runId = randomUUID();
  const sent: Promise<void>[] = [];
  const send = (eventType: 'START' | 'COMPLETE' | 'FAIL', result: StepResult | null) => {
    sent.push(
      post(url, event(init, runId, eventType, result)).catch(() => {
        init.log.warn('The lineage server did not take an event; the run goes on.');
      }),
    );
  };
  return {
    start: () => send('START', null),
    async end(result) {
      send(result.exitCode === 0 ? 'COMPLETE' : 'FAIL', result);
      await Promise.all(sent);
    },
  };
}

function event(init: LineageInit, runId: string, eventType: string, result: StepResult | null): object {
  const producer = `https://tidemark.example/tidemark/${init.version}`;
  const facet = (name: string, value: object) => ({
    [name]: {
      _producer: producer,
      _schemaURL: `https://openlineage.io/spec/facets/1-0-0/${name}RunFacet.json`,
      ...value,
    },
  });
  const job = ['tidemark', init.step, init.dataset].filter(Boolean).join('.');
  return {
    eventType,
    eventTime: init.clock().toISOString(),
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: {
      runId,
      facets: {
        ...(init.period ? facet('nominalTime', { nominalStartTime: nominalStart(init.period) }) : {}),
        ...(result && result.exitCode !== 0
          ? facet('errorMessage', { message: result.status, programmingLanguage: 'TypeScript' })
          : {}),
      },
    },
    job: { namespace: 'tidemark', name: job },
    inputs: [],
    outputs: outputsOf(init, result),
  };
}

function outputsOf(init: LineageInit, result: StepResult | null): object[] {
  if (init.dataset === null || result === null) return [];
  const rowCount = result.rows.inserted ?? result.rows.accepted;
  const statistics = {
    _producer: 'tidemark',
    _schemaURL: 'https://openlineage.io/spec/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json',
    rowCount,
  };
  return [
    {
      namespace: 'tidemark',
      name: `${init.step}.${init.dataset}`,
      ...(rowCount === null ? {} : { outputFacets: { outputStatistics: statistics } }),
    },
  ];
}

/** The first moment of a period, in the form that OpenLineage wants. */
function nominalStart(period: string): string {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(period);
  if (quarter)
    return `${quarter[1]}-${String((Number(quarter[2]) - 1) * 3 + 1).padStart(2, '0')}-01T00:00:00Z`;
  if (/^\d{4}$/.test(period)) return `${period}-01-01T00:00:00Z`;
  return `${period}-01T00:00:00Z`;
}

async function post(url: string, body: object): Promise<void> {
  const endpoint = url.endsWith('/lineage') ? url : `${url.replace(/\/+$/, '')}/api/v1/lineage`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
}

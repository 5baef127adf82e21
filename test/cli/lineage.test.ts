import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { EVENT } from '../fixtures/lineage/event-shape.ts';
import { type LineageEvent, type LineageServer, lineageServer } from '../fixtures/lineage/lineage-server.ts';
import { ENGINES, migratedWorld, type World } from './world.ts';

const CONFIG = `version: 1
name: office
schemas: {core: office_core}
datasets:
  regions:
    period: none
    source: {filename: "regions[_v{version}].csv"}
    schema: {primaryKey: code, fields: [{name: code, constraints: {required: true}}, {name: title}]}
    core: {strategy: upsert}
  payments:
    source: {filename: "payments_{period}[_v{version}].csv"}
    schema:
      primaryKey: id
      fields: [{name: id, type: integer}, {name: region}, {name: amount, type: number}]
      foreignKeys: [{fields: region, reference: {dataset: regions, fields: code}}]
    accept: {max_rejected: 40%}
    core: {strategy: replace_period}
`;
const MODEL = `SELECT p.id, p.region, r.title, p.amount, p._file_id, p._source_row FROM stage.payments p
JOIN core.regions r ON r.code = p.region WHERE p._data_period = :period
`;
const MART = `-- title: By region
-- grain: region
-- mode: period
-- period: month
-- reads: core.payments, core.regions
SELECT p.region, sum(p.amount) AS amount FROM core.payments p JOIN core.regions r ON r.code = p.region
WHERE p._data_period = :period GROUP BY p.region
`;

const servers: LineageServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function told(engine: string, status?: number): Promise<{ world: World; server: LineageServer }> {
  const server = await lineageServer(status);
  servers.push(server);
  const world = await migratedWorld(engine, {
    config: CONFIG,
    files: { 'models/core/payments.sql': MODEL, 'models/mart/by_region.sql': MART },
    environment: { OPENLINEAGE_URL: server.url },
    // Its schemas have names of their own.
    noWarehouse: true,
  });
  server.events.splice(0);
  world.land('regions.csv', 'code,title\nNO,North\nSO,South\n');
  world.land('payments_2025-06.csv', 'id,region,amount\n1,NO,10.5\n2,SO,4\n3,XX,1\n');
  return { world, server };
}

/** The last word of every name: a table with its schema, or a file. */
const short = ({ name }: { readonly name: string }) =>
  name.startsWith('/') ? (name.split('/').at(-1) as string) : name.split('.').slice(1).join('.');

/** The ends of all runs of one job, shortly. */
function ends(events: readonly LineageEvent[], job: string) {
  const own = events.filter((event) => event.job.name === job && event.eventType !== 'START');
  return own.map(({ eventType, inputs, outputs }) => ({
    type: eventType,
    inputs: inputs.map(short),
    outputs: outputs.map((one: LineageEvent) => [
      short(one),
      one.outputFacets.outputStatistics?.rowCount ?? null,
    ]),
  }));
}

describe.each(ENGINES)('lineage of a run on %s', (engine) => {
  let first: Promise<{ readonly root: string; readonly events: readonly LineageEvent[] }> | undefined;
  /** The events of one run of everything, made once. */
  const ranOnce = () => {
    first ??= told(engine).then(async ({ world, server }) => {
      await world.json('run --period 2025-06', 0);
      return { root: world.root, events: [...server.events] };
    });
    return first;
  };

  it('tells of every step what it read and what it wrote, in events of the specified shape', async () => {
    const { events } = await ranOnce();
    for (const event of events) expect(() => EVENT.parse(event), JSON.stringify(event)).not.toThrow();

    expect(ends(events, 'ingest')).toEqual([
      { type: 'COMPLETE', inputs: ['payments_2025-06.csv', 'regions.csv'], outputs: [] },
    ]);
    const [validated] = ends(events, 'validate.payments');
    expect(validated?.inputs).toEqual(['payments_2025-06.csv']);
    expect(validated?.outputs.map(([, rows]: [string, number]) => rows)).toEqual([2, 1]);
    const cleaned: string | undefined = validated?.outputs[0]?.[0];
    expect(ends(events, 'load-stage.payments')).toEqual([
      { type: 'COMPLETE', inputs: [cleaned], outputs: [['stage.payments', 2]] },
    ]);
    expect(ends(events, 'transform.payments')).toEqual([
      {
        type: 'COMPLETE',
        inputs: ['stage.payments', 'office_core.regions'],
        outputs: [['office_core.payments', 2]],
      },
    ]);
    expect(ends(events, 'publish')).toEqual([
      {
        type: 'COMPLETE',
        inputs: ['office_core.payments', 'office_core.regions'],
        outputs: [['mart.by_region', 2]],
      },
    ]);
  });

  it('names files by their path and tables by their database, with the columns of what was written', async () => {
    const { root, events } = await ranOnce();
    const end = (job: string) =>
      events.find((event) => event.job.name === job && event.eventType === 'COMPLETE');
    const validate = end('validate.payments');
    expect(validate.inputs).toEqual([
      { namespace: 'file', name: join(root, 'data/landed/payments_2025-06.csv') },
    ]);
    const fields = validate.outputs[0].facets.schema.fields.map(({ name }: { name: string }) => name);
    expect(fields).toEqual(['id', 'region', 'amount', '_source_row']);
    const load = end('load-stage.payments');
    expect(load.inputs).toEqual([{ namespace: 'file', name: validate.outputs[0].name }]);
    const [stage] = load.outputs;
    expect(stage.facets.schema.fields).toContainEqual({ name: 'id', type: 'BIGINT' });
    if (engine === 'DuckDB') {
      expect(stage.namespace).toBe(`duckdb://${join(root, 'data/warehouse.duckdb')}`);
      expect(stage.name).toBe('warehouse.stage.payments');
    } else {
      expect(stage.namespace).toMatch(/^postgres:\/\/[\w.]+:\d+$/);
      expect(stage.name).toMatch(/^cli_\w+\.stage\.payments$/);
    }
    expect(load.job).toMatchObject({ namespace: 'tidemark.office', name: 'load-stage.payments' });
  });

  it('gives every step that run calls the run as its parent', async () => {
    const starts = (await ranOnce()).events.filter(({ eventType }) => eventType === 'START');
    const [first, ...others] = starts;
    expect(first.job).toMatchObject({ name: 'run', facets: { jobType: { jobType: 'DAG' } } });
    expect(first.run.facets.parent).toBeUndefined();
    expect(first.run.facets.nominalTime.nominalEndTime).toBe('2025-07-01T00:00:00Z');
    expect(others.length).toBeGreaterThan(6);
    for (const { run } of others) expect(run.facets.parent.run.runId).toBe(first.run.runId);
  });

  it('says why a step failed, and what it had read', async () => {
    const { world, server } = await told(engine);
    world.land('payments_2025-07.csv', 'id,region,amount\n1,XX,1\n2,YY,1\n');
    await world.json('run --period 2025-07', 3);
    const refused = server.events.find(
      ({ job, eventType }) => job.name === 'validate.payments' && eventType === 'FAIL',
    );
    expect(refused.inputs.map(short)).toEqual(['payments_2025-07.csv']);
    expect(refused.outputs.map((one: LineageEvent) => one.outputFacets.outputStatistics.rowCount)).toEqual([
      2,
    ]);
    expect(refused.run.facets.errorMessage.message).toBe('None of the 2 rows can be accepted.');
  });

  it('tells nothing that was not done: a second run writes nothing, and a dry run is silent', async () => {
    const { world, server } = await told(engine);
    await world.json('run --period 2025-06 --dry-run', 0);
    expect(server.events).toEqual([]);
    await world.json('run --period 2025-06', 0);
    server.events.splice(0);
    await world.json('run --period 2025-06', 0);
    expect(server.events.length).toBeGreaterThan(0);
    expect(server.events.flatMap(({ outputs }) => outputs)).toEqual([]);
  });

  it('tells of a rollback, which has no parent, that core was written from its journal', async () => {
    const { world, server } = await told(engine);
    await world.json('run --period 2025-06', 0);
    server.events.splice(0);
    await world.json('rollback --promotion 2 --yes --reason wrong --by ann', 0);
    expect(server.events.map(({ run }) => run.facets.parent)).toEqual([undefined, undefined]);
    expect(ends(server.events, 'rollback')).toEqual([
      { type: 'COMPLETE', inputs: ['history.payments'], outputs: [['office_core.payments', 0]] },
    ]);
  });

  it('goes on where the server refuses events', async () => {
    const { world } = await told(engine, 500);
    const answer = await world.run('run --period 2025-06 --json');
    expect(answer.code).toBe(0);
    expect(answer.stderr).toContain('The lineage server did not take an event');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { type LineageServer, lineageServer } from '../fixtures/lineage/lineage-server.ts';
import { recordsWorld } from './records-world.ts';
import { ENGINES } from './world.ts';

const CONFIG = `version: 1
name: office
datasets:
  postings:
    period: none
    source: {records: {}}
    schema: {primaryKey: job, fields: [{name: job}, {name: title}]}
    core: {key: job, strategy: upsert}
`;
const servers: LineageServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Tables of an event by their last two words, with the rows that were written. */
const tables = (
  named: readonly { name: string; outputFacets?: { outputStatistics?: { rowCount: number } } }[],
) =>
  named.map(({ name, outputFacets }) => {
    const rows = outputFacets?.outputStatistics?.rowCount;
    return `${name.split('.').slice(-2).join('.')}${rows === undefined ? '' : ` ${rows}`}`;
  });

describe.each(ENGINES)('lineage of records on %s', (engine) => {
  it('says that a promotion and its rollback go from the records to core', async () => {
    const server = await lineageServer();
    servers.push(server);
    const world = await recordsWorld(engine, CONFIG, {}, { OPENLINEAGE_URL: server.url });
    await world.handOver('postings', [{ job: 'a' }, { job: 'a' }, { job: 'b' }]);
    server.events.splice(0);
    await world.promote('postings');
    const [start, end] = server.events.splice(0);
    expect([start, end].map(({ eventType, job }) => `${eventType} ${job.namespace} ${job.name}`)).toEqual([
      'START tidemark.office records promote.postings',
      'COMPLETE tidemark.office records promote.postings',
    ]);
    expect(tables(end.inputs)).toEqual(['stage.postings_records']);
    expect(tables(end.outputs)).toEqual(['core.postings 2']);
    expect(end.outputs[0].facets.schema.fields.map(({ name }: { name: string }) => name)).toContain('job');

    await world.promote('postings');
    expect(server.events.splice(0).at(-1)).toMatchObject({ eventType: 'COMPLETE', inputs: [], outputs: [] });

    await world.json(['rollback', '--promotion', '1', '--reason', 'x', '--by', 'Vera', '--yes'], 0);
    const back = server.events.splice(0).at(-1);
    expect(back).toMatchObject({ eventType: 'COMPLETE', job: { name: expect.stringMatching(/^rollback/) } });
    expect(tables(back.inputs)).toEqual(['history.postings', 'stage.postings_records']);
    expect(tables(back.outputs)).toEqual([expect.stringMatching(/^core\.postings/)]);
  });
});

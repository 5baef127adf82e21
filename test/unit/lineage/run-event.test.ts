import { describe, expect, it } from 'vitest';
import { type Ended, type LineageRun, runEvent } from '../../../src/lineage/run-event.ts';
import { EVENT } from '../../fixtures/lineage/event-shape.ts';

const RUN: LineageRun = {
  runId: '6f1c8f6e-0d3b-4d0a-9d55-3f4a3f5c1c55',
  job: { namespace: 'tidemark.office', name: 'load-stage.payments' },
  parent: null,
  step: 'load-stage',
  period: '2025-06',
};
const at = new Date('2025-07-03T08:00:00Z');
const done: Ended = {
  result: { status: 'done', exitCode: 0 },
  message: 'Loaded 3 rows.',
  inputs: [{ namespace: 'file', name: '/office/payments.parquet' }],
  outputs: [
    {
      ...{ namespace: 'postgres://db:5432', name: 'office.stage.payments', rows: 3 },
      columns: [{ name: 'id', type: 'BIGINT' }],
    },
  ],
};
// A test reads any member of it.
const made = (run: Partial<LineageRun>, ended: Ended | null): any =>
  runEvent({ version: '0.1.0', at, run: { ...RUN, ...run }, ended });

describe('a run event', () => {
  it('has the shape of the specification at the start, at the end and for what failed', () => {
    const refused = { ...done, result: { status: 'refused', exitCode: 3 } as const, outputs: [] };
    for (const ended of [null, done, refused]) expect(() => EVENT.parse(made({}, ended))).not.toThrow();
    const part = made({ parent: RUN }, done);
    expect(() => EVENT.parse(part)).not.toThrow();
    expect(part.run.facets.parent).toMatchObject({ run: { runId: RUN.runId }, job: RUN.job });
  });

  it('begins without what the run will read, and ends with what it read and wrote', () => {
    expect(made({}, null)).toMatchObject({ eventType: 'START', inputs: [], outputs: [] });
    const event = made({}, done);
    expect(event).toMatchObject({ eventType: 'COMPLETE', eventTime: '2025-07-03T08:00:00.000Z' });
    expect(event.inputs).toEqual(done.inputs);
    expect(event.outputs[0].facets.schema.fields).toEqual([{ name: 'id', type: 'BIGINT' }]);
    expect(event.outputs[0].outputFacets.outputStatistics.rowCount).toBe(3);
    expect(event.run.facets.errorMessage).toBeUndefined();
  });

  it('says why a run failed, one that was interrupted too', () => {
    const failed = made(
      {},
      { ...done, result: { status: 'blocked', exitCode: 4 }, message: 'Guard max_removed.' },
    );
    expect(failed.eventType).toBe('FAIL');
    expect(failed.run.facets.errorMessage.message).toBe('Guard max_removed.');
    const stopped = made({}, { ...done, result: { status: 'interrupted', exitCode: 130 }, message: null });
    expect(stopped.eventType).toBe('FAIL');
    expect(stopped.run.facets.errorMessage.message).toBe('interrupted');
  });

  it.each([
    ['2025-12', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['2025-Q2', '2025-04-01T00:00:00Z', '2025-07-01T00:00:00Z'],
    ['2025', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ])('has the moments of the period %s as its nominal time', (period, from, until) => {
    const { nominalStartTime, nominalEndTime } = made({ period }, null).run.facets.nominalTime;
    expect([nominalStartTime, nominalEndTime]).toEqual([from, until]);
  });

  it.each([['none'], [null]])('has no nominal time without a period: %s', (period) => {
    expect(made({ period }, null).run.facets.nominalTime).toBeUndefined();
  });

  it('leaves out what is not known', () => {
    const [file] = made(
      {},
      { ...done, outputs: [{ namespace: 'file', name: '/x.csv', rows: null, columns: null }] },
    ).outputs;
    expect(file).toEqual({ namespace: 'file', name: '/x.csv', facets: {}, outputFacets: {} });
  });
});

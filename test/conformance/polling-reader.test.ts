import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { goLive } from '../../src/steps/go-live.ts';
import { publish } from '../../src/steps/publish.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES, type Engine } from './empty-warehouses.ts';
import { World } from './world/world.ts';

const ROWS = 300;
const ROUNDS = 6;
const plain = dataset([field('id', { type: 'integer' }), field('round', { type: 'integer' })], {
  name: 'topics',
  pattern: 'topics_{period}.csv',
});
const topics: Dataset = {
  ...plain,
  core: { ...plain.core, table: 'topics', key: ['id'], strategy: 'upsert', rollout: 'staged' },
};
const period = parsePeriod('2025-01') as Period;

/** What a reader may see, asked again and again on a connection of its own while `work` goes on. */
async function polled(url: string, query: string, work: () => Promise<void>): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const seen: string[] = [];
  let going = true;
  const poll = (async () => {
    while (going) seen.push(JSON.stringify((await client.query(query)).rows[0]));
  })();
  try {
    await work();
  } finally {
    going = false;
    await poll;
    await client.end();
  }
  return seen;
}

const postgres = ENGINES.filter(([name]) => name === 'PostgreSQL');

describe.each(postgres)('a reader that asks all the time on %s', (_name, engine) => {
  let world: World;
  let url = '';
  beforeAll(async () => {
    await engine.start();
    const noting: Engine = {
      ...engine,
      async open(...args) {
        const opened = await engine.open(...args);
        url = opened.url;
        return opened;
      },
    };
    world = await World.open(noting, [topics]);
    world.write(
      'models/mart/shown.sql',
      '-- grain: id\n-- mode: period\n-- reads: core.topics\nSELECT id, round FROM core.topics\n',
    );
    await promoteRound(0);
    await flip(false);
    await publish(world.context(), { period });
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);

  async function promoteRound(round: number): Promise<void> {
    const rows = Array.from({ length: ROWS }, (_, id) => ({ id, round }));
    await world.load('topics', '2025-01', rows);
    expect((await world.transform('2025-01', ['topics'])).exitCode).toBe(0);
  }
  const flip = (off: boolean) =>
    goLive(world.context(), {
      ...{ dataset: topics, period: null, slice: new Map(), where: null, off, reason: 'why', by: 'Vera' },
    });

  it('sees every mart wholly of one publish', async () => {
    const query = `SELECT count(*)::int AS rows, count(DISTINCT round)::int AS rounds FROM mart.shown WHERE _data_period = '2025-01'`;
    const seen = await polled(url, query, async () => {
      for (let round = 1; round <= ROUNDS; round++) {
        await promoteRound(round);
        const result = await publish(world.context(), { period });
        expect(result.rows).toMatchObject({ inserted: ROWS, deleted: ROWS });
      }
    });
    expect(new Set(seen)).toEqual(new Set([JSON.stringify({ rows: ROWS, rounds: 1 })]));
    expect(seen.length).toBeGreaterThan(ROUNDS);
  });

  it('sees all rows live or none, and waits for nobody', async () => {
    const states: string[] = [];
    const seen = await polled(url, 'SELECT count(*)::int AS rows FROM core.topics_live', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        states.push((await flip(true)).status, (await flip(false)).status);
      }
    });
    expect(new Set(states)).toEqual(new Set(['done']));
    expect([...new Set(seen)].sort()).toEqual(['{"rows":0}', `{"rows":${ROWS}}`]);
    expect(seen.length).toBeGreaterThan(ROUNDS);
  });
});

import { describe, expect, it } from 'vitest';
import { ENGINES, migratedWorld, type World } from './world.ts';

const CONFIG = `version: 1
datasets:
  cases:
    source: {filename: "cases_{period}.csv"}
    schema:
      primaryKey: id
      fields: [{name: id, type: integer}, {name: region}]
      foreignKeys: [{fields: region, reference: {dataset: regions, fields: code}}]
    core: {strategy: replace_period}
  regions:
    period: quarter
    source: {filename: "regions_{period}[_v{version}].csv"}
    schema: {primaryKey: code, fields: [{name: code}]}
    core: {strategy: replace_period}
`;

async function pipeline(engine: string): Promise<World> {
  return migratedWorld(engine, {
    config: CONFIG,
    landed: {
      'cases_2025-04.csv': 'id,region\n1,A\n',
      'cases_2025-06.csv': 'id,region\n6,A\n',
      'regions_2025-Q2.csv': 'code\nA\n',
    },
  });
}

const LIST = 'tidemark run --period 2025-Q2 --dataset regions';
const command = (hint: string) => (/tidemark ([^.]+)\./.exec(hint)?.[1] ?? '').trim();

describe.each(ENGINES)('a list of a quarter that lands before the quarter ends, on %s', (engine) => {
  it('is not due in its first month, which waits and says what to run', async () => {
    const world = await pipeline(engine);
    const waiting = await world.json('run --period 2025-04', 5);
    expect(waiting.hint).toBe(`When the file is complete, run: ${LIST}. Then run the same command again.`);
    await world.json('ingest --period 2025-Q2', 0);
    const unseen = await world.json('run --period 2025-04', 5);
    expect(unseen.hint).toBe(`Run: ${LIST}. Then run the same command again.`);
    await world.json(command(unseen.hint), 0);
    await world.json('run --period 2025-04', 0);
    expect(await world.query('SELECT region FROM core.cases')).toEqual([{ region: 'A' }]);
  });

  it('comes before the months in it among the next steps of status', async () => {
    const world = await pipeline(engine);
    const { next } = (await world.json('status', 0)).details;
    expect(next).toEqual([
      'tidemark run --period 2025-Q2',
      'tidemark run --period 2025-04',
      'tidemark run --period 2025-06',
    ]);
    for (const step of next) await world.json(step.replace('tidemark ', ''), 0);
    expect((await world.json('status', 0)).details.next).toEqual([]);
  });

  it('is taken with the month in which the quarter ends', async () => {
    const world = await pipeline(engine);
    await world.json('run --period 2025-06', 0);
    await world.json('run --period 2025-04', 0);
  });

  it('says what to run, too, where it has never come', async () => {
    const world = await pipeline(engine);
    world.land('cases_2025-07.csv', 'id,region\n7,A\n');
    const never = await world.json('run --period 2025-07', 5);
    expect(never.hint).toBe(
      "Deliver 'regions' first (tidemark run --period 2025-Q3 --dataset regions), then run the same command again.",
    );
  });
});

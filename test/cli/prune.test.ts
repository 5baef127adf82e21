import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CITIZENS_ONLY, citizens, register } from './registers.ts';
import { filesIn, listing, makeWorld } from './world.ts';

describe('prune', () => {
  it('asks for a policy, takes the one of the configuration, and leaves data/landed as it is', async () => {
    const world = makeWorld(
      register({ 'citizens_2025-06_v1.csv': citizens([1, 'Ada', 10], ['x', 'Bo', 1]) }),
    );
    await world.json('run --period 2025-06', 3);
    world.land('citizens_2025-06_v2.csv', citizens([1, 'Ada', 10]));
    await world.json('run --period 2025-06', 0);
    expect((await world.json('prune', 2)).hint).toContain('retention');
    await world.json('prune --keep-deliveries 0', 2);
    await world.json('prune --older-than 3 weeks', 2);

    const config = join(world.root, 'datasets_config.yml');
    writeFileSync(config, `${CITIZENS_ONLY}retention: {keep_deliveries: 1, older_than: soon}\n`);
    expect((await world.json('prune', 2)).message).toContain('30d, 8w, 12m or 2y');
    writeFileSync(config, `${CITIZENS_ONLY}retention: {keep_deliveries: 1}\n`);
    const landed = listing(join(world.root, 'data/landed'));
    const reports = () => filesIn(world.root, 'data/reports').filter((path) => path.includes('/1/'));
    expect(reports().length).toBeGreaterThan(0);
    const told = await world.json('prune', 0);
    expect(told.message).toContain('--apply');
    expect(told.details.deliveries).toMatchObject([{ file_id: 1, dataset: 'citizens', period: '2025-06' }]);
    expect(reports().length).toBeGreaterThan(0);
    await world.json('prune --apply', 0);
    expect(reports()).toEqual([]);
    expect(filesIn(world.root, 'data/stage/rejected')).toEqual([]);
    expect(filesIn(world.root, 'data/reports').some((path) => path.includes('/2/'))).toBe(true);
    expect(listing(join(world.root, 'data/landed'))).toEqual(landed);
    expect(await world.json('prune --apply', 0)).toMatchObject({ status: 'skipped' });
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'skipped' });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { raw, sql } from '../../src/sql/sql.ts';
import { publish } from '../../src/steps/publish.ts';
import { ENGINES } from './empty-warehouses.ts';
import { names, people, person, promote, promoteRegions, regions, topics, undo } from './undo-promotion.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

describe.each(ENGINES)('rollback on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [regions, people, topics]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(async () => {
    await world.reset();
    await promoteRegions(world);
  });

  it('takes back the newest promotion of a period, and then the one before it', async () => {
    await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    await promote(world, 'people', '2025-01', [person(1, 'Eva')]);
    await undo(world, ['people', '2025-01']);
    expect(await names(world)).toEqual(['1 Ada']);
    await undo(world, ['people', '2025-01']);
    expect(await names(world)).toEqual([]);
    expect(await undo(world, ['people', '2025-01'])).toMatchObject({ status: 'skipped', exitCode: 0 });
  });

  it('takes back one slice and leaves the others', async () => {
    await promote(world, 'topics', '2025-01', [{ topic: 'a', hours: 1 }], 'board=AQA');
    await promote(world, 'topics', '2025-01', [{ topic: 'b', hours: 2 }], 'board=OCR');
    await undo(world, ['topics', '2025-01'], {
      subject: {
        dataset: topics,
        period: parsePeriod('2025-01') as never,
        slice: new Map([['board', 'AQA']]),
      },
    });
    expect(await world.core('topics')).toMatchObject([{ board: 'OCR', topic: 'b' }]);
  });

  it('opens again what was closed, and leaves rows alone that the promotion did not change', async () => {
    await promote(world, 'people', '2025-01', [person(1, 'Ada'), person(2, 'Bob'), person(3, 'Cy')]);
    const second = await promote(world, 'people', '2025-02', [person(1, 'Ada'), person(3, 'Cyd')]);
    expect(await names(world)).toEqual(['1 Ada', '2 Bob 2025-02', '3 Cyd']);
    const result = await undo(world, second);
    expect(result.rows).toMatchObject({ added: 0, modified: 2, removed: 0, cells: 1 });
    expect(await names(world)).toEqual(['1 Ada', '2 Bob', '3 Cy']);
  });

  it('takes what only hangs together over a third promotion back as well', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    await promote(world, 'people', '2025-02', [person(1, 'Eva'), person(2, 'Bob')]);
    await promote(world, 'people', '2025-03', [person(1, 'Eva'), person(2, 'Rob')]);
    const result = await undo(world, first, { cascade: true });
    expect(writeWords(result.message ?? '').split('\n')).toHaveLength(3);
    expect(await names(world)).toEqual([]);
  });

  it('says which later periods delivered the rows unchanged, and promoting these again brings them back', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada'), person(2, 'Bob')]);
    await promote(world, 'people', '2025-02', [person(1, 'Ada'), person(2, 'Bob'), person(3, 'Cy')]);
    const result = await undo(world, first);
    expect(writeWords(result.message ?? '')).toMatch(
      /2025-02 delivered 2 of these rows too: tidemark transform --period 2025-02/,
    );
    expect(await names(world)).toEqual(['3 Cy']);
    expect(await world.transform('2025-02', ['people'])).toMatchObject({ status: 'done' });
    expect(await names(world)).toEqual(['1 Ada', '2 Bob', '3 Cy']);
  });

  it('holds the same rows until others are loaded, or someone lets them pass by name', async () => {
    await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    const wrong = await promote(world, 'people', '2025-02', [person(1, 'Wrong')]);
    await undo(world, wrong, { reason: 'wrong file', by: 'Vera' });
    const held = await world.transform('2025-02', ['people']);
    expect(held).toMatchObject({ status: 'blocked', exitCode: 4 });
    expect(held.message).toMatch(/Guard rolled_back: .*rolled back on 2025-09-01.*by Vera: wrong file/);
    expect(writeWords(held.hint ?? '')).toMatch(/--accept-guard rolled_back/);
    expect(await names(world)).toEqual(['1 Ada']);
    const accepted = await world.transform('2025-02', ['people'], {
      acceptGuards: [{ name: 'rolled_back', reason: 'it was right', by: 'Ida' }],
    });
    expect(accepted).toMatchObject({ status: 'done' });
    expect(await names(world)).toEqual(['1 Wrong']);
    expect(await world.transform('2025-02', ['people'])).toMatchObject({ status: 'skipped' });
  });

  it('does not hold other rows, nor the same ones after others were loaded', async () => {
    const wrong = await promote(world, 'people', '2025-02', [person(1, 'Wrong')]);
    await undo(world, wrong);
    await world.load('people', '2025-02', [person(1, 'Right')]);
    expect(await world.transform('2025-02', ['people'])).toMatchObject({ status: 'done' });
    expect(await names(world)).toEqual(['1 Right']);
  });

  it('changes nothing in a dry run or without a yes, and says what would happen', async () => {
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    const log = () => world.rows(sql`SELECT * FROM meta.promotion_log ORDER BY promotion_id`);
    const before = [await log(), await world.core('people')];
    const dry = await undo(world, first, {}, { dryRun: true });
    expect(dry).toMatchObject({ status: 'done', exitCode: 0 });
    expect(dry.message).toMatch(/^Would roll promotion \d+ .* back: 1 row deleted\./);
    const unsaid = await undo(world, first, { confirm: async () => false });
    expect(unsaid).toMatchObject({ status: 'blocked', exitCode: 4, rows: { removed: 1 } });
    expect(writeWords(unsaid.hint ?? '')).toContain(`tidemark rollback --promotion ${first} --yes`);
    expect([await log(), await world.core('people')]).toEqual(before);
    expect(await undo(world, first, { confirm: async () => true })).toMatchObject({ status: 'done' });
    expect(await names(world)).toEqual([]);
  });

  it('frees marts of the period before, once the newer one of a register is taken back', async () => {
    world.write(
      'models/mart/heads.sql',
      '-- grain: n\n-- mode: period\n-- period: month\n-- reads: core.people\nSELECT count(*) AS n FROM core.people\n',
    );
    await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    const second = await promote(world, 'people', '2025-02', [person(1, 'Ada'), person(2, 'Bob')]);
    const period = parsePeriod('2025-01') as never;
    expect((await errorOf(publish(world.context(), { period }))).message).toContain('older_period');
    await undo(world, second);
    expect(await publish(world.context(), { period })).toMatchObject({ status: 'done' });
    expect(await world.rows(raw('SELECT n FROM mart.heads'))).toEqual([{ n: 1 }]);
  });

  it('knows no promotion that was never made, and takes nothing back twice', async () => {
    expect((await errorOf(undo(world, 999_999))).code).toBe('unknown-promotion');
    const first = await promote(world, 'people', '2025-01', [person(1, 'Ada')]);
    await undo(world, first);
    const twice = await undo(world, first);
    expect(twice).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(twice.message).toContain(`by promotion ${first + 1}`);
  });
});

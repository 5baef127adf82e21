import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWords } from '../../src/cli/write-words.ts';
import type { Dataset } from '../../src/domain/dataset.ts';
import { type Period, parsePeriod } from '../../src/domain/period.ts';
import { findMarts } from '../../src/marts/find-marts.ts';
import { staleMarts } from '../../src/marts/stale-marts.ts';
import { sql } from '../../src/sql/sql.ts';
import { type GoLiveInput, goLive } from '../../src/steps/go-live.ts';
import { decidePeriod } from '../../src/steps/period.ts';
import { publish } from '../../src/steps/publish.ts';
import { rollback } from '../../src/steps/rollback.ts';
import { dataset, field } from '../unit/gate/dataset-for-test.ts';
import { ENGINES } from './empty-warehouses.ts';
import { errorOf } from './world/error-of.ts';
import { World } from './world/world.ts';

const plain = dataset(
  [field('topic'), field('level'), field('hours', { type: 'integer' }), field('teacher', { pii: true })],
  { name: 'topics', pattern: 'topics_{board}_{period}.csv' },
);
const topics: Dataset = {
  ...plain,
  core: { ...plain.core, table: 'topics', key: ['board', 'topic'], strategy: 'upsert', rollout: 'staged' },
};
const open: Dataset = {
  ...dataset([field('id')], { name: 'open', pattern: 'open_{period}.csv' }),
  core: { ...plain.core, table: 'open', key: ['id'], strategy: 'upsert' },
};
const topic = (name: string, level = 'gcse', hours = 1) => ({ topic: name, level, hours, teacher: 'T' });

describe.each(ENGINES)('go-live on %s', (_name, engine) => {
  let world: World;
  beforeAll(async () => {
    await engine.start();
    world = await World.open(engine, [topics, open]);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await engine.stop();
  }, 60_000);
  beforeEach(async () => {
    await world.reset();
    await promote('AQA', '2025-01', [topic('a'), topic('b', 'alevel', 5)]);
    await promote('OCR', '2025-01', [topic('a')]);
  });

  const promote = async (board: string, period: string, rows: Parameters<World['load']>[2]) => {
    await world.load('topics', period, rows, `board=${board}`);
    const result = await world.transform(period, ['topics'], { slice: new Map([['board', board]]) });
    expect(result.exitCode, writeWords(result.message ?? '')).toBe(0);
  };
  const flip = (over: Partial<GoLiveInput> = {}, dryRun = false) =>
    goLive(world.context({ dryRun }), {
      ...{
        dataset: topics,
        period: null,
        slice: new Map(),
        where: null,
        off: false,
        reason: 'why',
        by: 'Vera',
      },
      ...over,
    });
  const live = async () =>
    (await world.rows(sql`SELECT board, topic FROM core.topics_live ORDER BY board, topic`)).map(
      (row) => `${row.board} ${row.topic}`,
    );

  it('makes waiting rows live, by slice, as a promotion with a number', async () => {
    expect(await live()).toEqual([]);
    const result = await flip({ slice: new Map([['board', 'AQA']]), by: 'Ada', reason: 'checked' });
    expect(result).toMatchObject({ status: 'done', exitCode: 0, rows: { modified: 2 } });
    expect(result.message).toMatch(/^Promotion \d+: 2 rows of core\.topics \(board=AQA\) are live now\.$/);
    expect(await live()).toEqual(['AQA a', 'AQA b']);
    const [log] = await world.rows(
      sql`SELECT kind, slice, rows_modified AS "rows", decided_by AS "by", reason FROM meta.promotion_log
          ORDER BY promotion_id DESC LIMIT 1`,
    );
    expect(log).toEqual({ kind: 'go-live', slice: 'board=AQA', rows: 2, by: 'Ada', reason: 'checked' });
    const journal = await world.rows(
      sql`SELECT _operation AS op, _before AS before FROM history.topics WHERE _operation = 'flipped'`,
    );
    expect(journal.map((row) => JSON.parse(String(row.before))._live)).toEqual(['false', 'false']);
  });

  it('does nothing where no row waits, and takes rows out again', async () => {
    await flip();
    expect(await flip()).toMatchObject({ status: 'skipped', exitCode: 0 });
    expect(await flip({ off: true, where: "topic = 'a'" })).toMatchObject({ rows: { modified: 2 } });
    expect(await live()).toEqual(['AQA b']);
  });

  it('counts in a dry run and changes nothing', async () => {
    const result = await flip({}, true);
    expect(result).toMatchObject({ status: 'done', rows: { modified: 3 } });
    expect(result.message).toContain('Would make 3 rows');
    expect(await live()).toEqual([]);
  });

  it('takes only the rows a period brought', async () => {
    await promote('AQA', '2025-02', [topic('c')]);
    await flip({ period: parsePeriod('2025-02') as Period });
    expect(await live()).toEqual(['AQA c']);
  });

  it.each([
    ["level = 'alevel' AND hours BETWEEN 2 AND 9", ['AQA b']],
    ["upper(level) LIKE 'GC%' OR topic IS NULL", ['AQA a', 'OCR a']],
    ["NOT (board IN ('AQA', 'X'))", ['OCR a']],
    ["topic = 'it''s' OR hours > 4 -- said", ['AQA b']],
    ["CAST(hours AS VARCHAR) || board = '1OCR'", ['OCR a']],
  ])('takes rows for which %s', async (where, expected) => {
    await flip({ where });
    expect(await live()).toEqual(expected);
  });

  it.each([
    ['a subquery', 'topic IN (SELECT topic FROM core.topics)'],
    ['a second statement', 'true; DROP TABLE core.topics'],
    ['a bracket that closes ours', "true) OR (topic = 'a'"],
    ['a function that reaches elsewhere', "pg_read_file('/etc/passwd') = ''"],
    ['a function that waits', 'pg_sleep(10) IS NULL'],
    ['an aggregate', 'count(*) > 1'],
    ['a window', 'row_number() OVER () = 1'],
    ['a placeholder', 'topic = $1'],
    ['no SQL', 'topic ='],
    ['no condition', 'topic'],
    ['values that do not fit', "hours = 'many'"],
    ['another table', "core.open.id = 'a'"],
    ['a misspelt column', "tpic = 'a'"],
    ['a column in other letters', "Topic = 'a'"],
  ])('refuses as a condition: %s', async (_, where) => {
    const error = await errorOf(flip({ where }));
    expect([error.code, error.exitCode]).toEqual(['usage', 2]);
    expect(error.message).not.toContain('passwd');
    expect(await live()).toEqual([]);
  });

  it('says which column was meant', async () => {
    expect((await errorOf(flip({ where: "tpic = 'a'" }))).message).toContain('did you mean topic?');
  });

  it('refuses a table whose rollout is not staged, with the key to set', async () => {
    const error = await errorOf(flip({ dataset: open }));
    expect([error.code, error.exitCode]).toEqual(['usage', 2]);
    expect(writeWords(error.hint ?? '')).toContain('datasets.open.core.rollout: staged');
  });

  it('refuses rows of a closed period', async () => {
    await decidePeriod(world.context(), {
      ...{
        action: 'close',
        period: parsePeriod('2025-01') as Period,
        dataset: topics,
        reason: 'done',
        by: 'Ada',
      },
    });
    const error = await errorOf(flip());
    expect([error.code, error.exitCode]).toEqual(['period-closed', 4]);
    expect(await live()).toEqual([]);
  });

  it('is taken back by a rollback, to the last column', async () => {
    const before = await world.core('topics', sql`board, topic`);
    const [number] = /\d+/.exec(writeWords((await flip({ where: "board = 'AQA'" })).message ?? '')) ?? [];
    const { result } = await rollback(world.context(), {
      subject: { promotionId: Number(number) },
      ...{ cascade: false, reason: 'why', by: 'Vera', confirm: null },
    });
    expect(result, writeWords(result.message ?? '')).toMatchObject({ status: 'done', exitCode: 0 });
    expect(await world.core('topics', sql`board, topic`)).toEqual(before);
    expect(await flip()).toMatchObject({ rows: { modified: 3 } });
  });

  it('makes marts stale that read the table', async () => {
    world.write(
      'models/mart/shown.sql',
      '-- grain: board, topic\n-- mode: period\n-- reads: core.topics\nSELECT board, topic FROM core.topics\n',
    );
    const period = parsePeriod('2025-01') as Period;
    await publish(world.context(), { period });
    const marts = findMarts(world.project, world.datasets, world.warehouse.capabilities.dialect);
    const stale = () => world.warehouse.read((session) => staleMarts(session, marts, world.datasets));
    expect(await stale()).toEqual([]);
    await flip();
    expect(await stale()).toEqual([{ mart: 'shown', period: '2025-01', tables: ['topics'] }]);
    await publish(world.context(), { period });
    expect(await world.rows(sql`SELECT count(*) AS n FROM mart.shown`)).toEqual([{ n: 3 }]);
    await world.load('topics', '2025-01', [topic('a'), topic('z')], 'board=AQA');
    await world.transform('2025-01', ['topics'], { slice: new Map([['board', 'AQA']]) });
    await publish(world.context(), { period });
    await rollback(world.context(), {
      subject: { dataset: topics, period, slice: new Map([['board', 'AQA']]) },
      ...{ cascade: false, reason: 'why', by: 'Vera', confirm: null },
    });
    expect(await stale()).toEqual([{ mart: 'shown', period: '2025-01', tables: ['topics'] }]);
  });
});

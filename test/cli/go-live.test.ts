import { describe, expect, it } from 'vitest';
import { makeWorld } from './world.ts';

const CONFIG = `version: 1
datasets:
  topics:
    source: {filename: "topics_{board}_{period}.csv"}
    schema: {primaryKey: topic, fields: [{name: topic}, {name: level}]}
    core: {strategy: upsert, rollout: staged}
  plain:
    source: {filename: "plain_{period}.csv"}
    schema: {primaryKey: id, fields: [{name: id}]}
`;

const WHO = ['--by', 'Ada', '--reason', 'checked'];

describe('go-live', () => {
  it('makes promoted rows live by slice and condition, says how many, and does nothing twice', async () => {
    const world = makeWorld({
      config: CONFIG,
      landed: {
        'topics_AQA_2025-06.csv': 'topic,level\na,gcse\nb,alevel\n',
        'topics_OCR_2025-06.csv': 'topic,level\na,gcse\n',
      },
    });
    await world.json('run --period 2025-06', 0);
    const live = async () =>
      (await world.query('SELECT board, topic FROM core.topics_live ORDER BY 1, 2')).map(
        (row) => `${row.board} ${row.topic}`,
      );
    expect(await live()).toEqual([]);
    const dry = await world.json('go-live --dataset topics --slice board=AQA --dry-run', 0);
    expect(dry).toMatchObject({ step: 'go-live', status: 'done', dataset: 'topics', rows: { modified: 2 } });
    expect(await live()).toEqual([]);
    await world.json('go-live --dataset topics --slice board=AQA --by Ada --reason checked', 0);
    expect(await live()).toEqual(['AQA a', 'AQA b']);
    const again = await world.json('go-live --dataset topics --slice board=AQA --by Ada --reason checked', 0);
    expect(again).toMatchObject({ status: 'skipped', rows: { modified: 0 } });
    await world.json(['go-live', '--dataset', 'topics', '--off', '--where', "level = 'alevel'", ...WHO], 0);
    expect(await live()).toEqual(['AQA a']);
    const refused = await world.json(
      ['go-live', '--dataset', 'topics', '--where', 'levle IS NULL', ...WHO],
      2,
    );
    expect(refused).toMatchObject({
      status: 'usage',
      message: expect.stringContaining('did you mean level?'),
    });
    expect((await world.json('go-live --dataset plain --by Ada --reason checked', 2)).hint).toContain(
      'datasets.plain.core.rollout: staged',
    );
    expect((await world.json('go-live', 2)).message).toContain('--dataset');
    const { stdout } = await world.run(['history', '--dataset', 'topics']);
    expect(stdout).toMatch(/go-live.*core\.topics: 2 rows made live.*Ada/);
    expect(stdout).toContain('core.topics: 1 row no longer live');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ENGINES } from './empty-warehouses.ts';
import { RecordsWorld } from './records-world.ts';

const CONFIG = `version: 1
datasets:
  units:
    period: none
    source: {records: {}}
    accept: {max_rejected: 50%}
    schema:
      fields:
        - {name: code, type: string}
        - {name: above, type: string}
        - {name: title, type: string, constraints: {required: true, maxLength: 5}}
        - {name: size, type: integer}
      primaryKey: [code]
      foreignKeys: [{fields: above, reference: {dataset: units, fields: code}}]
    core: {key: [code], strategy: upsert, on_duplicate: update}
`;

describe.each(ENGINES)('records of one batch that depend on each other, on %s', (_, engine) => {
  let world: RecordsWorld;
  beforeAll(async () => {
    await engine.start();
    world = await RecordsWorld.open(engine, CONFIG);
  });
  beforeEach(() => world.reset());
  afterAll(async () => {
    await world.close();
    await engine.stop();
  });

  const promote = (over: object = {}) => world.counts('units', over);

  it('wait for the row to which they refer where its record is bad, whatever their order', async () => {
    const deep = { code: 'deep', above: 'below', title: 'Deep' };
    await world.insert(
      'units',
      'r',
      deep,
      { code: 'below', above: 'top', title: 'Below' },
      { code: 'top', title: 'much too long' },
      { code: 'other', title: 'Other' },
      { code: 'beside', above: 'other', title: 'Other' },
      { code: 'again', title: 'Again' },
    );
    expect(await promote()).toEqual({ promoted: 3, duplicate: 0, failed: 3, waiting: 0 });
    expect((await world.marks('units')).map(({ mark, errors }) => [mark, ...errors])).toEqual([
      ['failed waits', '1:above:foreign-key'],
      ['failed waits', '1:above:foreign-key'],
      ['failed', '1:title:constraint-error'],
      ...[['promoted'], ['promoted'], ['promoted']],
    ]);
    await world.insert('units', 's', { code: 'top', title: 'Top' });
    expect(await promote()).toEqual({ promoted: 3, duplicate: 0, failed: 0, waiting: 0 });
  });

  it('count by run: where too many are bad the good ones wait, until enough are right', async () => {
    const [bad] = await world.insert('units', 'one', { code: 'a' }, { code: 'b' }, { code: 'c', title: 'C' });
    await world.insert('units', 'two', { code: 'x' }, { code: 'y', title: 'Y' });
    const { result } = await world.promote('units');
    expect([result.exitCode, result.records]).toEqual([
      3,
      { promoted: 1, duplicate: 0, failed: 3, waiting: 1 },
    ]);
    expect(result.message).toContain("'one'");
    expect(await world.words('units')).toEqual(['failed', 'failed', 'waits', 'failed', 'promoted']);
    // The good one is judged again, and waits again.
    expect(await promote()).toEqual({ promoted: 0, duplicate: 0, failed: 0, waiting: 1 });
    await world.execute(
      `UPDATE stage.units_records SET waits = true, failed = false,
         raw_data = CAST('{"code": "a", "title": "A"}' AS JSON) WHERE staging_id = ${bad}`,
    );
    expect(await promote()).toEqual({ promoted: 2, duplicate: 0, failed: 0, waiting: 0 });
    expect((await world.marks('units')).map(({ attempt }) => attempt)).toEqual([2, 1, 3, 1, 1]);
  });

  it('count with the whole run, not with the batch alone', async () => {
    await world.insert('units', 'one', { code: 'a' }, { code: 'b', title: 'B' }, { code: 'c', title: 'C' });
    await world.insert('units', 'one', { code: 'd' });
    expect(await promote({ most: 1 })).toEqual({ promoted: 2, duplicate: 0, failed: 2, waiting: 0 });
  });

  it('do not stand on a record of a run that waits', async () => {
    const held = { code: 'k', title: 'Held', size: 1 };
    await world.insert('units', 'one', held, { code: 'a' }, { code: 'b' });
    await world.insert(
      'units',
      'two',
      { code: 'k', size: 2 },
      { code: 'k', title: 'Two' },
      { code: 'z', title: 'Z' },
    );
    expect(await promote()).toEqual({ promoted: 2, duplicate: 0, failed: 3, waiting: 1 });
    // Without the record that waits the first of the other run has no title, and its size is nothing to stand on.
    expect(await world.words('units')).toEqual([
      ...['waits', 'failed', 'failed', 'failed', 'promoted', 'promoted'],
    ]);
    expect(await world.core('units', 'code', 'title', 'size')).toEqual([
      { code: 'k', title: 'Two', size: null },
      { code: 'z', title: 'Z', size: null },
    ]);
  });

  it('do not refer to a record of a run that waits', async () => {
    await world.insert('units', 'one', { code: 'top', title: 'Top' }, { code: 'a' }, { code: 'b' });
    await world.insert(
      'units',
      'two',
      { code: 'below', above: 'top', title: 'Below' },
      { code: 'z', title: 'Z' },
    );
    expect(await promote()).toEqual({ promoted: 1, duplicate: 0, failed: 3, waiting: 1 });
    expect(await world.words('units')).toEqual(['waits', 'failed', 'failed', 'failed waits', 'promoted']);
  });

  it('are judged to the end where sixty of one key are bad, and wait where it is more', async () => {
    world.rules(CONFIG.replace(/ +foreignKeys.*\n/, ''));
    onTestFinished(() => void world.rules(CONFIG));
    const bad = (n: number) => Array.from({ length: n }, () => ({ code: 'k', title: null, size: 7 }));
    await world.insert('units', 'r', { code: 'k', title: 'K', size: 1 }, ...bad(3), { code: 'k' });
    await world.insert(
      'units',
      'r',
      ...Array.from({ length: 80 }, (_, i) => ({ code: `k${i}`, title: 'K' })),
    );
    expect(await promote()).toEqual({ promoted: 82, duplicate: 0, failed: 3, waiting: 0 });
    await world.insert('units', 's', ...bad(80), { code: 'k', title: 'Last' }, { code: 'other', title: 'O' });
    await world.insert(
      'units',
      's',
      ...Array.from({ length: 80 }, (_, i) => ({ code: `m${i}`, title: 'M' })),
    );
    const first = await promote();
    expect(first).toEqual({ promoted: 81, duplicate: 0, failed: 60, waiting: 21 });
    expect(await promote()).toEqual({ promoted: 1, duplicate: 0, failed: 20, waiting: 0 });
    expect(await world.core('units', 'code', 'title', 'size')).toContainEqual({
      ...{ code: 'k', title: 'Last', size: 1 },
    });
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAULT_ENGINES as ENGINES } from '../fault/fault-engines.ts';
import { type CopiedWorld, worldAt } from '../fault/lost-answers/copied-world.ts';
import { newRoot } from './world/test-pipeline.ts';

const CONFIG = `version: 1
name: copied
datasets:
  people:
    source: {filename: "people_{period}[_v{version}].csv"}
    schema: {primaryKey: id, fields: [{name: id, type: integer}, {name: name}]}
    core: {strategy: upsert, covers: all, missing: delete, review: required}
`;
const OF = '--dataset people --period 2025-06';
const WHO = '--by Vera --reason audit';
const CORRECT = `correct ${OF} --key id=1 --set name=Eve --expect Ada ${WHO}`;

const AT_NOON = { toFake: ['Date' as const], now: new Date('2025-07-10T12:00:00Z') };

describe.each(ENGINES)('a clock that is set back by a day, on %s', (_name, engine) => {
  let base: CopiedWorld;
  let world: CopiedWorld;
  beforeAll(async () => {
    vi.useFakeTimers(AT_NOON);
    base = worldAt(newRoot(), await engine.make());
    world = base;
    writeFileSync(join(world.root, 'datasets_config.yml'), CONFIG);
    world.land({ 'people_2025-06.csv': 'id,name\n1,Ada\n2,Bob\n' });
    await say('migrate');
    await say('run --period 2025-06', 4);
    vi.useRealTimers();
  });
  afterAll(() => base.remove());
  beforeEach(async () => {
    vi.useFakeTimers(AT_NOON);
    world = await base.copy();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await world.remove();
  });

  const setBack = () => vi.setSystemTime(new Date('2025-07-09T12:00:00Z'));
  const setRight = () => vi.setSystemTime(new Date('2025-07-10T12:00:00Z'));
  async function say(command: string, code = 0) {
    const answer = await world.run(command);
    expect(answer.code, `${command}\n${answer.stdout}${answer.stderr}`).toBe(code);
    return answer.json;
  }

  it.each([
    ['a correction', async () => void (await say(CORRECT)), /void: corrections were made/],
    [
      'an undone correction',
      async () => {
        setRight();
        await say(CORRECT);
        await say('load-stage --period 2025-06');
        await say(`approve ${OF} --yes ${WHO}`);
        setBack();
        await say(`correct --undo 1 ${WHO}`);
      },
      /void: corrections were made or undone/,
    ],
    [
      'another delivery',
      async () => {
        world.land({ 'people_2025-06_v2.csv': 'id,name\n1,Ida\n' });
        await say('run --period 2025-06 --through validate');
      },
      /void: another delivery has come since/,
    ],
    [
      'other rows',
      async () => {
        world.land({ 'people_2025-06_v2.csv': 'id,name\n1,Ida\n' });
        await say('run --period 2025-06 --through load-stage');
      },
      /void: other rows were loaded since/,
    ],
  ])('makes no approval hold that is void by %s', async (_what, comes, why) => {
    await say(`approve ${OF} --yes ${WHO}`);
    setBack();
    await comes();
    setRight();
    expect((await say(`transform ${OF}`, 4)).message).toMatch(why);
    setBack();
    expect((await say(`transform ${OF}`, 4)).message).toMatch(why);
  });

  it('leaves an approval alone that nothing came after', async () => {
    await say(CORRECT);
    await say('load-stage --period 2025-06');
    setBack();
    await say(`approve ${OF} --yes ${WHO}`);
    await say(`transform ${OF}`);
  });

  it('tells corrections that wait from those that were loaded', async () => {
    await say(CORRECT);
    const states = async () =>
      (await say('correct --list')).details.corrections.map((one: { state: string }) => one.state);
    setBack();
    await say('load-stage --period 2025-06');
    expect(await states()).toEqual(['applied']);
    await say(`correct ${OF} --key id=2 --set name=Bo --expect Bob ${WHO}`);
    expect(await states()).toEqual(['applied', 'to load']);
    await say(`approve ${OF} --yes ${WHO}`, 0);
    await say('load-stage --period 2025-06');
    expect(await states()).toEqual(['applied', 'applied']);
  });

  it('traces each correction to the load that applied it', async () => {
    await say(CORRECT);
    setBack();
    await say('load-stage --period 2025-06');
    await say(`approve ${OF} --yes ${WHO}`);
    await say(`transform ${OF}`);
    const applied = async () =>
      (await say('trace core.people 1')).details.rows[0].corrections.map(
        (one: { applied: boolean }) => one.applied,
      );
    expect(await applied()).toEqual([true]);
    setRight();
    await say(`correct --undo 1 ${WHO}`);
    setBack();
    await say(`correct ${OF} --key id=1 --set name=Eva --expect Ada ${WHO}`);
    // What stands in core is still the first one.
    expect(await applied()).toEqual([true, false]);
  });

  it('tells each log in the order of its numbers', async () => {
    await say(`approve ${OF} --yes ${WHO}`);
    await say(`transform ${OF}`);
    setBack();
    await say(`rollback --promotion 1 --yes ${WHO}`);
    const { events } = (await say('history --dataset people')).details;
    const kinds = events.map((event: { event: string }) => event.event);
    expect(kinds.filter((kind: string) => kind === 'promotion' || kind === 'rollback')).toEqual([
      'promotion',
      'rollback',
    ]);
  });
});

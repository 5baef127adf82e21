import { describe, expect, it } from 'vitest';
import { posting, postingsConfig, recordsPipeline } from './handed-over.ts';
import { ENGINES } from './world.ts';

describe.each(ENGINES)('guards of records on %s', (engine) => {
  it('stop with the command that accepts them, and what was accepted is in the log', async () => {
    const world = await recordsPipeline(engine, postingsConfig(', guards: {max_modified: 0}'));
    await world.insert('postings', 'a', posting('1', 'Clerk'));
    await world.json('records promote --dataset postings --all', 0);
    await world.insert('postings', 'b', posting('1', 'Teller'));
    const stopped = await world.json('records promote --dataset postings --run b', 4);
    expect(stopped.message).toBe(
      'Guard max_modified: 1 of 1 core row (100.0%) would be modified, allowed are 0. Nothing was promoted.',
    );
    expect(stopped.hint).toBe(
      'If this is right, accept it: tidemark records promote --dataset postings --run b --accept-guard max_modified --by NAME --reason "…"',
    );
    expect(await world.marks('postings')).toEqual(['promoted', 'waits']);
    const all = await world.json('records promote --dataset postings --all', 4);
    expect(all.hint).toContain('records promote --dataset postings --all --accept-guard max_modified');

    const accept = '--accept-guard max_modified --by Vera --reason right';
    await world.json(`records promote --dataset postings --run b ${accept}`, 0);
    expect(await world.marks('postings')).toEqual(['promoted', 'promoted']);
    const [first, second] = await world.query(
      'SELECT accepted_guards FROM meta.promotion_log ORDER BY promotion_id',
    );
    expect(first).toEqual({ accepted_guards: null });
    expect(JSON.parse(second?.accepted_guards as string)).toEqual([
      {
        ...{ name: 'max_modified', by: 'Vera', reason: 'right' },
        figures: '1 of 1 core row (100.0%) would be modified, allowed are 0',
      },
    ]);
  });
});

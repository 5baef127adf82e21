import { describe, expect, it } from 'vitest';
import { posting, postingsConfig, recordsPipeline } from './handed-over.ts';
import { ENGINES } from './world.ts';

describe.each(ENGINES)('records promote bound to a preview on %s', (engine) => {
  const world = async () => {
    const made = await recordsPipeline(engine, postingsConfig());
    await made.insert('postings', 'a', posting('1', 'Clerk'), posting('2', null), posting('1', 'Clerk'));
    return made;
  };
  const promote = 'records promote --dataset postings --all';

  it('promotes exactly what the dry run showed', async () => {
    const made = await world();
    const shown = await made.json(`${promote} --dry-run`, 0);
    expect(shown.message).toBe('Would be: 1 promoted, 1 duplicate, 1 failed.');
    expect(shown.details.seen).toMatch(/^[0-9a-f]{16}$/);
    expect(await made.json(`${promote} --dry-run`, 0)).toMatchObject({
      details: { seen: shown.details.seen },
    });
    expect(await made.marks('postings')).toEqual(['waits', 'waits', 'waits']);
    const done = await made.json(`${promote} --seen ${shown.details.seen}`, 0);
    expect(done.records).toEqual({ promoted: 1, duplicate: 1, failed: 1, waiting: 0 });
  });

  it('changes nothing where more has come since, and says what would be promoted now', async () => {
    const made = await world();
    const { seen } = (await made.json(`${promote} --dry-run`, 0)).details;
    await made.insert('postings', 'b', posting('3', 'Teller'));
    const refused = await made.json(`${promote} --seen ${seen}`, 4);
    expect(refused.message).toBe(
      `What would be done is not what has the fingerprint ${seen}. Now: Would be: 2 promoted, 1 duplicate, 1 failed. Nothing was changed.`,
    );
    const [, now] = /--seen ([0-9a-f]{16})$/.exec(refused.hint) as unknown as [string, string];
    expect(refused.hint).toBe(
      `Look again: tidemark ${promote} --dry-run. If it is right: tidemark ${promote} --seen ${now}`,
    );
    expect(await made.marks('postings')).toEqual(['waits', 'waits', 'waits', 'waits']);
    await made.json(`${promote} --seen ${now}`, 0);
    expect((await made.marks('postings'))[3]).toBe('promoted');
  });

  it('changes nothing where a rule has changed since', async () => {
    const made = await world();
    const { seen } = (await made.json(`${promote} --dry-run`, 0)).details;
    made.configure(postingsConfig().replace('maxLength: 20', 'maxLength: 21'));
    await made.json(`${promote} --seen ${seen}`, 4);
    expect(await made.marks('postings')).toEqual(['waits', 'waits', 'waits']);
  });

  it('proposes nothing where nothing is left, and answers the same call made again', async () => {
    const made = await world();
    const { seen } = (await made.json(`${promote} --dry-run`, 0)).details;
    const first = await made.json(`${promote} --seen ${seen} --run-id night`, 0);
    const again = await made.json(`${promote} --seen ${seen} --run-id night`, 0);
    expect([again.message, again.records]).toEqual([first.message, first.records]);
    const refused = await made.json(`${promote} --seen ${seen}`, 4);
    expect(refused.hint).toBe(`Look again: tidemark ${promote} --dry-run.`);
  });
});

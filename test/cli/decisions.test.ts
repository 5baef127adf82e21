import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CITIZENS_ONLY, citizens, register, THREE } from './registers.ts';
import { makeWorld } from './world.ts';

const OF = '--dataset citizens --period 2025-06';
const DECISIONS = [
  `approve ${OF}`,
  `correct ${OF} --key citizen_id=1 --set income=99 --expect 10`,
  'correct --undo 1',
  'go-live --dataset citizens',
  `period close ${OF}`,
  `period reopen ${OF}`,
  'rollback --promotion 1 --yes',
  `unload ${OF}`,
  'withdraw --file-id 1',
  'ingest --period 2025-06 --accept-same-bytes',
  'transform --period 2025-06 --accept-guard rolled_back',
  'publish --period 2025-06 --accept-guard older_period',
];

/** What a shell makes of a command that is proposed, word by word. */
function pasted(command: string): string[] {
  const script = `tidemark() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('who and why', () => {
  it('are asked of everyone who decides, and nothing happens without', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    for (const decision of DECISIONS) {
      const neither = await world.json(decision, 2);
      expect(neither.message, decision).toMatch(/needs --by and --reason\.$/);
      expect(neither.hint).toBe('Add --by "your name" --reason "why".');
      expect((await world.json(`${decision} --by Ada`, 2)).message, decision).toMatch(/needs --reason\.$/);
      expect((await world.json(`${decision} --reason x`, 2)).message, decision).toMatch(/needs --by\.$/);
      expect((await world.json([...decision.split(' '), '--by', ' ', '--reason', 'x'], 2)).status).toBe(
        'usage',
      );
    }
    expect(await world.query('SELECT count(*) AS n FROM meta.promotion_log')).toEqual([{ n: '1' }]);
    expect(await world.query('SELECT count(*) AS n FROM meta.decision_log')).toEqual([{ n: '0' }]);
  });

  it('are not asked of a dry run, which decides nothing', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    for (const look of [
      `unload ${OF}`,
      'rollback --promotion 1',
      'withdraw --file-id 1',
      `period close ${OF}`,
    ])
      await world.json(`${look} --dry-run`, 0);
  });

  it('stand in the command that is proposed, quoted as a shell needs it', async () => {
    const [by, reason] = ["Ann O'Neil", 'twice "50 %"; $(touch x) `y` \\ #1'];
    const world = makeWorld({
      config: CITIZENS_ONLY.replace('strategy: upsert', 'strategy: upsert, review: required'),
      landed: { 'citizens_2025-06.csv': THREE },
    });
    const who = ['--by', by, '--reason', reason];
    await world.json('run --period 2025-06', 4);
    const commandOf = (hint: string) => pasted(hint.slice(hint.indexOf('tidemark ')));

    const asked = await world.json(['approve', ...OF.split(' '), ...who], 4);
    const approve = commandOf(asked.hint);
    expect(approve).toEqual(['approve', ...OF.split(' '), ...who, '--diff', asked.details.fingerprint]);
    await world.json(approve, 0);
    await world.json('run --period 2025-06', 0);

    const back = commandOf((await world.json(['rollback', '--promotion', '1', ...who], 4)).hint);
    expect(back).toEqual(['rollback', '--promotion', '1', '--yes', ...who]);
    await world.json(back, 0);
    expect(
      await world.query("SELECT decided_by, reason FROM meta.promotion_log WHERE kind = 'rollback'"),
    ).toEqual([{ decided_by: by, reason }]);

    const withdrawn = await world.json(['withdraw', '--file-id', '1', ...who], 0);
    const unload = commandOf(withdrawn.message);
    expect(unload).toEqual(['unload', '--period', '2025-06', '--dataset', 'citizens', ...who]);
    await world.json(unload, 0);
  });

  it('are places to fill in where nobody has decided yet', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    await world.json(`period close ${OF} --by Ada --reason audit`, 0);
    world.land('citizens_2025-06_v2.csv', citizens([1, 'Ada', 1]));
    const { hint } = await world.json('run --period 2025-06', 4);
    expect(hint).toMatch(/tidemark period reopen .* --by NAME --reason "…"$/);
  });
});

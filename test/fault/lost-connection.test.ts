import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../fixtures/pipelines/make-pipeline.ts';
import { breakableLine } from '../fixtures/postgres/breakable-line.ts';
import { ROWS } from './entries.ts';
import { queryPostgres, SERVER_ENGINES } from './fault-engines.ts';
import { copyingProcess } from './mid-copy.ts';
import { loadOf, type ReplacedPeriod, replacedPeriod } from './replaced-period.ts';

function expectTold({ code, json, stderr }: Answer, codes: readonly number[]): void {
  expect(codes, stderr).toContain(code);
  expect(json.exit_code).toBe(code);
  expect(json.message).toMatch(/\w/);
  expect(json.hint).toMatch(/\w/);
  expect(stderr).not.toMatch(/wiring-only|postgres:\/\/[^ ]*@/);
}

describe.each(SERVER_ENGINES)('a load that loses %s in mid-copy', (_name, engine) => {
  let world: ReplacedPeriod;
  beforeAll(async () => {
    world = await replacedPeriod(engine, ROWS);
  }, 300_000);
  afterAll(() => world.remove());

  const url = () => world.database.url as string;
  async function replacementThatFails(fail: (pid: number) => unknown, more = ''): Promise<Answer> {
    const old = await world.standing();
    const running = world.pipeline.start(loadOf(world.otherOf(old), more));
    await fail(await copyingProcess(url()));
    const answer = await running.answer;
    expect(await world.standing()).toBe(old);
    return answer;
  }
  async function expectConverges(): Promise<void> {
    const fresh = world.otherOf(await world.standing());
    expect((await world.load(fresh)).code).toBe(0);
    expect(await world.standing()).toBe(fresh);
  }

  it('because the server ends the connection: the old rows stay, 5, and the next run converges', async () => {
    const answer = await replacementThatFails((pid) =>
      queryPostgres(url(), `SELECT pg_terminate_backend(${pid})`),
    );
    expectTold(answer, [5]);
    await expectConverges();
  });

  it('because an administrator cancels the statement: the old rows stay, and the next run converges', async () => {
    const answer = await replacementThatFails((pid) =>
      queryPostgres(url(), `SELECT pg_cancel_backend(${pid})`),
    );
    expectTold(answer, [1, 5]);
    await expectConverges();
  });

  it('because the line is cut: the old rows stay, 5, and the next run converges', async () => {
    const line = await breakableLine(url());
    const answer = await replacementThatFails(() => line.cut(), `--database-url ${line.url}`);
    await line.close();
    expectTold(answer, [5]);
    await expectConverges();
  });
});

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAULT_ENGINES as ENGINES } from '../fault/fault-engines.ts';
import { type CopiedWorld, worldAt } from '../fault/lost-answers/copied-world.ts';
import { newRoot } from './world/test-pipeline.ts';

const config = (name: string, more = '') => `version: 1
name: copied
datasets:
  people:
    source: {filename: "people_{period}[_v{version}].csv"}
    schema:
      primaryKey: id
      fields:
        - {name: id, type: integer}
        - ${name}
${more}    core: {strategy: upsert, covers: all, missing: delete}
`;
const NAME = '{name: name}';
const WHO = '--by Vera --reason audit';

describe.each(ENGINES)('rows whose promotion was taken back, on %s', (_name, engine) => {
  let base: CopiedWorld;
  let world: CopiedWorld;
  beforeAll(async () => {
    base = worldAt(newRoot(), await engine.make());
    world = base;
    writeFileSync(join(world.root, 'datasets_config.yml'), config(NAME));
    await say('migrate');
    world.land({ 'people_2025-06.csv': 'id,name\n1,Ada\n2,Bob\n' });
    await say('run --period 2025-06');
    world.land({ 'people_2025-06.csv': 'id,name\n1,Eva\n2,Bob\n' });
    await say('run --period 2025-06');
    await say(`rollback --promotion 2 --yes ${WHO}`);
  });
  afterAll(() => base.remove());
  beforeEach(async () => {
    world = await base.copy();
  });
  afterEach(() => world.remove());

  async function say(
    command: string,
    code = 0,
  ): Promise<{ message: string; hint: string; details: Record<string, unknown> }> {
    const answer = await world.run(command);
    expect(answer.code, `${command}\n${answer.stdout}${answer.stderr}`).toBe(code);
    return answer.json;
  }
  async function configure(text: string): Promise<void> {
    writeFileSync(join(world.root, 'datasets_config.yml'), text);
    await say('migrate');
  }
  const names = async () =>
    (await world.database.query(world.root, 'SELECT name FROM core.people ORDER BY id')).map(
      (row) => row.name,
    );
  const loads = async () =>
    Number((await world.database.query(world.root, 'SELECT count(*) AS n FROM meta.load_log'))[0]?.n);

  async function expectHeld(): Promise<void> {
    expect((await say('run --period 2025-06', 4)).message).toMatch(/Guard rolled_back: these very rows/);
    expect(await names()).toEqual(['Ada', 'Bob']);
    expect(await board()).toEqual([
      'held',
      `people 2025-06 is held, because its promotion was rolled back: deliver other rows, or approve these: tidemark approve --dataset people --period 2025-06 --by NAME --reason "…"`,
    ]);
  }
  /** The state that `status` tells of the period, and what it says to do first. */
  async function board(): Promise<unknown[]> {
    const { board, next } = (await say('status --period 2025-06')).details as {
      board: { state: string }[];
      next: string[];
    };
    return [board[0]?.state, next[0]];
  }

  it.each([
    ['a stricter rule', config('{name: name, constraints: {required: true}}')],
    ['a new check', config(NAME, '    checks: [{name: some, rows: {min: 1}}]\n')],
    [
      'a new field that is empty',
      config(`${NAME}\n        - {name: remark}`, '    headers: {extra: warning}\n'),
    ],
  ])('stay held when %s has them validated and loaded anew', async (what, text) => {
    await configure(text);
    if (what.startsWith('a new field'))
      world.land({ 'people_2025-06.csv': 'id,name,remark\n1,Eva,\n2,Bob,\n' });
    await expectHeld();
    expect(await loads()).toBe(3);
    await expectHeld();
  });

  it('stay held when they are delivered again in other bytes', async () => {
    world.land({ 'people_2025-06_v2.csv': 'id;name\n2;Bob\n1;Eva\n' });
    await expectHeld();
    expect(await loads()).toBe(3);
  });

  it('stay held when the file that was promoted is gone', async () => {
    await configure(config('{name: name, constraints: {required: true}}'));
    await say('run --period 2025-06 --through load-stage');
    const files = await world.database.query(
      world.root,
      'SELECT parquet_path FROM meta.load_log WHERE load_id = 2',
    );
    rmSync(join(world.root, String(files[0]?.parquet_path)));
    await expectHeld();
  });

  it('pass when a rule makes other rows of them', async () => {
    await configure(config('{name: name, clean: [upper]}'));
    await say('run --period 2025-06');
    expect(await names()).toEqual(['EVA', 'BOB']);
  });

  it('pass when other rows came in between', async () => {
    world.land({ 'people_2025-06_v2.csv': 'id,name\n1,Ida\n2,Bob\n' });
    await say('run --period 2025-06');
    world.land({ 'people_2025-06_v3.csv': 'id,name\n2,Bob\n1,Eva\n' });
    await say('run --period 2025-06');
    expect(await names()).toEqual(['Eva', 'Bob']);
  });

  it('pass when they are approved anew under the rules as edited', async () => {
    await configure(config('{name: name, constraints: {required: true}}'));
    await say('run --period 2025-06', 4);
    await say('approve --dataset people --period 2025-06 --yes --by Vera --note audit');
    expect(await board()).toEqual(['to promote', 'tidemark run --period 2025-06']);
    await say('run --period 2025-06');
    expect(await names()).toEqual(['Eva', 'Bob']);
  });
});

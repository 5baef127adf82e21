import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setStatus } from '../../src/ledger/deliveries.ts';
import { withdraw } from '../../src/steps/withdraw.ts';
import { ENGINES } from './empty-warehouses.ts';
import { GATE_CONFIG, Gate, GOOD, JUNE } from './gate.ts';

describe.each(ENGINES)('ingest on %s', (_name, engine) => {
  let gate: Gate;

  beforeAll(() => engine.start(), 120_000);
  afterAll(() => engine.stop(), 60_000);
  beforeEach(async () => {
    gate = await Gate.open(engine);
  }, 60_000);
  afterEach(() => gate.close());

  describe('refusals', () => {
    it.each([
      ['a name of no dataset', 'citizen 2025-06.csv', GOOD, 'unknown-file-name', /citizens_\{period\}/],
      ['an impossible period', 'citizens_2025-13.csv', GOOD, 'impossible-period', /'2025-13'.*no such month/],
      ['a missing header', 'citizens_2025-06.csv', 'Citizen ID\n1\n', 'missing-label', /Missing: 'name'/],
      [
        'an unexpected header',
        'citizens_2025-06.csv',
        'Citizen ID,name,zzz\n1,2,3\n',
        'extra-label',
        /Not expected: 'zzz'/,
      ],
      [
        'a misspelt header',
        'citizens_2025-06.csv',
        'Citizen ID,nmae\n1,2\n',
        'missing-label',
        /'nmae' should be 'name'/,
      ],
      [
        'a doubled header',
        'citizens_2025-06.csv',
        'Citizen ID,name,Name\n1,2,3\n',
        'duplicate-label',
        /There twice: 'name'/,
      ],
      ['an empty file', 'citizens_2025-06.csv', '', 'file-unreadable', /empty/],
      [
        'text under a workbook name',
        'citizens_2025-06.xlsx',
        GOOD,
        'file-unreadable',
        /under the name of a workbook/,
      ],
      ['a zip under a text name', 'citizens_2025-06.csv', 'PK\u0003\u0004', 'file-unreadable', /zip/],
      [
        'a broken quote',
        'citizens_2025-06.csv',
        'Citizen ID,name\n1,"x\n"\n2",y\n',
        'file-unreadable',
        /line 2.* in two ways/,
      ],
    ])('%s, with exit 3, a message, a hint and one log row', async (_what, name, content, code, message) => {
      const path = gate.drop(name, content);
      for (let i = 0; i < 2; i++) {
        const result = await gate.run({ filePath: path });
        expect(result).toMatchObject({ status: 'refused', exitCode: 3 });
        expect(result.message).toMatch(message);
        expect(result.message).toContain(name);
        expect(result.hint).toBeTruthy();
      }
      const rows = await gate.log();
      expect(rows).toHaveLength(1);
      expect(rows[0]?.status).toBe('refused');
      expect(JSON.parse(rows[0]?.findings ?? '')[0].code).toBe(code);
    });

    it('a link that leads out of landed is refused and never read', async () => {
      writeFileSync(join(gate.world.project.root, 'secret.csv'), GOOD);
      symlinkSync(
        join(gate.world.project.root, 'secret.csv'),
        join(gate.world.project.landed, 'citizens_2025-06.csv'),
      );
      for (let i = 0; i < 2; i++) {
        expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
          status: 'refused',
          exitCode: 3,
          message: expect.stringMatching(/leads out/),
        });
      }
      expect(await gate.log()).toMatchObject([{ status: 'refused', sha256: null }]);
      await expect(gate.run({ filePath: join(gate.world.project.root, 'secret.csv') })).rejects.toMatchObject(
        {
          code: 'out-of-landed',
        },
      );
      await expect(gate.run({ filePath: 'none.csv' })).rejects.toMatchObject({ code: 'no-such-file' });
    });

    it('the same bytes under another period, unless there is a reason, no data, or the dataset lets them', async () => {
      gate.drop('citizens_2025-06.csv');
      await gate.run();
      const july = gate.drop('citizens_2025-07.csv');
      expect(await gate.run({ filePath: july })).toMatchObject({
        status: 'refused',
        exitCode: 3,
        message: expect.stringMatching(/same bytes/),
      });
      expect(
        await gate.run({ filePath: july, acceptSameBytes: { by: 'Vera', reason: 'nothing changed' } }),
      ).toMatchObject({
        status: 'done',
      });
      expect((await gate.log()).at(-1)).toMatchObject({ status: 'accepted', reason: 'nothing changed' });
      gate.drop('citizens_2025-08.csv', 'Citizen ID,name\n');
      gate.drop('citizens_2025-09.csv', 'Citizen ID,name\n');
      expect((await gate.run({ all: true })).exitCode).toBe(0);
      gate.configure(GATE_CONFIG.replace('period: month', 'period: month\n    accept: {same_bytes: true}'));
      expect(await gate.run({ filePath: gate.drop('citizens_2025-10.csv') })).toMatchObject({
        status: 'done',
      });
    });

    it('the same bytes under another slice', async () => {
      gate.drop('topics_A_2025-Q2.csv', 'topic\nx\n');
      gate.drop('topics_B_2025-Q2.csv', 'topic\nx\n');
      const result = await gate.run({ period: JUNE, dataset: 'topics' });
      expect(result.exitCode).toBe(3);
      expect((await gate.log()).map((row) => [row.slice, row.status])).toEqual([
        ['board=A', 'accepted'],
        ['board=B', 'refused'],
      ]);
    });

    it('a slice that is spelled in another way than before, in case, blanks or accents', async () => {
      gate.drop('topics_Nord Est_2025-Q1.csv', 'topic\nw\n');
      expect((await gate.run({ all: true, dataset: 'topics' })).exitCode).toBe(0);
      const names = ['nord est', ' Nord Est', 'NordEst', 'Nórd Est'];
      for (const [i, name] of names.entries()) {
        const result = await gate.run({ filePath: gate.drop(`topics_${name}_2025-Q2.csv`, `topic\n${i}\n`) });
        expect(result).toMatchObject({ status: 'refused', exitCode: 3 });
        expect(result.message).toContain(`says board '${name}', and earlier files say 'Nord Est'`);
      }
      const others = ['Nord', 'Nord Ost', 'Nord Est'];
      for (const name of others) {
        const path = gate.drop(`topics_${name}_2025-Q2.csv`, `topic\n${name}\n`);
        expect(await gate.run({ filePath: path })).toMatchObject({ status: 'done', exitCode: 0 });
      }
    });

    it('of two new slices of one call that differ only in blanks, the one with them', async () => {
      gate.drop('topics_ A_2025-Q2.csv', 'topic\nx\n');
      gate.drop('topics_A_2025-Q2.csv', 'topic\ny\n');
      expect((await gate.run({ period: JUNE, dataset: 'topics' })).exitCode).toBe(3);
      expect((await gate.log()).map((row) => [row.slice, row.status])).toEqual([
        ['board=A', 'accepted'],
        ['board=%20A', 'refused'],
      ]);
    });

    it('a slice that was withdrawn no longer decides how the others are spelled', async () => {
      gate.drop('topics_north_2025-Q2.csv', 'topic\nx\n');
      expect((await gate.run({ all: true, dataset: 'topics' })).exitCode).toBe(0);
      await withdraw(gate.ctx, { fileId: 1, reason: 'not ours', by: 'Sol' });
      const path = gate.drop('topics_North_2025-Q2.csv', 'topic\nz\n');
      expect(await gate.run({ filePath: path })).toMatchObject({ status: 'done', exitCode: 0 });
    });

    it('two callers at once with two spellings of a new slice: one of them', async () => {
      const paths = ['A b', 'a B'].map((name) => gate.drop(`topics_${name}_2025-Q2.csv`, `topic\n${name}\n`));
      const results = await Promise.all(paths.map((filePath) => gate.run({ filePath })));
      expect(results.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3]);
    });

    it('bytes that were refused under a wrong name pass under the right one', async () => {
      const path = gate.drop('citizens_2025-07.csv');
      await gate.run({ all: true });
      await gate.world.warehouse.transaction((tx) => setStatus(tx, 1, 'refused'));
      renameSync(path, join(gate.world.project.landed, 'citizens_2025-06.csv'));
      expect(await gate.run({ period: JUNE, dataset: 'citizens' })).toMatchObject({
        status: 'done',
        exitCode: 0,
      });
    });

    it('end when the configuration is fixed: the same file is looked at again', async () => {
      const path = gate.drop('citizens_2025-06.csv', 'Citizen ID,full name\n1,Ada\n');
      expect((await gate.run({ filePath: path })).exitCode).toBe(3);
      gate.configure(GATE_CONFIG.replace('{name: name,', '{name: name, aliases: [Full Name],'));
      expect(await gate.run({ filePath: path })).toMatchObject({ status: 'done', exitCode: 0, fileId: 2 });
    });

    it('replaced by a later delivery that passes count as nothing', async () => {
      gate.drop('citizens_2025-06.csv', 'Citizen ID\n1\n');
      expect((await gate.run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
      gate.drop('citizens_2025-06_v2.csv');
      expect((await gate.run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(0);
      expect((await gate.run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(0);
      gate.drop('citizens_2025-06_v3.csv', 'name\nx\n');
      expect((await gate.run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
      expect((await gate.run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
      rmSync(join(gate.world.project.landed, 'citizens_2025-06_v3.csv'));
      for (const name of ['citizens_2025-06.csv', 'citizens_2025-06_v2.csv'])
        rmSync(join(gate.world.project.landed, name));
      expect((await gate.run({ period: JUNE, dataset: 'citizens' })).exitCode).toBe(3);
    });
  });
});

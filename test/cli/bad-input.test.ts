import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CITIZENS_ONLY, citizens, register, THREE } from './registers.ts';
import { filesIn, makeWorld, type World } from './world.ts';

const GOOD = citizens([1, 'Ada', 10]);

/** No Parquet and no rows in stage; the delivery is logged as refused, or not at all. */
async function expectNothingWritten(world: World, statuses: readonly string[] = ['refused']): Promise<void> {
  expect(filesIn(world.root, 'data/stage/cleaned')).toEqual([]);
  const logged = await world.query('SELECT status FROM meta.ingestion_log ORDER BY file_id');
  expect(logged.map((row) => row.status)).toEqual(statuses);
  expect(await world.query('SELECT count(*) AS n FROM stage.citizens')).toEqual([{ n: '0' }]);
  expect(await world.query('SELECT count(*) AS n FROM meta.load_log')).toEqual([{ n: '0' }]);
}

describe('a file that is refused at the gate', () => {
  const CASES: readonly (readonly [string, Record<string, string | Uint8Array>, string, RegExp, RegExp])[] = [
    [
      'a misspelt name',
      { 'citzens_2025-06.csv': GOOD },
      '--all',
      /'citzens_2025-06\.csv' fits the file name of no dataset.*citizens_\{period\}/,
      /citizens_2025-06/,
    ],
    [
      'an impossible month',
      { 'citizens_2025-13.csv': GOOD },
      '--all',
      /'2025-13'.*no such month/,
      /[Rr]ename/,
    ],
    [
      'another ending',
      { 'citizens_2025-06.pdf': GOOD },
      '--file-path citizens_2025-06.pdf',
      /citizens_2025-06\.pdf/,
      /citizens_2025-06\.(xlsx|csv)/,
    ],
    [
      'a missing header',
      { 'citizens_2025-06.csv': 'Citizen ID,Name\n1,Ada\n' },
      '--period 2025-06',
      /row 1.*[Mm]issing: 'Income'/,
      /Income/,
    ],
    [
      'an extra header',
      { 'citizens_2025-06.csv': 'Citizen ID,Name,Income,Shoe size\n1,A,2,42\n' },
      '--period 2025-06',
      /row 1.*[Nn]ot expected: 'Shoe size'/,
      /Shoe size|[Tt]ake the column out/,
    ],
    [
      'a misspelt header',
      { 'citizens_2025-06.csv': 'Citizen ID,Name,Incmoe\n1,A,2\n' },
      '--period 2025-06',
      /[Pp]robably renamed: 'Incmoe' should be 'Income'/,
      /Income/,
    ],
    [
      'a doubled header',
      { 'citizens_2025-06.csv': 'Citizen ID,Name,Income,INCOME\n1,A,2,3\n' },
      '--period 2025-06',
      /[Tt]here twice: 'income'/i,
      /one of the two/,
    ],
    [
      'an empty file',
      { 'citizens_2025-06.csv': '' },
      '--period 2025-06',
      /citizens_2025-06\.csv.*empty/i,
      /\w/,
    ],
    [
      'an empty workbook',
      { 'citizens_2025-06.xlsx': '' },
      '--period 2025-06',
      /citizens_2025-06\.xlsx/,
      /\w/,
    ],
    [
      'a text that calls itself a workbook',
      { 'citizens_2025-06.xlsx': GOOD },
      '--period 2025-06',
      /citizens_2025-06\.xlsx.*(workbook|Excel)/i,
      /[Ss]ave|\.csv/,
    ],
    [
      'a workbook that calls itself a text',
      { 'citizens_2025-06.csv': Buffer.from('PK\u0003\u0004rest of an archive') },
      '--period 2025-06',
      /citizens_2025-06\.csv/,
      /\w/,
    ],
    [
      'an old workbook',
      { 'citizens_2025-06.xlsx': Buffer.from('d0cf11e0a1b11ae1'.padEnd(1200, '0'), 'hex') },
      '--period 2025-06',
      /citizens_2025-06\.xlsx/,
      /\w/,
    ],
    [
      'no header at all',
      { 'citizens_2025-06.csv': '1,2,3\n4,5,6\n' },
      '--period 2025-06',
      /citizens_2025-06\.csv.*(header|missing)/is,
      /\w/,
    ],
  ];

  it.each(CASES)('%s', async (_, landed, how, message, hint) => {
    const world = makeWorld(register(landed));
    const told = await world.run(`ingest ${how}`);
    expect(told.code, told.stderr).toBe(3);
    expect(told.stderr.replace(/\s+/g, ' ')).toMatch(message);
    expect(told.stderr).toMatch(/Next: /);
    const again = await world.json(`ingest ${how}`, 3);
    expect(again).toMatchObject({ status: 'refused' });
    expect(again.message.replace(/\s+/g, ' ')).toMatch(message);
    expect(again.hint).toMatch(hint);
    await expectNothingWritten(world);
  });

  it('lists missing, unexpected and probably renamed headers in one message', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': 'Citizen,Nmae,Shoe size\n1,A,2\n' }));
    const { message, findings } = await world.json('ingest --period 2025-06', 3);
    expect(message).toMatch(/missing.*'Income'/i);
    expect(message).toMatch(/not expected.*'Shoe size'/i);
    expect(message).toMatch(/probably renamed.*'Nmae' should be 'Name'/i);
    expect(findings.error).toBeGreaterThanOrEqual(3);
  });

  it('a name that two datasets claim', async () => {
    const other = CITIZENS_ONLY.slice(CITIZENS_ONLY.indexOf('  citizens:')).replace(
      '  citizens:',
      '  people:',
    );
    const world = makeWorld(
      register(
        { 'citizens_2025-06.csv': GOOD },
        { config: CITIZENS_ONLY + other.replace('strategy: upsert', 'table: people2') },
      ),
    );
    for (const how of ['--all', '--period 2025-06', '--file-path citizens_2025-06.csv']) {
      const { message } = await world.json(`ingest ${how}`, 3);
      expect(message).toMatch(/'citizens'.*'people'/);
    }
    await expectNothingWritten(world);
  });

  it('a link that leads out of landed', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    try {
      writeFileSync(join(elsewhere, 'secret.csv'), GOOD);
      const world = makeWorld(register());
      symlinkSync(join(elsewhere, 'secret.csv'), join(world.root, 'data/landed/citizens_2025-06.csv'));
      const { message, hint } = await world.json('ingest --period 2025-06', 3);
      expect(message).toMatch(/citizens_2025-06\.csv.*link.*landed/);
      expect(hint).toMatch(/data\/landed/);
      const outside = await world.json(['ingest', '--file-path', join(elsewhere, 'secret.csv')], 3);
      expect(outside.message).toMatch(/not in data\/landed/);
      await expectNothingWritten(world);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('a file over a limit, which is named', async () => {
    const config = `${CITIZENS_ONLY}limits: {file_bytes: 20, name_bytes: 40}\n`;
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }, { config }));
    expect((await world.json('ingest --period 2025-06', 3)).message).toMatch(/file_bytes/);
    world.land(`citizens_2025-06_v${'9'.repeat(40)}.csv`, 'x');
    const long = await world.json(`ingest --file-path citizens_2025-06_v${'9'.repeat(40)}.csv`, 3);
    expect(long.message).toMatch(/name_bytes/);
    await expectNothingWritten(world, ['refused', 'refused']);
  });
});

describe('a file that is not finished', () => {
  it.each(['~$citizens_2025-06.xlsx', 'citizens_2025-06.xlsx.part', 'citizens_2025-06.csv.tmp'])(
    '%s is for later',
    async (name) => {
      const world = makeWorld(register({ [name]: GOOD }));
      const { status, hint } = await world.json(['ingest', '--file-path', name], 5);
      expect(status).toBe('retry');
      expect(hint).toMatch(/again/);
      await expectNothingWritten(world, []);
    },
  );

  it('is one that still grows', async () => {
    // In a process the gate waits between its two looks as long as it does for users.
    const world = makeWorld(register({ 'citizens_2025-06.csv': GOOD }, { spawn: true }));
    const path = join(world.root, 'data/landed/citizens_2025-06.csv');
    let growing = true;
    const writer = (async () => {
      for (let id = 2; growing; id++) {
        appendFileSync(path, `${id},Bea,1\n`);
        await sleep(20);
      }
    })();
    try {
      const { status, message } = await world.json('ingest --period 2025-06 --dataset citizens', 5);
      expect([status, message]).toEqual([
        'retry',
        expect.stringMatching(/citizens_2025-06\.csv.*still being written/),
      ]);
    } finally {
      growing = false;
      await writer;
    }
    await expectNothingWritten(world, []);
    expect(await world.json('ingest --period 2025-06', 0)).toMatchObject({ status: 'done' });
  });
});

describe('a file that changed after the gate', () => {
  it('is refused by validate, and becomes a delivery of its own', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': GOOD }));
    await world.json('ingest --period 2025-06', 0);
    world.land('citizens_2025-06.csv', citizens([1, 'Ada', 11]));
    const { message, hint } = await world.json('validate --period 2025-06', 3);
    expect(message).toMatch(/citizens_2025-06\.csv.*(changed|not the one)/);
    expect(hint).toMatch(/tidemark ingest/);
    await expectNothingWritten(world, ['accepted']);
    expect(await world.json('ingest --period 2025-06', 0)).toMatchObject({ file_id: 2, status: 'done' });
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ status: 'done' });
    expect(await world.query('SELECT income FROM stage.citizens')).toEqual([{ income: '11.00' }]);
  });

  it('is refused when it is gone', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': GOOD }));
    await world.json('ingest --period 2025-06', 0);
    rmSync(join(world.root, 'data/landed/citizens_2025-06.csv'));
    expect((await world.json('validate --file-id 1', 3)).message).toMatch(/citizens_2025-06\.csv/);
    await expectNothingWritten(world, ['accepted']);
  });
});

describe('rows that are wrong', () => {
  const faulty = citizens([1, 'Ada', 10], ['x7', 'Bea', 10], [3, 'Cy', 'much'], [4, 'Di', 5], [4, 'Ed', 6]);

  it('refuse the file, are told by their cell, and are kept apart; nothing is loaded', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': faulty }));
    const refused = await world.json('run --period 2025-06', 3);
    const validated = refused.results.find((one: { step: string }) => one.step === 'validate');
    expect(validated).toMatchObject({
      status: 'refused',
      file_id: 1,
      rows: { read: 5, accepted: 1, rejected: 4 },
    });
    expect(validated.findings.error).toBeGreaterThanOrEqual(3);
    const report = validated.outputs.find((path: string) => path.endsWith('findings.json'));
    const text = JSON.stringify(JSON.parse(readFileSync(join(world.root, report), 'utf8')));
    for (const known of ['"3:1"', '"4:3"', 'type-error', 'primary-key']) expect(text).toContain(known);
    expect(filesIn(world.root, 'data/stage/rejected').some((path) => path.endsWith('.csv'))).toBe(true);
    // The gate took it; its validation did not.
    await expectNothingWritten(world, ['accepted']);
    expect(await world.json('load-stage --period 2025-06 --dataset citizens', 3)).toMatchObject({
      status: 'refused',
    });
    expect(await world.json('transform --period 2025-06 --dataset citizens', 3)).toMatchObject({
      status: 'refused',
    });
    expect(await world.json('run --period 2025-06', 3)).toMatchObject({ status: 'refused' });
  });

  it('are counted in the line of a run, whose newest delivery is what counts', async () => {
    const world = makeWorld(
      register({ 'citizens_2025-06.csv': citizens(['1', 'A', 5]) }, { config: CITIZENS_ONLY }),
    );
    expect((await world.json('run --period 2025-06', 0)).rows).toMatchObject({ read: 1, accepted: 1 });
    world.land('citizens_2025-06_v2.csv', faulty);
    const again = await world.json('run --period 2025-06', 3);
    expect(again.rows).toMatchObject({ read: 5, accepted: 1, rejected: 4 });
  });

  it('are put aside where the dataset accepts some', async () => {
    const config = `${CITIZENS_ONLY.replace('    core:', '    accept: {max_rejected: 80%}\n    core:')}`;
    const world = makeWorld(register({ 'citizens_2025-06.csv': faulty }, { config }));
    const { rows } = await world.json('run --period 2025-06', 0);
    expect(rows).toMatchObject({ read: 5, accepted: 1, rejected: 4 });
    expect(await world.query('SELECT citizen_id, _source_row FROM core.citizens')).toEqual([
      { citizen_id: '1', _source_row: '2' },
    ]);
  });

  it('that are all wrong refuse the file, whatever is accepted', async () => {
    const config = `${CITIZENS_ONLY.replace('    core:', '    accept: {max_rejected: 100%}\n    core:')}`;
    const world = makeWorld(
      register({ 'citizens_2025-06.csv': citizens(['x', 'A', 1], ['y', 'B', 2]) }, { config }),
    );
    expect(await world.json('run --period 2025-06 --through load-stage', 3)).toMatchObject({
      status: 'refused',
    });
    // The gate took it; its validation did not.
    await expectNothingWritten(world, ['accepted']);
  });
});

describe('a delivery without rows', () => {
  it('passes with a warning, and empties its period only where that is meant', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': citizens() }));
    await world.json('ingest --period 2025-06', 0);
    const passed = await world.json('validate --period 2025-06', 0);
    expect(passed).toMatchObject({ rows: { read: 0, accepted: 0, rejected: 0 }, findings: { warning: 1 } });
    const refused = await world.json('load-stage --period 2025-06 --dataset citizens', 3);
    expect(refused).toMatchObject({
      status: 'refused',
      message: expect.stringMatching(/no rows/),
      hint: expect.stringMatching(/--allow-empty/),
    });
    expect(await world.json('transform --period 2025-06 --dataset citizens', 5)).toMatchObject({
      status: 'retry',
    });
    const loaded = await world.json('load-stage --period 2025-06 --dataset citizens --allow-empty', 0);
    expect(loaded).toMatchObject({ status: 'done', rows: { inserted: 0, deleted: 0 } });
    expect(await world.json('transform --period 2025-06 --dataset citizens', 0)).toMatchObject({
      status: 'done',
    });
  });

  it('replaces the rows that were there where the dataset accepts it', async () => {
    const config = CITIZENS_ONLY.replace('    core:', '    accept: {empty: true}\n    core:');
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }, { config }));
    await world.json('run --period 2025-06', 0);
    world.land('citizens_2025-06_v2.csv', citizens());
    await world.json('run --period 2025-06', 0);
    expect(await world.query('SELECT count(*) AS n FROM stage.citizens')).toEqual([{ n: '0' }]);
  });
});

describe('an ingest that does not say which files', () => {
  it.each(['', ' --all --period 2025-06'])('is refused, and logged as a call: ingest%s', async (flags) => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': GOOD }));
    expect(await world.json(`ingest${flags}`, 2)).toMatchObject({
      status: 'usage',
      message: 'ingest takes exactly one of --file-path, --period and --all.',
      hint: 'For a month: tidemark ingest --period 2025-06.',
    });
    expect(await world.query('SELECT step, exit_code FROM meta.run_log')).toEqual([
      { step: 'ingest', exit_code: '2' },
    ]);
    await expectNothingWritten(world, []);
  });
});

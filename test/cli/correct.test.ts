import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG, register, THREE } from './registers.ts';
import { filesIn, makeWorld } from './world.ts';

const WHO = ['--reason', 'typing error', '--by', 'Sol'];
const correct = (key: string, set: string, expected: string) => [
  ...['correct', '--dataset', 'citizens', '--period', '2025-06', '--key', key, '--set', set],
  ...['--expect', expected, ...WHO],
];

describe('correct', () => {
  it('lays a value over the rows from load-stage to core, tells it everywhere, and is taken back by its number', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    const told = await world.json(correct('citizen_id=2', 'income=12.5', 'null'), 0);
    expect(told).toMatchObject({ step: 'correct', status: 'done', dataset: 'citizens', period: '2025-06' });
    expect(told.message).toContain('tidemark load-stage --period 2025-06 --dataset citizens');
    const run = await world.run(['run', '--period', '2025-06']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/± corrected/);
    expect(await world.query('SELECT income FROM core.citizens WHERE citizen_id = 2')).toEqual([
      { income: '12.50' },
    ]);
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({
      status: 'skipped',
      rows: { accepted: 3, corrected: 1 },
    });
    expect(await world.json(correct('2', 'income=12.5', 'null'), 0)).toMatchObject({ status: 'skipped' });

    const shown = await world.json('correct --list', 0);
    expect((shown as unknown as { details: { corrections: object[] } }).details.corrections).toMatchObject([
      { correctionId: 1, state: 'applied', by: 'Sol', reason: 'typing error' },
    ]);
    await world.json(['correct', '--undo', '1', ...WHO], 0);
    await world.json('run --period 2025-06', 0);
    expect(await world.query('SELECT income FROM core.citizens WHERE citizen_id = 2')).toEqual([
      { income: null },
    ]);
    expect(filesIn(world.root, 'data/stage/.scratch')).toEqual([]);
  });

  it('stops with 3 where the only delivery was refused: waiting does not fix it', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE.replace(/\n1,/, '\none,') }));
    await world.json('run --period 2025-06', 3);
    const told = await world.json(correct('citizen_id=2', 'income=12.5', 'null'), 3);
    expect(told).toMatchObject({ status: 'refused', hint: expect.stringContaining('report.html') });
  });

  it('stops with 3 where the value does not fit, with 2 where the call is not whole, and leaves no personal text behind', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': THREE }));
    await world.json('run --period 2025-06', 0);
    await world.json(correct('citizen_id=2', 'income=lots', 'null'), 3);
    await world.json(correct('citizen_id=1', 'income=5', '6'), 3);
    await world.json(correct('citizen_id=9', 'income=5', '6'), 3);
    await world.json(correct('citizen_id=1', 'citizen_id=5', '1'), 2);
    await world.json(
      'correct --dataset citizens --period 2025-06 --key 1 --set income=5 --expect 10 --by Sol',
      2,
    );
    await world.json(
      'correct --dataset citizens --period 2025-06 --key 1 --set income=5 --reason x --by Sol',
      2,
    );
    await world.json('correct', 2);
    await world.json(correct('citizen_id=1', 'full_name=Grace Hopper', 'Ada Lovelace'), 0);
    await world.json(correct('citizen_id=1', 'full_name=Edith', 'Nobody'), 3);
    await world.json('run --period 2025-06', 0);
    expect(await world.query('SELECT full_name FROM core.citizens WHERE citizen_id = 1')).toEqual([
      { full_name: 'Grace Hopper' },
    ]);
    const kept = filesIn(world.root, 'data/runs').map((path) => readFileSync(join(world.root, path), 'utf8'));
    const log = await world.query('SELECT * FROM meta.run_log');
    const corrections = await world.query('SELECT * FROM meta.correction_log');
    const text = JSON.stringify([kept, log, corrections]);
    for (const name of ['Grace Hopper', 'Edith', 'Nobody', 'Lovelace']) expect(text).not.toContain(name);
  });

  it('is of one slice, and is held to lists and other rows when it is loaded', async () => {
    const world = makeWorld({
      config: CONFIG.replace(
        '{name: full_name, title: Name, pii: true}',
        '{name: full_name, title: Name, constraints: {unique: true}}',
      ),
      landed: {
        'regions.csv': 'code,name\nNO,North\nSO,South\n',
        'citizens_2025-06.csv': 'Citizen ID,Name,Region,Income\n1,Ada,NO,1\n2,Bea,SO,2\n',
        'topics_AQA_2025-06.csv': 'topic,hours\nAlgebra,3\n',
        'topics_OCR_2025-06.csv': 'topic,hours\nAlgebra,4\n',
      },
    });
    await world.json('run --period 2025-06', 0);
    const topic = [
      'correct',
      '--dataset',
      'topics',
      '--period',
      '2025-06',
      '--key',
      'Algebra',
      '--set',
      'hours=5',
    ];
    expect((await world.json([...topic, '--expect', '4', ...WHO], 2)).hint).toContain('--slice');
    await world.json([...topic, '--expect', '4', '--slice', 'board=AQA', ...WHO], 3);
    await world.json([...topic, '--expect', '4', '--slice', 'board=OCR', ...WHO], 0);
    await world.json('run --period 2025-06', 0);
    expect(await world.query('SELECT board, hours FROM core.topics ORDER BY 1')).toEqual([
      { board: 'AQA', hours: '3' },
      { board: 'OCR', hours: '5' },
    ]);

    await world.json(correct('1', 'region_code=xx', 'NO'), 0);
    expect((await world.json('load-stage --period 2025-06 --dataset citizens', 3)).message).toContain(
      'Region',
    );
    await world.json(['correct', '--undo', '2', ...WHO], 0);
    await world.json(correct('1', 'full_name=Bea', 'Ada'), 0);
    const told = await world.json('load-stage --period 2025-06 --dataset citizens', 3);
    expect(told.message).toContain('Name');
    expect(told.hint).toContain('--undo 4');
    await world.json(['correct', '--undo', '4', ...WHO], 0);
    expect(await world.json('run --period 2025-06', 0)).toMatchObject({ exit_code: 0 });
    expect(await world.query('SELECT full_name FROM stage.citizens ORDER BY 1')).toEqual([
      { full_name: 'Ada' },
      { full_name: 'Bea' },
    ]);
  });
});

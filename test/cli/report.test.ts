import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { citizens, register } from './registers.ts';
import { filesIn, listing, makeWorld } from './world.ts';

const FAULTY = citizens([1, 'Ada Lovelace', 10], ['x', 'Bea Byron', 1], [3, 'Cy Clark', 'lots']);

describe('report', () => {
  it('says where the reports are and what they come to, and makes them again, as they were, where they are gone', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': FAULTY }));
    await world.json('run --period 2025-06', 3);
    const folder = 'data/reports/citizens/2025-06/1';
    const told = await world.json('report --file-id 1', 0);
    expect(told).toMatchObject({
      ...{ step: 'report', status: 'done', dataset: 'citizens', period: '2025-06', file_id: 1 },
      rows: { read: 3, accepted: 1, rejected: 2 },
      findings: { error: 2 },
    });
    expect(told.outputs).toContain(`${folder}/report.html`);
    const shown = await world.run('report --dataset citizens --period 2025-06');
    expect(shown.stdout).toContain('Income');
    expect(shown.stdout).not.toContain('Byron');

    const findings = () => readFileSync(join(world.root, folder, 'findings.json'), 'utf8');
    const before = findings();
    const files = filesIn(world.root, folder);
    rmSync(join(world.root, folder), { recursive: true });
    await world.json('report --file-id 1 --dry-run', 0);
    expect(filesIn(world.root, folder)).toEqual([]);
    const others = listing(join(world.root, 'data/stage'));
    const validations = () => world.query('SELECT count(*) AS n FROM meta.validation_log');
    const logged = await validations();
    expect((await world.json('report --file-id 1', 0)).message).toContain('made again');
    expect(filesIn(world.root, folder)).toEqual(files);
    expect(findings()).toBe(before);
    expect(await validations()).toEqual(logged);
    expect(listing(join(world.root, 'data/stage'))).toEqual(others);
  });

  it('tells what the gate refused, and what there is no report of', async () => {
    const world = makeWorld(register({ 'citizens_2025-06.csv': 'Citizen ID,Name\n1,Ada\n' }));
    await world.json('run --period 2025-06', 3);
    rmSync(join(world.root, 'data/reports'), { recursive: true, force: true });
    const told = await world.json('report --dataset citizens --period 2025-06', 0);
    expect(told.outputs).toContain('data/reports/citizens/2025-06/1/report.html');
    expect(told.message).toContain('refused');
    await world.json('report --file-id 77', 2);
    await world.json('report --dataset citizens --period 2025-05', 5);
    await world.json('report', 2);
    world.land('citizens_2025-06_v2.csv', FAULTY);
    await world.json('ingest --period 2025-06', 0);
    expect((await world.json('report --file-id 2', 5)).hint).toContain('validate --file-id 2');
  });
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitFile, temporaryName, writeFileAtomic } from '../../../src/lake/atomic-write.ts';
import { sha256Of } from '../../../src/lake/file-hash.ts';
import {
  cleanedPath,
  deliveryStem,
  displayPath,
  modelPath,
  openProject,
  type Project,
  rejectedPath,
  reportFolder,
} from '../../../src/lake/project.ts';
import { interruptedAttempts, startRecord } from '../../../src/lake/run-records.ts';

let root: string;
let project: Project;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lake-'));
  project = openProject(root);
});
afterEach(() => rmSync(root, { recursive: true }));

const name = { dataset: 'topics', period: '2025-06', slice: 'board=A%2FB/level=gcse', fileId: 12 };

describe('paths of a delivery', () => {
  it('say dataset, period, slice and number, slice values percent-encoded', () => {
    expect(deliveryStem(name)).toBe('topics_2025-06_A%2FB_gcse_12');
    const inside = (path: string) => relative(root, path);
    expect(inside(cleanedPath(project, name))).toBe(
      'data/stage/cleaned/topics/2025-06/topics_2025-06_A%2FB_gcse_12.parquet',
    );
    expect(inside(cleanedPath(project, name, 3))).toMatch(/_12\.r3\.parquet$/);
    expect(inside(rejectedPath(project, { ...name, slice: '' }, 'csv', 2))).toBe(
      'data/stage/rejected/topics/2025-06/topics_2025-06_12.r2.csv',
    );
    expect(inside(reportFolder(project, name))).toBe('data/reports/topics/2025-06/12');
  });

  it('never lead out of their folder, whatever the slice says', () => {
    const path = cleanedPath(project, { ...name, slice: 'x=..%2F..%2F..%2Fetc' });
    expect(relative(project.cleaned, path)).toMatch(/^topics\/2025-06\/[^/]+$/);
  });

  it('are shown relative to the project', () => {
    expect(displayPath(project, join(root, 'data', 'landed', 'a.csv'))).toBe('data/landed/a.csv');
  });
});

describe('models', () => {
  it("of an engine's own come before the common one", () => {
    mkdirSync(join(project.models, 'core'), { recursive: true });
    expect(modelPath(project, 'core', 'x', 'duckdb')).toBeNull();
    writeFileSync(join(project.models, 'core', 'x.sql'), '');
    writeFileSync(join(project.models, 'core', 'x.postgres.sql'), '');
    expect(modelPath(project, 'core', 'x', 'duckdb')).toMatch(/x\.sql$/);
    expect(modelPath(project, 'core', 'x', 'postgres')).toMatch(/x\.postgres\.sql$/);
  });
});

describe('files that are written', () => {
  it('are whole, closed to others, and leave no temporary name', () => {
    const path = join(root, 'a', 'b.json');
    writeFileAtomic(path, 'old');
    writeFileAtomic(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777 & ~0o640).toBe(0);
    expect(readdirSync(join(root, 'a'))).toEqual(['b.json']);
  });

  it('leave nothing behind where they cannot be put in place', () => {
    mkdirSync(join(root, 'taken', 'full'), { recursive: true });
    expect(() => writeFileAtomic(join(root, 'taken'), 'x')).toThrow();
    expect(readdirSync(root)).toEqual(['taken']);
  });

  it('take their final name when they are finished', () => {
    const path = join(root, 'sub', 'x.parquet');
    const temporary = temporaryName(join(root, 'x.parquet'));
    expect(temporaryName(path)).not.toBe(temporaryName(path));
    writeFileSync(temporary, 'bytes');
    commitFile(temporary, path);
    expect(readFileSync(path, 'utf8')).toBe('bytes');
    expect(readdirSync(root)).toEqual(['sub']);
  });

  it('are known by their hash', async () => {
    writeFileSync(join(root, 'abc'), 'abc');
    expect(await sha256Of(join(root, 'abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    const large = Buffer.alloc(3 * 1024 * 1024 + 1, 7);
    writeFileSync(join(root, 'large'), large);
    const { createHash } = await import('node:crypto');
    expect(await sha256Of(join(root, 'large'))).toBe(createHash('sha256').update(large).digest('hex'));
  });
});

describe('records of attempts', () => {
  const about = { runId: 'nightly/1', step: 'load-stage', dataset: 'citizens', period: '2025-06' };
  const at = (second: number) => new Date(Date.UTC(2025, 6, 1, 8, 0, second));
  const read = (file: string) => JSON.parse(readFileSync(join(project.runs, 'nightly%2F1', file), 'utf8'));

  const endProcessOf = (file: string) => {
    // No process has a number as high as this on any system.
    const record = { ...read(file), pid: 2 ** 30 };
    writeFileSync(join(project.runs, 'nightly%2F1', file), JSON.stringify(record));
  };

  it('are there from the start, are finished at the end, and are numbered', () => {
    const first = startRecord(project, about, at(0));
    expect(read('load-stage-citizens-1.json')).toMatchObject({
      run_id: 'nightly/1',
      status: 'running',
      pid: process.pid,
      finished_at: null,
    });
    startRecord(project, about, at(1)).finish('refused', 3, { message: 'x' }, at(2));
    first.finish('done', 0, null, at(3));
    expect(read('load-stage-citizens-1.json')).toMatchObject({
      status: 'done',
      exit_code: 0,
      started_at: '2025-07-01T08:00:00.000Z',
      finished_at: '2025-07-01T08:00:03.000Z',
    });
    expect(read('load-stage-citizens-2.json')).toMatchObject({ status: 'refused', result: { message: 'x' } });
    startRecord(project, { ...about, dataset: null }, at(4));
    expect(readdirSync(join(project.runs, 'nightly%2F1'))).toContain('load-stage-1.json');
  });

  it('show as interrupted once their process is gone', () => {
    expect(interruptedAttempts(project)).toEqual([]);
    startRecord(project, about, at(0));
    expect(interruptedAttempts(project)).toEqual([]);
    endProcessOf('load-stage-citizens-1.json');
    writeFileSync(join(project.runs, 'nightly%2F1', 'broken-1.json'), '{');
    expect(interruptedAttempts(project)).toMatchObject([{ step: 'load-stage', status: 'interrupted' }]);
  });

  it('show as interrupted until the same work was done again: no other work, no refusal and no slice of it will do', () => {
    startRecord(project, about, at(0));
    endProcessOf('load-stage-citizens-1.json');
    startRecord(project, { ...about, period: '2024-01' }, at(1)).finish('done', 0, { slice: null }, at(2));
    startRecord(project, about, at(3)).finish('refused', 3, { slice: null }, at(4));
    startRecord(project, about, at(5)).finish('done', 0, { slice: 'board=AQA' }, at(6));
    startRecord(project, about, at(7)).finish('done', 0, { results: [{ slice: 'board=AQA' }] }, at(8));
    expect(interruptedAttempts(project)).toHaveLength(1);
    startRecord(project, about, at(9)).finish('done', 0, { results: [] }, at(10));
    expect(interruptedAttempts(project)).toEqual([]);
  });

  it('show as made again by what began after them, whatever the clocks of the two said', () => {
    startRecord(project, about, at(50));
    endProcessOf('load-stage-citizens-1.json');
    startRecord(project, { ...about, runId: 'again' }, at(1)).finish('done', 0, null, at(2));
    expect(interruptedAttempts(project)).toEqual([]);
  });

  it('show as interrupted where the same work was going on before, and its clock was ahead', () => {
    const before = startRecord(project, { ...about, runId: 'before' }, at(50));
    startRecord(project, about, at(1));
    endProcessOf('load-stage-citizens-1.json');
    before.finish('done', 0, null, at(51));
    expect(interruptedAttempts(project)).toMatchObject([{ run_id: 'nightly/1', status: 'interrupted' }]);
  });

  it('show as interrupted however many runs there were since', () => {
    startRecord(project, about, at(0));
    endProcessOf('load-stage-citizens-1.json');
    for (let n = 0; n < 60; n++)
      startRecord(project, { ...about, runId: `z${n}`, period: '2024-01' }, at(1)).finish(
        'done',
        0,
        null,
        at(2),
      );
    expect(interruptedAttempts(project)).toHaveLength(1);
  });
});

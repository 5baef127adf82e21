import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLanded, finishedName, isUnfinishedName, scanLanded } from '../../../src/lake/landed.ts';
import { openProject, type Project } from '../../../src/lake/project.ts';

let root: string;
let project: Project;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landed-'));
  project = openProject(root);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('landed files', () => {
  it('are found in any sub-folder, in the order of their paths, hidden ones left out', () => {
    expect(scanLanded(project)).toEqual([]);
    mkdirSync(join(project.landed, 'b'), { recursive: true });
    mkdirSync(join(project.landed, '.git'));
    for (const name of ['c.csv', 'b/a[1].csv', '.hidden.csv', '.git/x.csv'])
      writeFileSync(join(project.landed, name), 'x');
    expect(scanLanded(project).map(({ path, kind, bytes }) => [path, kind, bytes])).toEqual([
      ['data/landed/b/a[1].csv', 'file', 1],
      ['data/landed/c.csv', 'file', 1],
    ]);
  });

  it('say of links where they lead, and enter no linked folder', () => {
    mkdirSync(project.landed, { recursive: true });
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere', 'x.csv'), 'x');
    writeFileSync(join(project.landed, 'a.csv'), 'x');
    symlinkSync(join(root, 'elsewhere', 'x.csv'), join(project.landed, 'out.csv'));
    symlinkSync('a.csv', join(project.landed, 'in.csv'));
    symlinkSync('nowhere', join(project.landed, 'broken.csv'));
    symlinkSync(join(root, 'elsewhere'), join(project.landed, 'folder'));
    linkSync(join(root, 'elsewhere', 'x.csv'), join(project.landed, 'hard.csv'));
    execFileSync('mkfifo', [join(project.landed, 'pipe.csv')]);
    expect(Object.fromEntries(scanLanded(project).map(({ name, kind }) => [name, kind]))).toEqual({
      'a.csv': 'file',
      'out.csv': 'link-outside',
      'in.csv': 'file',
      'broken.csv': 'link-broken',
      folder: 'link-outside',
      'hard.csv': 'file',
      'pipe.csv': 'not-a-file',
    });
  });

  it('can be named by an absolute path, or relative to the project, to landed or to where the caller stands', () => {
    mkdirSync(join(project.landed, 'sub'), { recursive: true });
    writeFileSync(join(project.landed, 'sub', 'a.csv'), 'x');
    for (const given of [join(project.landed, 'sub/a.csv'), 'data/landed/sub/a.csv', 'sub/a.csv']) {
      expect(findLanded(project, given).path).toBe('data/landed/sub/a.csv');
    }
    const below = openProject('..', undefined, project.landed.replace(/landed$/, 'elsewhere'));
    expect(below.root).toBe(join(root, 'data'));
    const called = { ...project, calledFrom: join(project.landed, 'sub') };
    expect(findLanded(called, 'a.csv').path).toBe('data/landed/sub/a.csv');
    expect(() => findLanded(project, 'a.csv')).toThrow(expect.objectContaining({ code: 'no-such-file' }));
    writeFileSync(join(root, 'b.csv'), 'x');
    expect(() => findLanded(project, 'b.csv')).toThrow(expect.objectContaining({ code: 'out-of-landed' }));
    expect(() => findLanded(project, '../landed/../../b.csv')).toThrow(
      expect.objectContaining({ code: 'out-of-landed' }),
    );
    expect(() => findLanded(project, 'none.csv')).toThrow(expect.objectContaining({ code: 'no-such-file' }));
    mkdirSync(join(root, 'out'));
    writeFileSync(join(root, 'out', 'c.csv'), 'x');
    symlinkSync(join(root, 'out'), join(project.landed, 'linked'));
    expect(() => findLanded(project, 'linked/c.csv')).toThrow(
      expect.objectContaining({ code: 'out-of-landed' }),
    );
  });

  it('of unfinished names are known', () => {
    expect(['~$a.xlsx', 'a.csv.part', 'a.TMP', 'a.csv'].map(isUnfinishedName)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(['~$a.xlsx', 'a.csv.part'].map(finishedName)).toEqual(['a.xlsx', 'a.csv']);
  });
});

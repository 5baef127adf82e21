import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, keptFiles, read } from './repository.ts';

const sources = filesBelow('src', '.ts');
const texts = keptFiles().filter(
  (path) => /\.(ts|js|cjs|md|ya?ml|sql|json|py|sh)$/.test(path) && !path.startsWith('data/'),
);

describe('sources', () => {
  it('are small: no file of src has more than 300 lines', () => {
    const long = sources.filter((path) => read(path).split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it('have names that say what is in them', () => {
    const empty = /(^|[-.])(utils?|helpers?|common|misc|manager|index|stuff|tools?)([-.]|$)/;
    expect(sources.filter((path) => empty.test(basename(path)))).toEqual([]);
    expect(sources.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(path)))).toEqual([]);
  });

  it('export by name', () => {
    expect(sources.filter((path) => /^export default/m.test(read(path)))).toEqual([]);
    expect(sources.filter((path) => /^export \* from/m.test(read(path)))).toEqual([]);
  });

  it('leave nothing switched off or put off', () => {
    // Written in two parts, so that this file is not its own finding.
    const off = new RegExp(
      [
        '@ts-' + 'ignore',
        '@ts-' + 'expect-error',
        'biome-' + 'ignore',
        '\\b(it|describe|test)\\.(sk' + 'ip|on' + 'ly)\\b',
        '\\bTO' + 'DO\\b',
        '\\bFIX' + 'ME\\b',
      ].join('|'),
    );
    const code = [
      ...sources,
      ...filesBelow('test', '.ts'),
      ...filesBelow('scripts'),
      ...filesBelow('migrations', '.js'),
    ];
    expect(code.filter((path) => off.test(read(path)))).toEqual([]);
  });

  it('leave the process to the one file that is its door, so that a call may run in any process', () => {
    const ofProcess =
      /\bprocess\.(argv|chdir|cwd|env|exit|exitCode|on|once|stderr|stdin|stdout|umask)\b|\bconsole\./;
    const touching = sources.filter((path) => path.startsWith('src/') && ofProcess.test(read(path)));
    expect(touching).toEqual(['src/cli/main.ts']);
  });

  it('measure nothing by the wall clock, and let it put nothing in order but what people read', () => {
    const found = (pattern: RegExp) => sources.filter((path) => pattern.test(read(path)));
    expect(found(/\bDate\.now\(/)).toEqual([]);
    // The clock of every call, and the moment beside a fingerprint.
    expect(found(/\bnew Date\(\)/)).toEqual(['src/cli/app.ts', 'src/warehouse/migrate/migrate.ts']);
    // The lines of `history`, in which each log keeps the order of its numbers.
    expect(found(/ORDER BY [^`;]*\b\w+_at\b/)).toEqual(['src/ledger/history.ts']);
    // Ages.
    expect(found(/\b\w+_at\b\s*[<>]/)).toEqual([
      ...['src/ledger/pruned-journal.ts', 'src/ledger/runs.ts', 'src/records/prune-records.ts'],
    ]);
  });

  it('hang hooks on test files alone: what a worker evaluates once would run them for its first file', () => {
    const beside = filesBelow('test', '.ts').filter((path) => !path.endsWith('.test.ts'));
    expect(beside.filter((path) => /^(?:before|after)(?:All|Each)\(/m.test(read(path)))).toEqual([]);
  });

  it('speak of the project alone, not of how and where it was made', () => {
    const elsewhere = new RegExp(
      [
        '/wo' + 'rk/',
        'helper ' + 'session',
        '\\bissue ' + '#?\\d',
        'DESIGN' + '\\.md',
        'HOUSE' + '\\.md',
        'TRAPS' + '\\.md',
      ].join('|'),
      'i',
    );
    const wrong = texts.filter((path) => !path.includes('package-lock') && elsewhere.test(read(path)));
    expect(wrong).toEqual([]);
  });
});

describe('package', () => {
  it('locks versions without naming the registry they came from', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":\s*"https?:/);
  });

  it('locks every optional package that another names, or npm ci refuses the lock', () => {
    type Entry = { optionalDependencies?: Record<string, string> };
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Entry> };
    const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
    const named = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(named.filter((name) => !locked.has(name))).toEqual([]);
  });

  it('ships its migrations, schema and documentation', () => {
    const manifest = JSON.parse(read('package.json')) as { files: string[]; bin: Record<string, string> };
    for (const folder of ['bin', 'dist', 'migrations', 'schema', 'docs'])
      expect(manifest.files).toContain(folder);
    expect(filesBelow('migrations', '.js').length).toBeGreaterThan(0);
    expect(read(manifest.bin.tidemark as string)).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('has migrations that run in the order of their names and have both ways', () => {
    const names = filesBelow('migrations', '.js').map((path) => basename(path));
    expect(names.filter((name) => !/^\d{14}_[a-z0-9_]+\.js$/.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.slice(0, 14))).size).toBe(names.length);
    for (const name of names) {
      expect(read(`migrations/${name}`), name).toMatch(/export (async )?function up\(/);
      expect(read(`migrations/${name}`), name).toMatch(/export (async )?function down\(/);
    }
  });
});

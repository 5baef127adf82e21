import { expect, it } from 'vitest';
import { filesBelow, read } from './repository.ts';

/** Files below the command line with texts that look like a flag, and why. */
const EXCUSED: Readonly<Record<string, string>> = {
  'src/reports/report-style.ts': 'variables of a style sheet',
  'src/readers/xlsx/release-memory.ts': 'flags of the JavaScript engine',
  'src/validation/form/files.ts': 'an entry of docs/checks.md, for people at a command line',
  'src/pipeline/new-pipeline.ts': 'comments of a new configuration, for people at a command line',
};

/** A decrement is followed by a comparison. */
const FLAG = /(?<![\w-])--[a-z][a-z_-]*(?![\w-]* [=<>])/;

function flagsIn(path: string): string[] {
  const code = read(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return code.split('\n').filter((line) => FLAG.test(line));
}

it('no file below the command line writes or reads flags: commands there are values', () => {
  const found = filesBelow('src', '.ts').filter(
    (path) => !path.startsWith('src/cli/') && flagsIn(path).length > 0,
  );
  expect(found.filter((path) => !(path in EXCUSED))).toEqual([]);
  expect(Object.keys(EXCUSED).filter((path) => !found.includes(path))).toEqual([]);
});

it('a flag is seen in texts and templates, and a decrement is none', () => {
  expect('hint: `Run again with --allow-empty`').toMatch(FLAG);
  expect("usage('--set takes field=value.')").toMatch(FLAG);
  expect('if (--depth === 0) return at;').not.toMatch(FLAG);
});

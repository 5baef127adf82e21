import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptFiles, read } from './repository.ts';

/** What the package starts with; nothing of the repository imports it by name. */
const ENTRIES = ['src/cli/main.ts main'];

const texts = new Map(
  keptFiles()
    .filter((path) => /^(src|test|scripts|bench|bin)\/.*\.(ts|js)$/.test(path))
    .map((path) => [path, read(path)] as const),
);

/** The files that import a file, in whatever form. */
const importers = new Map<string, string[]>();
for (const [path, text] of texts) {
  for (const found of text.matchAll(/(?:from\s*|import\s*\(?\s*)['"](\.[^'"]+)['"]/g)) {
    const target = posix.join(posix.dirname(path), found[1] as string);
    importers.set(target, [...(importers.get(target) ?? []), path]);
  }
}

interface Export {
  readonly path: string;
  readonly name: string;
  readonly isType: boolean;
  /** It is used in its own file too. */
  readonly inside: boolean;
  /** Files that import the file and say the name. */
  readonly users: readonly string[];
}

const EXPORTED = /^export (?:abstract )?(?:async )?(function\*?|const|let|class|interface|type|enum) (\w+)/gm;

const exports_: readonly Export[] = [...texts].flatMap(([path, text]) => {
  if (!path.startsWith('src/')) return [];
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(EXPORTED)].map(([, kind = '', name = '']) => {
    const word = new RegExp(`\\b${name}\\b`, 'g');
    return {
      ...{ path, name, isType: kind === 'interface' || kind === 'type' },
      inside: [...code.matchAll(word)].length > 1,
      users: (importers.get(path) ?? []).filter((user) => texts.get(user)?.match(word)),
    };
  });
});

const named = ({ path, name }: Export) => `${path} ${name}`;
const isTest = (path: string) => path.startsWith('test/');

describe('exports of src', () => {
  it('are found at all', () => {
    expect(exports_.length).toBeGreaterThan(1000);
    expect(exports_.filter(({ users }) => users.length > 1).length).toBeGreaterThan(500);
  });

  it('are used by the program: nothing is there for a test alone', () => {
    const dead = exports_.filter(({ inside, users }) => !inside && users.every(isTest));
    expect(dead.map(named).filter((one) => !ENTRIES.includes(one))).toEqual([]);
  });

  it('are imported by another file, or they are no exports; types may be there for who reads a signature', () => {
    const closed = exports_.filter(({ isType, inside, users }) => !isType && inside && users.length === 0);
    expect(closed.map(named)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { filesBelow, read } from './repository.ts';

/** Rooms whose task is the schema `meta` itself: its statements, its tables, its locks, its name. */
const OWN = [
  'src/ledger/',
  'src/warehouse/',
  'src/config/warehouse-schemas.ts',
  'src/domain/schema-names.ts',
];

/** Files that name the schema or a table of it without a statement about it, and why. */
const NAMING: Readonly<Record<string, string>> = {
  'src/pipeline/log-call.ts': 'a warning says which table has no row',
  'src/steps/export.ts': 'exports any table that a person names, of any schema',
};

function code(path: string): string {
  return read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replaceAll('import.meta', '');
}

/** A table of the schema in a statement, or the schema as a value. */
const META = /\bmeta\.[a-z_]+|['"`]meta['"`]/;

const naming = filesBelow('src', '.ts').filter((path) => META.test(code(path)));

describe('the log tables', () => {
  it('are found at all', () => {
    expect(naming.filter((path) => path.startsWith('src/ledger/')).length).toBeGreaterThan(10);
  });

  it('are read and written by statements of the ledger alone', () => {
    const elsewhere = naming.filter((path) => !OWN.some((own) => path.startsWith(own)));
    expect(elsewhere.filter((path) => NAMING[path] === undefined)).toEqual([]);
  });

  it('are named elsewhere only where the reason still holds', () => {
    expect(Object.keys(NAMING).filter((path) => !naming.includes(path))).toEqual([]);
  });
});

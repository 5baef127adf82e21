import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { DEFAULT_SCHEMAS } from '../../../src/domain/schema-names.ts';

function load(schemas: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'schemas-')), 'datasets_config.yml');
  writeFileSync(
    path,
    `version: 1\n${schemas}\ndatasets:\n  c:\n    source: {filename: "c_{period}.csv"}\n    schema: {fields: [{name: id}]}\n`,
  );
  return loadConfig(path, { TEAM: 'census' }, 'datasets_config.yml');
}

const block = (...lines: readonly string[]) => ['schemas:', ...lines.map((line) => `  ${line}`)].join('\n');

describe('names of the schemas', () => {
  it('are the five words where nothing else is configured', () => {
    expect(load('').schemas).toEqual(DEFAULT_SCHEMAS);
    expect(load('schemas: {}').schemas).toEqual(DEFAULT_SCHEMAS);
  });

  it('are those given, each by itself, and the environment can give a part', () => {
    expect(load(block('core: "${TEAM}_core"', 'mart: Reports_2')).schemas).toEqual({
      ...DEFAULT_SCHEMAS,
      core: 'census_core',
      mart: 'Reports_2',
    });
    expect(load(block(`meta: ${'a'.repeat(63)}`)).schemas?.meta).toHaveLength(63);
  });

  it.each([
    ['stage-area', 'no schema name'],
    ['1st', 'no schema name'],
    ['"a b"', 'no schema name'],
    ['naïve', 'no schema name'],
    ['""', 'no schema name'],
    ['a'.repeat(64), '63 bytes at most'],
    ['public', 'the database uses it'],
    ['MAIN', 'the database uses it'],
    ['temp', 'the database uses it'],
    ['pg_core', 'the database uses it'],
    ['information_schema', 'the database uses it'],
    ['raw', 'the database uses it'],
    ['mart', 'what models call another schema'],
    ['Stage', 'what models call another schema'],
  ])('cannot be %s: %s', (name, why) => {
    const error = () => load(block('meta: t_meta', `core: ${name}`));
    expect(error).toThrow(why);
    expect(error).toThrow('datasets_config.yml:4:9: schemas.core:');
  });

  it('are five: a name given twice is told at each place, in whatever case', () => {
    const error = () => load(block('core: warehouse', 'history: h', 'mart: Warehouse'));
    expect(error).toThrow(
      "datasets_config.yml:3:9: schemas.core: 'warehouse' is the name of the schema 'mart' too",
    );
    expect(error).toThrow(
      "datasets_config.yml:5:9: schemas.mart: 'Warehouse' is the name of the schema 'core' too",
    );
  });

  it('are asked for by their words: another key is told with the word that was meant', () => {
    expect(() => load(block('cor: x'))).toThrow(/datasets_config\.yml:3:3: .*did you mean 'core'/);
  });
});

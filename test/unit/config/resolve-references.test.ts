import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';

const load = (topics: string, subjects = 'identity: subject_id') => {
  const path = join(mkdtempSync(join(tmpdir(), 'tidemark-config-')), 'datasets_config.yml');
  writeFileSync(
    path,
    `version: 1
datasets:
  topics:
    source: {filename: "topics_{board}_{period}.csv"}
    schema: {fields: [{name: code}, {name: parent_code}, {name: subject}]}
    core: {key: [board, code], strategy: upsert, ${topics}}
  subjects:
    source: {filename: "subjects_{board}_{period}.csv"}
    schema: {fields: [{name: subject}]}
    core: {key: [board, subject], strategy: upsert, ${subjects}}
`,
  );
  return loadConfig(path, {}, 'datasets_config.yml').datasets.get('topics')?.core;
};

describe('core.references', () => {
  it('pair fields with the key of what they refer to; slices that both have go by themselves', () => {
    const core = load(
      'identity: topic_id, references: [{column: parent_id, fields: parent_code, dataset: topics}, {column: subject_ref, fields: [board, subject], dataset: subjects}]',
    );
    expect(core?.identity).toBe('topic_id');
    expect(core?.references).toEqual([
      {
        ...{ column: 'parent_id', fields: ['parent_code', 'board'], parentFields: ['code', 'board'] },
        ...{ dataset: 'topics', parentTable: 'topics', parentIdentity: 'topic_id' },
      },
      {
        ...{ column: 'subject_ref', fields: ['board', 'subject'], parentFields: ['board', 'subject'] },
        ...{ dataset: 'subjects', parentTable: 'subjects', parentIdentity: 'subject_id' },
      },
    ]);
  });

  it.each([
    [
      'a dataset that is not there',
      'references: [{column: p, fields: subject, dataset: subject}]',
      /did you mean 'subjects'/,
    ],
    [
      'more fields than the key has',
      'references: [{column: p, fields: [subject, code, board], dataset: subjects}]',
      /as many as the key of 'subjects' has: subject/,
    ],
    [
      'a column that is a field',
      'references: [{column: subject, fields: subject, dataset: subjects}]',
      /a column 'subject' already/,
    ],
    [
      'two columns of one name',
      'identity: p, references: [{column: p, fields: subject, dataset: subjects}]',
      /a column 'p' already/,
    ],
    ['an identity that is a slice', 'identity: board', /a column 'board' already/],
    ['a name that is taken', 'identity: _id', /leading underscore/],
  ])('are refused: %s', (_, topics, message) => {
    expect(() => load(topics)).toThrow(message);
  });

  it('are refused where what they refer to gives no keys, or refers back', () => {
    const reference = 'references: [{column: p, fields: subject, dataset: subjects}]';
    expect(() => load(reference, 'missing: keep')).toThrow(/set core\.identity there/);
    const back = 'identity: s, references: [{column: q, fields: subject, dataset: topics}]';
    expect(() => load(`identity: t, ${reference}`, back)).toThrow(/in a circle/);
  });
});

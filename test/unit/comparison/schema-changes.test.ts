import { expect, it } from 'vitest';
import { schemaChanges } from '../../../src/comparison/schema-changes.ts';

const column = (name: string, type: string) => ({ name, type, nullable: true });

it('names columns that came, went or have another type, and nothing else', () => {
  const before = [
    column('id', 'BIGINT'),
    column('old', 'DATE'),
    column('n', 'VARCHAR'),
    column('t', 'VARCHAR(7)'),
  ];
  const after = [
    column('t', 'VARCHAR'),
    column('n', 'BIGINT'),
    column('new', 'DATE'),
    column('id', 'BIGINT'),
  ];
  expect(schemaChanges(before, after, (a, b) => a.split('(')[0] === b.split('(')[0])).toEqual([
    { change: 'type', column: 'n', before: 'VARCHAR', after: 'BIGINT' },
    { change: 'added', column: 'new', before: null, after: 'DATE' },
    { change: 'removed', column: 'old', before: 'DATE', after: null },
  ]);
  expect(schemaChanges(before, before)).toEqual([]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { RecordsDataset } from '../../../src/domain/dataset.ts';
import { PersonalMembers } from '../../../src/records/personal-members.ts';

function datasetOf(fields: readonly object[]): RecordsDataset {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-personal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'datasets_config.yml');
  const schema = { primaryKey: 'id', fields: [{ name: 'id' }, ...fields] };
  writeFileSync(
    path,
    JSON.stringify({ version: 1, datasets: { people: { source: { records: {} }, schema } } }),
  );
  return loadConfig(path, {}).datasets.get('people') as RecordsDataset;
}

const personalOf = (fields: readonly object[]) => {
  const dataset = datasetOf(fields);
  const personal = new PersonalMembers(dataset);
  return dataset.fields.filter((field) => personal.has(field)).map(({ name }) => name);
};

it('a field is personal too where it reads what is inside of a personal member, or around one', () => {
  const mail = { name: 'mail', path: '$.contact.mail', pii: true };
  expect(
    personalOf([
      mail,
      { name: 'contact', type: 'object' },
      { name: 'host', path: '$.contact.mail.host' },
      { name: 'phone', path: '$.contact.phone' },
      { name: 'other', path: '$.mail' },
    ]),
  ).toEqual(['mail', 'contact', 'host']);
});

it('what is personal in one element of an array is so in all', () => {
  const first = { name: 'first', path: '$.people[0].name', pii: true };
  expect(
    personalOf([
      first,
      { name: 'second', path: '$.people[1].name' },
      { name: 'age', path: '$.people[0].age' },
    ]),
  ).toEqual(['first', 'second']);
});

it('a constant is personal only where it is said to be, and masks nothing in the text', () => {
  const fields = [
    { name: 'who', value: 'Ann', pii: true },
    { name: 'site', value: 'x' },
  ];
  expect(personalOf(fields)).toEqual(['who']);
  expect(new PersonalMembers(datasetOf(fields)).masked('{"who": "Bob"}')).toBe('{"who": "Bob"}');
});

it('a text in which nobody can know what is personal is not shown, and without personal fields it is', () => {
  const loose = '{"a": [1,]}';
  expect(new PersonalMembers(datasetOf([{ name: 'a', pii: true }])).masked(loose)).toBeNull();
  expect(new PersonalMembers(datasetOf([{ name: 'a' }])).masked(loose)).toBe(loose);
});

it('names that are no fields are not personal', () => {
  const personal = new PersonalMembers(datasetOf([{ name: 'a', pii: true }]));
  expect([personal.hasNamed('a'), personal.hasNamed('b'), personal.hasNamed(null)]).toEqual([
    true,
    false,
    false,
  ]);
});

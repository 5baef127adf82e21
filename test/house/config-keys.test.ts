import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { configSections } from '../../scripts/docs/config-page.ts';
import { KEY_EXAMPLES } from '../../src/config/key-examples/key-examples.ts';
import { configJsonSchema } from '../../src/config/known-keys.ts';
import { loadConfig } from '../../src/config/load-config.ts';

type Group = Record<string, unknown>;

/** What the examples refer to: the fields that they name, and the list that they look into. */
const minimal = (): Group =>
  parse(`
version: 1
datasets:
  payments:
    source: {filename: "payments_{period}.csv"}
    schema:
      primaryKey: payment_id
      fields:
        - {name: payment_id}
        - {name: parent_id}
        - {name: level, type: integer}
        - {name: region_code}
        - {name: status}
        - {name: amount, type: number}
        - {name: due_on, type: date}
        - {name: paid_on, type: date}
        - {name: ended_on, type: date}
  regions:
    period: none
    source: {filename: regions.csv}
    schema: {primaryKey: code, fields: [{name: code}]}
    core: {identity: region_no}
`) as Group;

const groups = configSections(configJsonSchema());
const keysOf = ({ schema }: (typeof groups)[number]) => Object.entries(schema.properties ?? {});
const examples = groups.flatMap((group) =>
  keysOf(group).map(([key]) => [group.path, key, KEY_EXAMPLES[group.path]?.[key] ?? ''] as const),
);

/** The group at a path, made where the minimal configuration has none; in a list, a new first entry. */
function groupAt(config: Group, path: string): Group {
  let here = config;
  for (const part of path.replaceAll('[]', '.[]').split('.').filter(Boolean)) {
    const name = { '<name>': here === config['datasets'] ? 'payments' : 'rows', '[]': '0' }[part] ?? part;
    here[name] ??= path.includes(`${part}[]`) ? [] : {};
    here = here[name] as Group;
  }
  return here;
}

/** A rule is about a constraint of its field. */
function besides(path: string): Group {
  const constraints = KEY_EXAMPLES['datasets.<name>.schema.fields[].constraints'] ?? {};
  return path.includes('.rules') ? { constraints: parse(`{${Object.values(constraints).join(', ')}}`) } : {};
}

/** Keys of datasets that take records. */
const OF_RECORDS = /source\.records|fields\[\]\.(path|value|default)$|core\.on_duplicate$/;

describe('the keys of the configuration', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidemark-keys-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const load = (config: Group) => {
    const path = join(folder, 'datasets_config.yml');
    writeFileSync(path, stringify(config));
    return loadConfig(path, {});
  };

  it('each have a description and an example, and no example is of another key', () => {
    const bare = groups.flatMap((group) =>
      keysOf(group)
        .filter(([, child]) => !child.description)
        .map(([key]) => `${group.path}.${key}`),
    );
    expect(bare).toEqual([]);
    expect(examples.filter(([, , example]) => example === '').map(([path, key]) => `${path}.${key}`)).toEqual(
      [],
    );
    const known = groups.map((group) => [group.path, keysOf(group).map(([key]) => key)]);
    expect(
      Object.entries(KEY_EXAMPLES)
        .map(([path, of]) => [path, Object.keys(of)])
        .sort(),
    ).toEqual(known.sort());
    expect(examples.length).toBeGreaterThan(100);
  });

  it.each(examples)('%s.%s: the example loads without a problem', (path, key, example) => {
    const written = parse(`{${example}}`) as Group;
    expect(Object.keys(written)).toContain(key);
    const config = minimal();
    const datasets = config['datasets'] as { payments: Group };
    if (OF_RECORDS.test(`${path}.${key}`))
      datasets.payments = { ...datasets.payments, period: 'none', source: { records: {} } };
    const { schema } = (
      config['datasets'] as { payments: { schema: { fields: Group[]; foreignKeys?: Group[] } } }
    ).payments;
    if (path.endsWith('fields[]')) schema.fields = [{ name: 'payment_id' }];
    if (path.includes('fields[]')) schema.fields.unshift({ name: 'extra', ...besides(path) });
    if (path.endsWith('.reference')) schema.foreignKeys = [{ fields: 'region_code' }];
    Object.assign(groupAt(config, path), written);
    expect(() => load(config)).not.toThrow();
  });
});

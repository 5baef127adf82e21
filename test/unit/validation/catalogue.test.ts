import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { configSchema } from '../../../src/config/schema.ts';
import type { Dataset } from '../../../src/domain/dataset.ts';
import { CATALOGUE } from '../../../src/validation/catalogue.ts';
import { temporaryFolder, validateText } from './validate-text.ts';

const configured = CATALOGUE.flatMap(({ code, config }) =>
  config === undefined ? [] : [[code, config] as const],
);
const FIELDS = {
  income: 'type: number, precision: 12, scale: 2',
  age: 'type: integer',
  is_active: 'type: boolean',
  status: 'type: string',
  end_date: 'type: date',
  payment_id: 'type: integer',
  code: 'type: string',
  parent_code: 'type: string',
  depth: 'type: integer',
};

function load(check: string): Dataset {
  const path = join(temporaryFolder(), 'datasets_config.yml');
  const fields = Object.entries(FIELDS).map(([name, rest]) => `        - {name: ${name}, ${rest}}\n`);
  writeFileSync(
    path,
    `version: 1\ndatasets:\n  data:\n    source: {filename: "data_{period}.csv", footer: "^Total"}\n    schema:\n      fields:\n${fields.join('')}    checks:\n      - ${check}\n`,
  );
  return loadConfig(path, {}).datasets.get('data') as Dataset;
}

describe('the catalogue of checks', () => {
  it.each(configured)('shows for %s a configuration that works as it stands', async (_, check) => {
    const dataset = load(check);
    expect(dataset.checks).toHaveLength(1);
    const { rows } = await validateText(
      dataset,
      `${Object.keys(FIELDS).join(',')}\n100,30,true,open,2025-06-01,1,a,,1\n`,
    );
    expect(rows.read).toBe(1);
  });

  it('has an example for every kind of check that can be configured', () => {
    const shape = configSchema.shape.datasets.valueType.shape.checks.unwrap().element.shape;
    const how = ['name', 'severity', 'message', 'max_failures', 'when', 'tolerance'];
    const kinds = Object.keys(shape).filter((key) => !how.includes(key));
    expect(configured.map(([, check]) => load(check).checks[0]?.kind).sort()).toEqual(kinds.sort());
  });

  it('tells each code once, with an example and a cure', () => {
    const codes = CATALOGUE.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { code, example, cure, title, meaning } of CATALOGUE)
      for (const text of [example, cure, title, meaning]) expect(text.length, code).toBeGreaterThan(5);
  });
});

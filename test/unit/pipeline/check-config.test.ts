import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { openProject } from '../../../src/lake/project.ts';
import { checkConfig } from '../../../src/pipeline/check-config.ts';

const SOUND = `version: 1
datasets:
  register:
    source: {filename: "register_{board}_{period}.csv", footer: "^Total"}
    schema:
      fields:
        - {name: id, type: integer}
        - {name: code, constraints: {pattern: "N[0-9]{9}"}}
        - {name: parent}
        - {name: born, type: date, format: ["%d/%m/%Y"]}
        - {name: income, type: number, precision: 12, scale: 2}
      primaryKey: [id]
    checks:
      - {name: positive, expect: "income >= 0"}
      - {name: right_month, in_period: born}
      - {name: coded, required: [code], when: "income > 100"}
      - {name: once, unique: {fields: [code, born], across: all}}
      - {name: tree, hierarchy: {key: code, parent: parent, min_depth: 2}}
      - {name: steady, versus_previous: {rows: {max_drop: 20%}}}
    core: {key: [board, id]}
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidemark-config-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function check(text: string): Promise<readonly string[]> {
  const path = join(root, 'datasets_config.yml');
  writeFileSync(path, text);
  return checkConfig(openProject(root), loadConfig(path, {}));
}

describe('config check tries what reading alone cannot tell', () => {
  it('passes rules that work', async () => {
    await expect(check(SOUND)).resolves.toEqual([]);
  });

  it('names what to fix where it knows no line', async () => {
    const hint = expect.stringMatching(/^Fix .* in the configuration, then run `tidemark config check`\.$/);
    await expect(check(SOUND.replace('N[0-9]{9}', 'N[0-9{9}'))).rejects.toMatchObject({ hint });
    await expect(check(SOUND.replace('%d/%m/%Y', '%Q'))).rejects.toMatchObject({ hint });
  });

  it.each([
    ['a broken pattern', 'N[0-9]{9}', 'N[0-9{9}', /field 'code', pattern/],
    ['a broken footer', '^Total', '(Total', /footer/],
    ['an unknown date format', '%d/%m/%Y', '%Q', /'born': the format '%Q'/],
    [
      'a bound that is no day',
      'format: ["%d/%m/%Y"]}',
      'format: ["%d/%m/%Y"], constraints: {minimum: 2025-02-30}}',
      /field 'born', minimum: .*2025-02-30/,
    ],
    [
      'bounds that nothing lies between',
      'scale: 2}',
      'scale: 2, constraints: {minimum: 5, maximum: 4.5}}',
      /field 'income': minimum 5 is above maximum 4\.5/,
    ],
    [
      'an allowed value of another type',
      'scale: 2}',
      'scale: 2, constraints: {enum: [1, x]}}',
      /field 'income', enum: .*x/,
    ],
    ['a condition over no field', 'income > 100', 'incoem > 100', /check 'coded'.*incoem/],
    ['an expression over no field', 'income >= 0', 'incoem >= 0', /check 'positive'.*incoem/],
    [
      'an expression that reads files',
      'income >= 0',
      "(select count(*) from read_csv('/etc/passwd')) >= 0",
      /check 'positive'/,
    ],
  ])('names %s', async (_, sound, broken, message) => {
    const error = await check(SOUND.replace(sound, broken)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'bad-config', message: expect.stringMatching(message) });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { fileSource } from '../../src/domain/dataset.ts';
import { matchFilename } from '../../src/domain/filename-pattern.ts';
import { ROOT } from './repository.ts';

let made: string;
beforeAll(() => {
  made = mkdtempSync(join(tmpdir(), 'tidemark-examples-'));
  const env = { ...process.env, TZ: 'Pacific/Apia' };
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'make-examples.js'), made], { env });
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('examples', () => {
  it('are what the script makes, byte for byte and in any time zone', () => {
    const landed = join(ROOT, 'data', 'landed');
    expect(files(landed)).toEqual(files(made));
    for (const file of files(made))
      expect(readFileSync(join(landed, file)).equals(readFileSync(join(made, file))), file).toBe(true);
  });

  it('each belong to exactly one dataset of the example configuration', () => {
    const { datasets } = loadConfig(join(ROOT, 'datasets_config.yml'), {});
    for (const file of files(made)) {
      const name = file.split('/').at(-1) as string;
      const owners = [...datasets.values()].filter((one) =>
        matchFilename(fileSource(one).filename, one.periodKind, name),
      );
      expect(owners.length, file).toBe(1);
    }
  });

  it('stay small enough to be cloned without a thought', () => {
    const bytes = files(made).reduce((sum, file) => sum + readFileSync(join(made, file)).length, 0);
    expect(bytes).toBeLessThan(600_000);
  });
});

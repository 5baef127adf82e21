import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { differences, valuesOf } from '../unit/readers/xlsx/resaved.ts';
import { PROGRAMS } from './programs.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FILES = [
  'test/fixtures/producers',
  'test/fixtures/nics/landed',
  'data/landed/2025-04',
  'data/landed/2025-06',
].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.xlsx'))
    .map((name) => join(ROOT, folder, name)),
);

test.each(PROGRAMS)(
  'saving again by $name changes no value, but for what it does itself',
  async ({ name, ...program }) => {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-resaved-'));
    try {
      program.save(folder, FILES);
      const saved = FILES.filter((file) => existsSync(join(folder, basename(file))));
      const refused = FILES.filter((file) => !saved.includes(file)).map((file) => basename(file));
      const figures = new Map(Object.keys(program.does).map((doing) => [doing, 0]));
      const open: unknown[] = [];
      let cells = 0;
      for (const file of saved) {
        const bytes = readFileSync(file);
        cells += (await valuesOf(bytes)).size;
        for (const found of await differences(bytes, readFileSync(join(folder, basename(file))))) {
          const [doing] = Object.entries(program.does).find(([, does]) => does(found)) ?? [];
          if (doing === undefined) open.push({ file: basename(file), ...found });
          else figures.set(doing, (figures.get(doing) ?? 0) + 1);
        }
      }
      const told = [...figures].map(([doing, count]) => `  ${count} × ${doing}`);
      console.info([`${name}: ${saved.length} workbooks, ${cells} cells`, ...told].join('\n'));
      expect(open).toEqual([]);
      expect(refused.sort()).toEqual(program.refuses);
      expect([...figures].filter(([, count]) => count === 0)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { runInProcess } from '../fixtures/pipelines/in-process.ts';
import { copyOfExample, walkReadme } from '../fixtures/pipelines/walk-readme.ts';
import { emptyDatabase } from './world.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('the walk through examples/exam-boards', () => {
  it.each(['DuckDB', 'PostgreSQL'])(
    'does and prints on %s what its README says',
    async (engine) => {
      const url = engine === 'DuckDB' ? undefined : await emptyDatabase();
      expect(url).not.toBeNull();
      const { DATABASE_URL: _, ...plain } = process.env;
      const env = { ...plain, ...(url ? { DATABASE_URL: url } : {}) };
      const { root, folder } = copyOfExample('exam-boards');
      roots.push(root);
      if (url) expect((await runInProcess(folder, ['migrate'], env)).code).toBe(0);
      await walkReadme(folder, env);
    },
    900_000,
  );
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './repository.ts';

/** Runs one test beside the server that the real ones have. */
function runOf(name: string) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(ROOT, 'test', 'fixtures', 'failing-run', 'vitest.config.ts');
  return spawnSync(process.execPath, [vitest, 'run', '--config', config, name], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
  });
}

describe('a run of the tests', () => {
  it.each([
    ['fails.ts', '1 failed', 1],
    ['passes.ts', '1 passed', 0],
  ])(
    'ends as it went, also with a server beside it: %s',
    (name, told, code) => {
      const run = runOf(name);
      expect(run.stdout).toContain(told);
      expect(run.stderr).not.toContain('TypeError');
      expect(run.status, run.stderr).toBe(code);
    },
    120_000,
  );
});

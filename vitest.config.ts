import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

type Options = TestProjectInlineConfiguration['test'];

/** A kind of test: `npx vitest run --project unit`. A test of it may take so many seconds. */
function kind(name: string, seconds: number, options: Options): TestProjectInlineConfiguration {
  const patience = { testTimeout: seconds * 1000, hookTimeout: Math.min(seconds, 120) * 1000 };
  return { test: { name, include: [`test/${name}/**/*.test.ts`], ...patience, ...options } };
}

/**
 * A worker runs one test file after the other in one process: loading and warming up the program for each file anew took a
 * quarter of the whole run. So a test leaves nothing behind in its process, and hooks stand in test files alone: a module
 * beside them is evaluated once a worker.
 */
const ONE_PROCESS: Options = { isolate: false };

const WITH_POSTGRES: Options = { globalSetup: ['test/fixtures/postgres/global-setup.ts'] };

export default defineConfig({
  test: {
    // Tests wait, for processes, servers and disks: three workers keep two processors busy; a fourth gains nothing. The
    // projects share them, so that no worker is idle while another project still runs.
    maxWorkers: 3,
    globalSetup: ['test/fixtures/temporary-root.ts'],
    projects: [
      kind('unit', 30, ONE_PROCESS),
      // Large, many and random inputs through the real readers and engine: too much for `npm run check`.
      kind('inputs', 60, ONE_PROCESS),
      kind('golden', 120, ONE_PROCESS),
      kind('house', 60, ONE_PROCESS),
      kind('conformance', 60, { ...ONE_PROCESS, ...WITH_POSTGRES }),
      kind('cli', 120, { ...ONE_PROCESS, ...WITH_POSTGRES }),
      // Faults that come at a place, or at any time, may share the machine with other tests. Some replace modules, so each
      // file is a process of its own.
      kind('placed-fault', 600, { include: ['test/fault/*.test.ts'], ...WITH_POSTGRES }),
      // What is killed and cut must not share two cores with others: one file at a time, after all the others.
      kind('fault', 600, {
        include: ['test/fault/alone/*.test.ts'],
        fileParallelism: false,
        ...WITH_POSTGRES,
      }),
    ],
  },
});

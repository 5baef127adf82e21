import { defineConfig } from 'vitest/config';

/** Faults that come at a place, or at any time: they may share the machine with other tests. */
const PLACED_FAULTS = [
  'changed-file',
  'failed-loads',
  'full-disk',
  'half-open',
  'index-after-kill',
  'kill-validate',
  'left-log',
  'lost-answers',
  'lost-answers-random',
  'lost-commit',
  'lost-connection',
  'pooled-callers',
  'two-callers',
  'two-stewards',
].map((name) => `test/fault/${name}.test.ts`);

/** One project a kind of test: `npx vitest run --project unit`. */
export default defineConfig({
  test: {
    // Tests wait, for processes, servers and disks: three workers keep two processors busy; a fourth gains nothing. The
    // projects share them, so that no worker is idle while another project still runs.
    maxWorkers: 3,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'], testTimeout: 120_000 } },
      { test: { name: 'house', include: ['test/house/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          globalSetup: ['test/fixtures/postgres/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: ['test/fixtures/postgres/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'placed-fault',
          include: PLACED_FAULTS,
          globalSetup: ['test/fixtures/postgres/global-setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'fault',
          include: ['test/fault/**/*.test.ts'],
          exclude: PLACED_FAULTS,
          globalSetup: ['test/fixtures/postgres/global-setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          // What is killed and cut must not share two cores with others: one file at a time, after all the others.
          fileParallelism: false,
        },
      },
    ],
  },
});

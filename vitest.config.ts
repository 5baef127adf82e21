import { defineConfig } from 'vitest/config';

/** One project a kind of test: `npx vitest run --project unit`. */
export default defineConfig({
  test: {
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
          // They wait for the processes they start, so that one more than the processors are kept busy.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'fault',
          include: ['test/fault/**/*.test.ts'],
          globalSetup: ['test/fixtures/postgres/global-setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          // What is killed and cut must not share two cores with others.
          fileParallelism: false,
        },
      },
    ],
  },
});

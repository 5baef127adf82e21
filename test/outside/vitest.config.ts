import { defineConfig } from 'vitest/config';

/** What needs programs that do not come with the packages; `npm test` leaves it out. */
export default defineConfig({
  test: { include: ['test/outside/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});

import { defineConfig } from 'vitest/config';

/** `npm run test:services`: the product as a process of its own, killed, starved and restarted. One at a time. */
export default defineConfig({
  test: {
    include: ['test/services/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
  },
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** `npm test`: everything that needs neither a browser nor a killed process. */
export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'simulator/**/*.test.ts',
      'web/src/**/*.test.ts',
      'bench/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'test/faults/**', 'test/browser/**'],
    // Half of the time of the longest files is waiting: one more than there are cores keeps them all busy.
    maxWorkers: availableParallelism() + 1,
    // The modules of the product are loaded and compiled once for all files of a worker, not once for each.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});

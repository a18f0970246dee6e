import { defineConfig } from 'vitest/config';

/** `small`: rules beside the code, no server. `world`: slices through the test world. `stories`: a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'small',
          include: [
            'packages/{core,contract,client,guard}/src/**/*.test.ts',
            'apps/{gateway,cli,web}/src/**/*.test.{ts,tsx}',
            'conformance/**/*.test.ts',
          ],
          testTimeout: 20_000,
          // Rules keep nothing between files; loading every module once for each of them would take most of the time.
          isolate: false,
        },
      },
      {
        test: {
          name: 'world',
          include: ['apps/server/src/**/*.test.ts', 'packages/world/src/**/*.test.ts', 'demo/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: ['packages/world/src/template.ts'],
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'stories',
          include: ['stories/**/*.story.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ['packages/world/src/template.ts'],
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
    ],
  },
});

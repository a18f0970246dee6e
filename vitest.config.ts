import { defineConfig } from 'vitest/config';

const onPostgres = process.env.FIREBREAK_TEST_DATABASE_URL !== undefined;

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
          // Programs beside a server: most start one of their own, on the embedded database, whatever the worlds run on.
          exclude: onPostgres ? ['packages/world/src/**'] : [],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: ['packages/world/src/template.ts'],
          maxWorkers: 2,
          isolate: false,
        },
      },
      {
        test: {
          name: 'stories',
          include: ['stories/**/*.story.ts'],
          setupFiles: ['stories/setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          globalSetup: ['packages/world/src/template.ts'],
          maxWorkers: 2,
          isolate: false,
        },
      },
    ],
  },
});

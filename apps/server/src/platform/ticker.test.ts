import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Deps, Watch } from './slice.ts';
import { Ticker } from './ticker.ts';

/** Nothing is due, and nothing can be asked. */
const deps = {
  now: () => new Date().toISOString(),
  log: { error: () => undefined, warn: () => undefined },
} as unknown as Deps;

it('looks again at what was asked for meanwhile, and comes to rest', async () => {
  const looks = [0, 0];
  // One ends while the other runs, ever again.
  const watch = (index: 0 | 1, firstMs: number): Watch => ({
    name: `watch ${index}`,
    everyMs: 0,
    beside: true,
    async look() {
      looks[index] = looks[index]! + 1;
      await pause(looks[index] === 1 ? firstMs : 40);
    },
  });
  const ticker = new Ticker(deps, [watch(0, 20), watch(1, 40)]);
  for (let wake = 0; wake < 10; wake++) {
    ticker.wake();
    await pause(15);
  }
  await pause(300);
  const rested = [...looks];
  expect(Math.min(...rested)).toBeGreaterThan(1);
  await pause(400);
  expect(looks).toEqual(rested);
  await ticker.stop();
});

it('goes on looking where the clock of the machine is set back', async () => {
  let now = Date.now();
  let looks = 0;
  const ticker = new Ticker({ ...deps, now: () => new Date(now).toISOString() } as unknown as Deps, [
    {
      name: 'watch',
      everyMs: 0,
      beside: true,
      async look() {
        looks++;
      },
    },
  ]);
  ticker.wake();
  await expect.poll(() => looks).toBe(1);
  now -= 3_600_000;
  ticker.wake();
  await expect.poll(() => looks).toBe(2);
  await ticker.stop();
});

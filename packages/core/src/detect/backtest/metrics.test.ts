import { describe, expect, it } from 'vitest';
import { scoreSeries } from './metrics.ts';

const at = (hour: number) => `2026-01-01 ${String(hour).padStart(2, '0')}:00:00`;
/** Twenty hours of an hour each: the first three are the warm-up. */
const points = Array.from({ length: 21 }, (_, hour) => [at(hour), 1]);
const score = (alarms: readonly number[], windows: readonly (readonly [number, number])[]) =>
  scoreSeries(
    [{ series: 'a', alarms: alarms.map(at) }],
    [{ series: 'a', points, windows: windows.map(([start, end]) => [at(start), at(end)]) }],
  );

describe('the score of a metric watch', () => {
  it.each([
    ['counts each window once', [8, 9, 10], [[7, 11]], { windows: 1, found: 1, false_alarms_a_day: 0 }],
    ['counts alarms at the edges', [7, 11], [[7, 11]], { found: 1, false_alarms_a_day: 0 }],
    [
      'counts what is missed',
      [],
      [
        [7, 11],
        [15, 16],
      ],
      { windows: 2, found: 0, found_after_warm_up: 0 },
    ],
    ['counts alarms elsewhere by the day', [5, 15], [[7, 11]], { found: 0, false_alarms_a_day: 2 / (20 / 24) }],
    [
      'counts what is found while it learns, once',
      [1, 8],
      [
        [0, 2],
        [7, 11],
      ],
      { found: 1, found_after_warm_up: 1 },
    ],
    [
      'leaves a window out of the rest that ends while it learns',
      [1],
      [
        [0, 2],
        [7, 11],
      ],
      { windows: 2, found: 0.5, found_after_warm_up: 0 },
    ],
    [
      'charges an alarm while it learns to the whole, and not to the rest',
      [1, 8],
      [[7, 11]],
      { false_alarms_a_day: 1 / (20 / 24), false_alarms_a_day_after_warm_up: 0 },
    ],
  ] as const)('%s', (_, alarms, windows, expected) => {
    const found = score(alarms, windows);
    for (const [name, value] of Object.entries(expected)) expect(found[name], name).toBeCloseTo(value, 10);
  });

  it('says that nothing is labelled rather than that nothing is found', () => {
    expect(score([3], [])).toEqual({ labelled: 0 });
  });
});

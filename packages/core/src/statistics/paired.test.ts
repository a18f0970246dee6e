import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusteredError, holm, mcnemar, pairedDifference, pairsNeeded, signFlip } from './index.ts';

describe('pairs', () => {
  it('have an interval as Newcombe printed it', () => {
    const { lower, upper } = pairedDifference(36, 12, 2, 0);
    expect(lower).toBeCloseTo(0.0569, 4);
    expect(upper).toBeCloseTo(0.3404, 4);
  });

  it('that never move still leave room for a small loss', () => {
    const { lower, upper } = pairedDifference(50, 0, 0, 0);
    expect(lower).toBeLessThan(0);
    expect(upper).toBeGreaterThan(0.05);
    expect(pairedDifference(500, 0, 0, 0).upper).toBeLessThan(0.02);
  });

  it('hold the difference, and mirror when before and after change places', () => {
    const count = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(count, count, count, count, (both, lost, gained, neither) => {
        fc.pre(both + lost + gained + neither > 0);
        const n = both + lost + gained + neither;
        const it = pairedDifference(both, lost, gained, neither);
        const other = pairedDifference(both, gained, lost, neither);
        expect(it.lower).toBeLessThanOrEqual((lost - gained) / n + 1e-9);
        expect(it.upper).toBeGreaterThanOrEqual((lost - gained) / n - 1e-9);
        expect(other.lower).toBeCloseTo(-it.upper, 9);
      }),
    );
  });

  it.each([
    [5, 1, 0.21875],
    [6, 0, 0.03125],
    [9, 1, 0.021484375],
  ])('flipped one by one are the exact McNemar test, %i against %i', (worse, better, p) => {
    const sums = [...Array(worse).fill(1), ...Array(better).fill(-1)];
    expect(signFlip(sums, 1)).toBeCloseTo(p, 9);
    expect(signFlip(sums, 1)).toBeCloseTo(mcnemar(worse, better).exact, 9);
  });

  it('that fail together count as one, and the same seed draws the same', () => {
    expect(signFlip([12], 1)).toBe(1);
    expect(signFlip([4, 4, 4], 1)).toBe(0.25);
    const many = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? -1 : 1));
    expect(signFlip(many, 7)).toBe(signFlip(many, 7));
    expect(Math.abs(signFlip(many, 7) - mcnemar(30, 10).exact)).toBeLessThan(0.004);
    expect(signFlip([], 7)).toBe(1);
    expect(() => signFlip([Number.NaN], 7)).toThrow(RangeError);
    expect(() => signFlip([1], 7, 0)).toThrow(RangeError);
  });

  it('in clusters have a wider error than one by one', () => {
    const alone = [1, 1, 0, 0, 1, 1, 0, 0].map((x) => [x]);
    const together = [
      [1, 1],
      [0, 0],
      [1, 1],
      [0, 0],
    ];
    expect(clusteredError(together)).toBeGreaterThan(clusteredError(alone));
    expect(clusteredError([])).toBeNaN();
  });

  it('are as many as a small loss takes', () => {
    expect(pairsNeeded(0.1, 0.05)).toBeGreaterThan(300);
    expect(pairsNeeded(0.1, 0.05)).toBeLessThan(330);
    expect(pairsNeeded(0.4, 0.2)).toBeLessThan(pairsNeeded(0.4, 0.1));
    expect(() => pairsNeeded(0.1, 0)).toThrow(RangeError);
  });

  it('of several suites are adjusted by Holm', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Math.round(p * 1e9) / 1e9)).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([])).toEqual([]);
    expect(() => holm([1.2])).toThrow(RangeError);
  });
});

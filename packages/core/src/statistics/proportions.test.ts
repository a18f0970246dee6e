import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agrestiCoull,
  betaCdf,
  betaQuantile,
  clopperPearson,
  cusum,
  cusumRunLength,
  fisherExact,
  lnGamma,
  mcnemar,
  newcombe,
  normalCdf,
  normalQuantile,
  wilson,
  zeroFailureTrials,
} from './index.ts';

const counted = fc
  .integer({ min: 1, max: 2_000 })
  .chain((n) => fc.record({ n: fc.constant(n), x: fc.integer({ min: 0, max: n }) }));

describe('intervals of a share', () => {
  it.each([
    [0, 20, 0, 0.1611251581],
    [1, 20, 0.008881448801, 0.2361311934],
    [5, 100, 0.02154367915, 0.1117504692],
    [10, 10, 0.7224672001, 1],
    [7, 1000, 0.003394868401, 0.01437831547],
  ])('Wilson, %i of %i', (x, n, lower, upper) => {
    expect(wilson(x, n).lower).toBeCloseTo(lower, 9);
    expect(wilson(x, n).upper).toBeCloseTo(upper, 9);
  });

  it.each([
    [0, 59, 0, 0.06060890095],
    [3, 50, 0.01254858784, 0.1654819466],
    [50, 100, 0.3983211295, 0.6016788705],
    [10, 10, 0.6915028922, 1],
  ])('Clopper-Pearson, %i of %i', (x, n, lower, upper) => {
    expect(clopperPearson(x, n).lower).toBeCloseTo(lower, 9);
    expect(clopperPearson(x, n).upper).toBeCloseTo(upper, 9);
  });

  it('hold the share itself, are wider the surer they are, and mirror', () => {
    fc.assert(
      fc.property(counted, ({ x, n }) => {
        for (const of of [wilson, clopperPearson]) {
          const [narrow, wide, other] = [of(x, n, 0.8), of(x, n, 0.99), of(n - x, n, 0.99)];
          expect(narrow.lower).toBeLessThanOrEqual(x / n + 1e-12);
          expect(narrow.upper).toBeGreaterThanOrEqual(x / n - 1e-12);
          expect(wide.lower).toBeLessThanOrEqual(narrow.lower + 1e-12);
          expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper - 1e-12);
          expect(other.lower).toBeCloseTo(1 - wide.upper, 9);
        }
        expect(agrestiCoull(x, n).upper).toBeGreaterThanOrEqual(wilson(x, n).upper - 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('refuse what is no count', () => {
    for (const [x, n, c] of [
      [5, 4, 0.95],
      [1.5, 4, 0.95],
      [-1, 4, 0.95],
      [0, 0, 0.95],
      [1, 2, 1],
    ] as const)
      expect(() => wilson(x, n, c)).toThrow(RangeError);
  });
});

describe('two shares', () => {
  it.each([
    [56, 70, 48, 80, 0.0524314724, 0.333872654],
    [10, 50, 0, 50, 0.0870501382, 0.3303710593],
  ])('Newcombe, %i/%i against %i/%i', (x1, n1, x2, n2, lower, upper) => {
    const found = newcombe(x1, n1, x2, n2);
    expect(found.lower).toBeCloseTo(lower, 8);
    expect(found.upper).toBeCloseTo(upper, 8);
  });

  it.each([
    [3, 4, 1, 4, 0.4857142857],
    [8, 10, 1, 6, 0.03496503497],
    [5, 100, 1, 100, 0.2116478527],
    [10, 50, 0, 50, 0.001186839345],
    [0, 50, 0, 50, 1],
  ])('Fisher, %i/%i against %i/%i', (x1, n1, x2, n2, p) => expect(fisherExact(x1, n1, x2, n2)).toBeCloseTo(p, 9));

  it.each([
    [5, 1, 0.21875, 0.125],
    [12, 2, 0.01293945312, 0.007385253906],
    [6, 6, 1, 0.8872070312],
    [0, 0, 1, 1],
  ])('McNemar, %i worse and %i better', (worse, better, exact, midP) => {
    expect(mcnemar(worse, better).exact).toBeCloseTo(exact, 9);
    expect(mcnemar(worse, better).midP).toBeCloseTo(midP, 9);
    expect(mcnemar(better, worse)).toEqual(mcnemar(worse, better));
  });

  it.each([
    [0.05, 59],
    [0.01, 299],
    [0.001, 2995],
  ])('a rate below %d is shown by %i clean trials', (rate, n) => expect(zeroFailureTrials(rate)).toBe(n));
});

describe('cumulative sums', () => {
  it('rise with the samples, and alarm by number', () => {
    const { high, low, alarmsHigh } = cusum([0.2, -0.5, 1.1, 0.9, -0.2, 1.6, 1.2, 0.7, 2.1, 1.4, 0.3, 1.8], 0, 0.5, 4);
    expect(high.map((sum) => Math.round(sum * 10) / 10)).toEqual([
      0, 0, 0.6, 1, 0.3, 1.4, 2.1, 2.3, 3.9, 4.8, 4.6, 5.9,
    ]);
    expect(low.every((sum) => sum === 0)).toBe(true);
    expect(alarmsHigh).toEqual([10, 11, 12]);
  });

  it.each([
    [0.5, 4, 0, 168, 0],
    [0.5, 4, 1, 8.38, 2],
    [0.5, 5, 0, 465, 0],
    [0.5, 5, 1, 10.4, 1],
    [0.5, 4, 2, 3.34, 2],
    [0.5, 5, 2, 4.01, 2],
  ])('k %d, h %d, a shift of %d: %d samples to an alarm', (k, h, shift, samples, digits) =>
    expect(cusumRunLength(k, h, shift)).toBeCloseTo(samples, digits),
  );
});

describe('special functions', () => {
  it('agree with what is known of them', () => {
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    expect(lnGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(normalCdf(0)).toBe(0.5);
    expect(normalQuantile(0.975)).toBeCloseTo(1.9599639845400536, 12);
    expect(betaCdf(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.5, max: 200, noNaN: true }),
        fc.double({ min: 0.5, max: 200, noNaN: true }),
        (p, a, b) => {
          expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 8);
          expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
        },
      ),
      { numRuns: 100 },
    );
  });
});

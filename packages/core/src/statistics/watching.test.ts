import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anytimeInterval,
  bernoulliCusum,
  bernoulliLimit,
  bernoulliRunLength,
  binomialTail,
  cusumRunLength,
  eCusum,
  eDetector,
  jensenShannon,
  ks,
  ksOfCounts,
  logRatio,
  nullBand,
  psi,
  psiOfChance,
  robustZ,
  Sketch,
  smoothed,
  weights,
} from './index.ts';

const RATES = { p0: 0.02, p1: 0.1 };

describe('a Bernoulli CUSUM', () => {
  it('adds up outcome by outcome', () => {
    const outcomes = [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1];
    const sums = [
      0, 0, 0, 1.6094379, 1.5242801, 1.4391223, 1.3539645, 1.2688067, 2.8782446, 2.7930868, 4.4025247, 4.3173669,
      4.2322091, 5.841647, 7.4510849,
    ];
    let sum = 0;
    for (const [i, x] of outcomes.entries()) {
      sum = bernoulliCusum(sum, x, 1, RATES);
      expect(sum).toBeCloseTo(sums[i]!, 6);
    }
  });

  // Simulated, with standard errors; the run length has to lie within four of them.
  it.each([
    [0.02, 0.1, 3, 568.1, 10, 31.32, 0.18],
    [0.02, 0.1, 4, 1740, 33, 43.38, 0.23],
    [0.02, 0.1, 4.5, 3152, 58, 49.84, 0.25],
    [0.05, 0.2, 3, 375.4, 6.8, 19.48, 0.1],
    [0.05, 0.2, 4, 1024, 18, 26.24, 0.13],
    [0.01, 0.05, 3, 1116, 20, 63.16, 0.37],
    [0.01, 0.05, 4, 3384, 65, 87.04, 0.46],
    [0.02, 0.1, 6, 12_990, 670, 67.6, 0.62],
    [0.02, 0.1, 8, 106_800, 8_500, 91.25, 0.74],
  ])(
    'from %f to %f with h = %f runs as long as it does in simulations',
    (p0, p1, h, usual, usualError, moved, movedError) => {
      expect(Math.abs(bernoulliRunLength({ p0, p1 }, h, p0) - usual)).toBeLessThan(4 * usualError);
      expect(Math.abs(bernoulliRunLength({ p0, p1 }, h, p1) - moved)).toBeLessThan(4 * movedError);
    },
  );

  it('finds the limit for the false alarms one can live with, to within the step of one hit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.003, max: 0.1, noNaN: true }),
        fc.integer({ min: 200, max: 2_000_000 }),
        (p0, outcomes) => {
          const rates = { p0, p1: Math.max(5 * p0, p0 + 0.05) };
          const h = bernoulliLimit(rates, outcomes);
          expect(bernoulliRunLength(rates, h, p0)).toBeGreaterThan(0.97 * outcomes);
          const lower = h - weights(rates).hit;
          if (lower > 0.1) expect(bernoulliRunLength(rates, lower, p0)).toBeLessThan(1.05 * outcomes);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('does not alarm sooner for being given its outcomes in groups', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (outcomes) => {
        let one = 0;
        for (const hit of outcomes) one = bernoulliCusum(one, hit ? 1 : 0, 1, RATES);
        const hits = outcomes.filter(Boolean).length;
        expect(bernoulliCusum(0, hits, outcomes.length, RATES)).toBeLessThanOrEqual(one + 1e-9);
      }),
    );
  });

  it.each([
    [0, 0.1],
    [0.2, 0.1],
    [0.1, 1],
  ])('refuses rates %f and %f', (p0, p1) => {
    expect(() => bernoulliRunLength({ p0, p1 }, 3, 0.1)).toThrow(RangeError);
  });
});

describe('an e-detector', () => {
  it('follows both recursions', () => {
    const outcomes = [0, 0, 1, 0, 1, 1, 0, 1];
    const roberts = [0.918367347, 1.76176593, 13.8088297, 13.5999456, 72.999728, 369.99864, 340.713037, 1708.56518];
    const sums = [0.918367347, 0.918367347, 5, 4.59183673, 22.9591837, 114.795918, 105.424823, 527.124115];
    let m = Number.NEGATIVE_INFINITY;
    let c = Number.NEGATIVE_INFINITY;
    for (const [i, x] of outcomes.entries()) {
      m = eDetector(m, logRatio(x, 1, RATES));
      c = eCusum(c, logRatio(x, 1, RATES));
      expect(Math.exp(m) / roberts[i]!).toBeCloseTo(1, 6);
      expect(Math.exp(c) / sums[i]!).toBeCloseTo(1, 6);
    }
  });
});

describe('intervals and tails', () => {
  it.each([
    [0, 20, 0, 0.22400611],
    [0, 100, 0, 0.057028598],
    [5, 100, 0.0071494789, 0.15579444],
    [3, 50, 0.0043118402, 0.22684167],
    [20, 100, 0.091022331, 0.3516416],
    [50, 1_000, 0.028719917, 0.079239582],
  ])('%i of %i at every moment at once', (x, n, lower, upper) => {
    const found = anytimeInterval(x, n);
    expect(found.lower).toBeCloseTo(lower, 7);
    expect(found.upper).toBeCloseTo(upper, 7);
  });

  it.each([
    [5, 20, 0.04317449528],
    [9, 50, 0.05786720572],
    [12, 50, 0.003219921136],
    [16, 100, 0.03989052711],
    [10, 100, 0.5487098346],
  ])('%i of %i above a threshold that one in ten may pass', (x, n, p) => {
    expect(binomialTail(x, n, 0.1)).toBeCloseTo(p, 9);
  });

  it('has the run length of a tabular CUSUM', () => {
    expect(cusumRunLength(0.5, 5, 0)).toBeCloseTo(465.2, 0);
  });
});

describe('drift', () => {
  it('agrees with worked numbers', () => {
    expect(psi([0.5, 0.3, 0.2], [0.35, 0.4, 0.25])).toBeCloseTo(0.0934266264, 9);
    expect(jensenShannon([0.5, 0.3, 0.2], [0.35, 0.4, 0.25])).toBeCloseTo(0.1295201393, 9);
    const found = ks([12, 15, 14, 10, 18, 11, 13, 16, 17, 12], [22, 19, 14, 25, 21, 18, 24, 20, 13, 23]);
    expect(found.d).toBeCloseTo(0.7, 12);
    expect(found.p).toBeCloseTo(0.00689865, 7);
    const usual = [1.02, 0.98, 1.1, 0.95, 1.05, 1, 0.99, 1.08];
    expect(robustZ(1.2, usual)).toBeCloseTo(3.661521266, 8);
    expect(robustZ(1.5, usual)).toBeCloseTo(9.442870633, 8);
    expect(robustZ(1, [])).toBeNull();
    expect(psiOfChance(10, 100, 100)).toBeCloseTo(0.18);
    expect(() => psi([0, 1], [0.5, 0.5])).toThrow(RangeError);
    expect(() => ksOfCounts([], [1])).toThrow(RangeError);
  });

  it('lies within its band where nothing changed, and beyond where something did', () => {
    const block = (i: number, shift: number): number[] => [40 + (i % 5) - shift, 8 + (i % 3) + shift, 2 + (i % 2)];
    const blocks = Array.from({ length: 40 }, (_, i) => block(i, 0));
    const band = nullBand(blocks, 4);
    expect(band).toHaveLength(200);
    expect(nullBand(blocks, 4)).toEqual(band);
    const distance = (shift: number): number => {
      const sums = (of: number[][]) => [0, 1, 2].map((k) => of.reduce((sum, each) => sum + each[k]!, 0));
      return jensenShannon(smoothed(sums(blocks)), smoothed(sums([41, 42, 43, 44].map((i) => block(i, shift)))));
    };
    expect(distance(0)).toBeLessThan(band.at(-1)!);
    expect(distance(20)).toBeGreaterThan(band.at(-1)!);
    expect(() => nullBand(blocks, 40)).toThrow(RangeError);
  });
});

describe('a sketch', () => {
  it('has the bins of DDSketch', () => {
    for (const [x, index, value] of [
      [0.5, -34, 0.5015394534],
      [1, 0, 0.99],
      [7, 98, 7.028793022],
      [15, 136, 15.02988175],
      [1234.5, 356, 1224.376497],
    ] as const) {
      expect(Sketch.indexOf(x) + 0).toBe(index);
      expect(Sketch.valueOf(index)).toBeCloseTo(value, 5);
    }
  });

  const values = fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 });

  it('answers quantiles within 1 %, also merged and read back', () => {
    fc.assert(
      fc.property(values, values, fc.constantFrom(0, 0.5, 0.9, 0.99, 1), (a, b, q) => {
        const [one, other] = [new Sketch(), new Sketch()];
        for (const value of a) one.add(value);
        for (const value of b) other.add(value);
        one.merge(Sketch.fromText(other.toText()));
        const sorted = [...a, ...b].sort((x, y) => x - y);
        const exact = sorted[Math.floor(q * (sorted.length - 1))]!;
        expect(Math.abs(one.quantile(q)! - exact)).toBeLessThanOrEqual(0.0101 * exact);
      }),
    );
  });

  it('counts what is above a value to within 2 % of it', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (all, limit) => {
        const sketch = new Sketch();
        for (const value of all) sketch.add(value);
        const above = (of: number): number => all.filter((value) => value > of).length;
        expect(sketch.above(limit)).toBeLessThanOrEqual(above(limit));
        expect(sketch.above(limit)).toBeGreaterThanOrEqual(above(limit * 1.0203));
      }),
    );
  });

  it('stays small, keeps high quantiles, and counts what is not above 0 as 0', () => {
    const sketch = new Sketch();
    for (let i = -1_500; i < 1_500; i++) sketch.add(1.0203 ** i);
    for (const odd of [0, -5, Number.NaN]) sketch.add(odd);
    expect(sketch.toText().split(' ').length).toBeLessThanOrEqual(2_049);
    expect(sketch.count).toBe(3_002);
    expect(sketch.quantile(1)! / 1.0203 ** 1_499).toBeCloseTo(1, 1);
    expect(sketch.quantile(0)).toBe(0);
    expect(new Sketch().quantile(0.5)).toBeNull();
    expect(() => Sketch.fromText('x')).toThrow(RangeError);
  });
});

const FILE = new URL('../../../../../shared/research/method-vectors.json', import.meta.url);
it.skipIf(!existsSync(FILE))('agrees with the worked order statistics of a latency sample', () => {
  const { sample_seconds, nearest_rank_p90 } = JSON.parse(readFileSync(FILE, 'utf8')).statistics.latency_p90;
  const sketch = new Sketch();
  for (const value of sample_seconds) sketch.add(value);
  expect(Math.abs(sketch.quantile(0.9)! - nearest_rank_p90)).toBeLessThan(0.02 * nearest_rank_p90);
});

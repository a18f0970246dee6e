import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changePoint, chapman, hypergeometricLimits } from './index.ts';

describe('limits of a count from a sample without putting back', () => {
  it.each([
    [6, 50, 500, 60, 25, 118],
    [0, 60, 500, 0, 0, 28],
    [3, 40, 200, 15, 4, 38],
    [5, 5, 5, 5, 5, 5],
    [0, 0, 70, 0, 0, 70],
  ])('%i of %i, of %i in all: %d, between %i and %i', (affected, sample, population, point, lower, upper) => {
    expect(hypergeometricLimits({ affected, sample, population })).toEqual({ point, lower, upper });
  });

  it('always holds the sample and what is possible, and narrows with a larger sample', () => {
    const given = fc.integer({ min: 1, max: 400 }).chain((population) =>
      fc.integer({ min: 1, max: population }).chain((sample) =>
        fc.record({
          population: fc.constant(population),
          sample: fc.constant(sample),
          affected: fc.integer({ min: 0, max: sample }),
        }),
      ),
    );
    fc.assert(
      fc.property(given, (it) => {
        const { lower, upper, point } = hypergeometricLimits(it);
        expect(lower).toBeGreaterThanOrEqual(it.affected);
        expect(upper).toBeLessThanOrEqual(it.population - (it.sample - it.affected));
        expect(lower).toBeLessThanOrEqual(Math.ceil(point));
        expect(upper).toBeGreaterThanOrEqual(Math.floor(point));
        const all = hypergeometricLimits({
          ...it,
          sample: it.population,
          affected: Math.min(it.affected, it.population),
        });
        expect(all.upper - all.lower).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('covers the truth in at least 93 of 100 simulated samples', () => {
    let seed = 7;
    const next = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    let covered = 0;
    const rounds = 300;
    for (let round = 0; round < rounds; round++) {
      const marked = Math.floor(next() * 200);
      let left = marked;
      let affected = 0;
      for (let drawn = 0; drawn < 60; drawn++)
        if (next() < left / (400 - drawn)) {
          affected++;
          left--;
        }
      const { lower, upper } = hypergeometricLimits({ affected, sample: 60, population: 400 });
      if (lower <= marked && marked <= upper) covered++;
    }
    expect(covered / rounds).toBeGreaterThanOrEqual(0.93);
  });

  it('refuses what cannot be', () => {
    expect(() => hypergeometricLimits({ affected: 3, sample: 2, population: 10 })).toThrow(RangeError);
    expect(() => chapman(10, 10, 11)).toThrow(RangeError);
  });

  it('estimates from two lists as published', () => {
    const { estimate, standardError } = chapman(120, 90, 30);
    expect(estimate).toBeCloseTo(354.1935484, 6);
    expect(standardError).toBeCloseTo(43.9717326, 6);
  });
});

describe('where a rate went up', () => {
  const tallies = (bad: readonly number[]) => bad.map((count) => ({ bad: count, all: 10 }));
  it.each([
    ['a clear step', [0, 0, 0, 0, 1, 0, 4, 5, 4, 6], 6],
    ['one rate all along', [1, 0, 1, 2, 0, 1, 1, 0, 2, 1], null],
    ['a fall is no rise', [6, 5, 6, 5, 0, 0, 0, 0], null],
    ['nothing at all', [], null],
  ])('%s', (_name, bad, index) => {
    expect(changePoint(tallies(bad))?.index ?? null).toBe(index);
  });
  it('says the rates on both sides', () => {
    expect(changePoint(tallies([0, 0, 0, 5, 5, 5]))).toMatchObject({
      before: { bad: 0, all: 30 },
      after: { bad: 15, all: 30 },
    });
  });
});

import { compilePattern, compilePatterns } from '@firebreak/core/respond/containment';
import { describe, expect, it } from 'vitest';
import { patternVectors } from './patterns.ts';

describe('the pattern engine of TypeScript', () => {
  it.each(patternVectors.finds.map((each) => [each.pattern, each] as const))('finds with %s', (pattern, vector) => {
    const one = compilePattern(pattern);
    const several = compilePatterns(['never-there', pattern, '(?i)nor-this']);
    if ('fault' in one || 'fault' in several) throw new Error(`${pattern} was refused`);
    for (const test of [one, several]) {
      expect(vector.found.filter((text) => !test.test(text))).toEqual([]);
      expect(vector['not-found'].filter((text) => test.test(text))).toEqual([]);
    }
  });

  it.each(patternVectors.catastrophic)('becomes a complete automaton, one look-up per character: %s', (pattern) => {
    const compiled = compilePattern(pattern);
    expect('fault' in compiled ? compiled : compiled.states).toBeLessThan(2_000);
  });

  it.each(patternVectors.refused.map(({ pattern, why }) => [pattern, why]))('refuses %s', (pattern, why) => {
    expect(compilePattern(pattern)).toEqual({ fault: why });
  });
});

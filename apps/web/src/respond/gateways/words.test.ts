import { describe, expect, it } from 'vitest';
import { clientWords, healthWords, recordWords, sourceWords } from './words.ts';

describe('the words of a gateway', () => {
  it.each([
    ['well', 0, 0, 'well'],
    ['well', 0, 2, 'well, 2 failed just now'],
    ['out', 9_001, 3, 'left out for 10 s'],
    ['out', 0, 3, 'left out for 1 s'],
    ['half-open', 0, 3, 'asked once to find out'],
  ] as const)('an upstream that is %s (%i ms, %i failures) is %s', (state, outForMs, failures, words) => {
    expect(healthWords({ state, outForMs, failures })).toBe(words);
  });
  it('say who may use a route, and what is kept', () => {
    expect([clientWords('open'), clientWords('known')].join()).not.toContain('undefined');
    expect([recordWords('nothing'), sourceWords('environment'), sourceWords('/etc/gateway.json')]).toEqual([
      'not recorded',
      'set up by the environment',
      'set up by /etc/gateway.json',
    ]);
  });
});

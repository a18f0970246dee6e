import { describe, expect, it } from 'vitest';
import { stagesOf, stageWords, WAYS } from './stages.ts';

describe('stages written down', () => {
  it.each<[string, ReturnType<typeof stagesOf>]>([
    ['', []],
    [
      '10 % 30 min\n\n50% for 2 h',
      [
        { percent: 10, minutes: 30 },
        { percent: 50, minutes: 120 },
      ],
    ],
    ['nl, BE 2 h', [{ percent: 0, countries: ['NL', 'BE'], minutes: 120 }]],
    ['25 % NL 10 min', [{ percent: 25, countries: ['NL'], minutes: 10 }]],
    ['half of them', null],
    ['10 %', null],
  ])('%j', (text, stages) => expect(stagesOf(text)).toEqual(stages));

  it('are said as they are meant', () => {
    expect(stageWords({ percent: 25, countries: ['NL'], minutes: 120 })).toBe('NL and 25 % for 2 h');
    expect(stageWords({ percent: 10, minutes: 30 })).toBe('10 % for 30 min');
    for (const { text } of WAYS) expect(stagesOf(text)).not.toBeNull();
  });
});

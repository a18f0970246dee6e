import { expect, it } from 'vitest';
import { countsOf, scoreLines, shareOf, timeOf } from './words.ts';

it('says a share with its limits, and nothing where nothing can be counted', () => {
  const rate = { x: 14, n: 21, share: 14 / 21, interval: { lower: 0.4537, upper: 0.8281 } };
  expect([shareOf(rate), countsOf(rate)]).toEqual(['67 %', '14 of 21 · between 45 % and 83 %']);
  expect([shareOf({ x: 0, n: 0, share: null, interval: null }), timeOf(null)]).toEqual(['–', '–']);
  expect(shareOf({ x: 1, n: 50, share: 0.02, interval: null })).toBe('2.0 %');
});

it('puts the interval of a score beside it', () =>
  expect(scoreLines({ recall: 0.66666, recall_interval: '2 of 3 [0.208, 0.939]', worst_provider: 'x' })).toEqual([
    { name: 'recall', value: '0.667', interval: '2 of 3 [0.208, 0.939]' },
    { name: 'worst provider', value: 'x', interval: null },
  ]));

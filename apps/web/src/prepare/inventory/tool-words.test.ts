import { expect, it } from 'vitest';
import { rateIn, sayManifest, sayRate } from './tool-words.ts';

it('says what a tool is held against', () => {
  expect(sayManifest(undefined)).toBe('');
  expect(sayManifest({ effect: 'pays', reads: 'private', limits: [{ argument: 'amount', most: 50, among: [] }] })).toBe(
    'moves money, hands it private data, amount at most 50',
  );
});

it('reads how often a tool may be called, and says what it cannot read', () => {
  expect(rateIn('10 in 60 seconds')).toEqual({ calls: 10, seconds: 60 });
  expect(rateIn('100 calls per hour')).toEqual({ calls: 100, seconds: 3_600 });
  expect(rateIn('5  in 2 Minutes')).toEqual({ calls: 5, seconds: 120 });
  expect(rateIn(sayRate({ calls: 7, seconds: 30 }))).toEqual({ calls: 7, seconds: 30 });
  expect(rateIn(' ')).toBeUndefined();
  for (const said of ['often', '0 in 60 seconds', '10 in 0 seconds', '1 per 25 hours', '10 in 60'])
    expect(rateIn(said)).toBeNull();
});

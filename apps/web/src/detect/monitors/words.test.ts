import { expect, it } from 'vitest';
import { pairsIn, sayPairs, sayWords, standingOf, wordsIn } from './words.ts';

it('reads words and pairs as people type them, and says them back', () => {
  expect(wordsIn(' Northwind, North Wind,,\nNW ')).toEqual(['Northwind', 'North Wind', 'NW']);
  const pairs = pairsIn('refund, policy, 8\nlonely\nfee, rule\n a, b, 999');
  expect(pairs.map(({ within }) => within)).toEqual([8, 10, 50]);
  expect(pairsIn(sayPairs(pairs))).toEqual(pairs);
  const none = { brand: [], must: [], any: [], not: [], near: [] };
  expect(sayWords(none)).toBe('everything it shows');
  expect(sayWords({ ...none, brand: ['A', 'B'], not: ['jobs'], near: [{ one: 'x', other: 'y', within: 3 }] })).toBe(
    'A or B; x within 3 words of y; without jobs',
  );
});

it('tells silence from failing from pause', () => {
  const well = { paused: null, silent: null, fault: null, lookedAt: '2026-11-20T10:00:00.000Z' as never };
  expect(standingOf(well).word).toBe('listening');
  expect(standingOf({ ...well, lookedAt: null }).word).toBe('not looked yet');
  expect(standingOf({ ...well, fault: 'x' }).word).toBe('failing');
  expect(standingOf({ ...well, fault: 'x', silent: { at: well.lookedAt, why: 'x' } }).word).toBe('silent');
  expect(standingOf({ ...well, paused: 'x', fault: 'x' }).word).toBe('paused');
});

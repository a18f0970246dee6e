import { expect, it } from 'vitest';
import { sayDay, sayPrecision, standingOf } from './words.ts';

const day = { asked: 0, flagged: 0, clean: 0, none: 0, notAsked: 0, meanMs: null };

it('tells silence from rest from work', () => {
  const silent = { at: '2026-11-20T10:00:00.000Z' as never, why: 'x' };
  expect(standingOf({ paused: 'x', silent, lastDay: day }).word).toBe('paused');
  expect(standingOf({ paused: null, silent, lastDay: day }).word).toBe('silent');
  expect(standingOf({ paused: null, silent: null, lastDay: day }).word).toBe('nothing asked yet');
  expect(standingOf({ paused: null, silent: null, lastDay: { ...day, asked: 3 } }).word).toBe('answering');
});

it('says what was flagged, what nobody has an opinion on, and what was never asked', () => {
  expect(sayDay(day, 0)).toBe('asked nothing in 24 hours');
  expect(sayDay({ asked: 40, flagged: 2, clean: 35, none: 3, notAsked: 9, meanMs: 81.6 }, 5)).toBe(
    '2 of 40 flagged in 24 hours · no opinion on 3 · 9 not asked: too many at once, or the day’s questions were used up · 5 waiting · 82 ms a request',
  );
});

it('says how often it was right, and that nobody knows where nobody looked', () => {
  expect(sayPrecision({ judged: 0, right: 0, rate: null, enough: false })).toContain('nobody knows');
  expect(
    sayPrecision({ judged: 20, right: 19, rate: { value: 0.95, lower: 0.764, upper: 0.991 }, enough: false }),
  ).toBe('19 of 20 judged flags were right: 95\u00a0% [76\u00a0%, 99\u00a0%].');
});

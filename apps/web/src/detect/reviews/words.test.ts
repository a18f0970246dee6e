import { expect, it } from 'vitest';
import { figuresLine, saysOf } from './words.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const none = { waiting: 0, overdue: 0, oldestAt: null, decided: 0, inTime: 0, medianMinutes: null, systems: [] };

it('says how much waits, how long, and how the promise was kept', () => {
  expect(figuresLine(none, NOW)).toBe('Nothing waits, and nothing was decided in the last 30 days.');
  const oldestAt = '2026-11-20T10:00:00.000Z' as never;
  expect(
    figuresLine({ ...none, waiting: 2, overdue: 1, oldestAt, decided: 4, inTime: 3, medianMinutes: 90 }, NOW),
  ).toBe(
    '2 wait, the oldest for 2 h. 1 is past the promised time. In 30 days 3 of 4 were decided in time, half of them within 1 h 30 min.',
  );
});

it('says so where somebody said nothing', () => {
  expect(saysOf({ kind: 'thumbs-down', text: null })).toBe('A thumb down, without a word');
  expect(saysOf({ kind: 'thumbs-down', text: 'No' })).toBe('No');
});

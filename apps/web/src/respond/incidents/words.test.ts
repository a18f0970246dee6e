import { describe, expect, it } from 'vitest';
import { deadlineWords } from './words.ts';

const NOW = Date.parse('2026-11-20T10:30:00.000Z');
const step = (text: string, dueAt: string) => ({ step: 's', text, owner: null, dueAt: dueAt as never });

describe('the deadlines of an incident', () => {
  it('say what is late, how many, and what comes next', () => {
    const latest = step('Take command', '2026-11-20T10:10:00.000Z');
    const next = step('Tell the users', '2026-11-20T10:50:00.000Z');
    expect(deadlineWords({ late: 1, latest, next }, NOW)).toEqual({
      late: 'late since 20 min: Take command',
      next: 'next in 20 min: Tell the users',
    });
    expect(deadlineWords({ late: 3, latest, next: null }, NOW)).toEqual({
      late: '3 steps late, first: Take command',
      next: null,
    });
  });
  it('say nothing where nothing is open', () =>
    expect(deadlineWords({ late: 0, latest: null, next: null }, NOW)).toEqual({ late: null, next: null }));
});

import { describe, expect, it } from 'vitest';
import { endOfDay, monthWord } from './words.ts';

describe('words of policies', () => {
  it.each([
    ['2026-11', 'Nov'],
    ['2027-01', 'Jan 27'],
  ])('says %s as %s', (month, word) => expect(monthWord(month)).toBe(word));

  it('ends a day at its last second, where the reader is', () => {
    const end = new Date(endOfDay('2026-12-01')!);
    expect([end.getDate(), end.getHours(), end.getMinutes()]).toEqual([1, 23, 59]);
    expect(endOfDay('')).toBeNull();
    expect(endOfDay('soon')).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { measured, whoWord } from './words.ts';

it('says what was seen beside what is usual, and no limit as if it were usual', () => {
  expect(measured({ seen: 80, usual: 4.25, chance: 1 / 20_000 })).toBe(
    '80 in the hour, 4.3 usual; by chance in one of 20,000 hours',
  );
  expect(measured({ seen: 800, usual: 4, chance: 0 })).toContain('never by chance');
  expect(measured({ seen: 20, usual: 20, chance: null })).toBe('20; told from 20 on');
  expect(measured({ seen: 1, usual: 0, chance: null })).toBeNull();
  expect(whoWord({ of: 'session', who: 's-1' })).toBe('Session s-1');
  expect(whoWord({ of: 'sign-in', who: null })).toBe('Sign-ins of one');
});

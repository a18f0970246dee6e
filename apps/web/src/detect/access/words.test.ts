import { expect, it } from 'vitest';
import { measured, spendersWord, whoWord } from './words.ts';

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

it('says who spent most, without what may be of others', () => {
  const spender = (who: string | null, tokens: number, over = 0) => ({
    who,
    tokens,
    over,
    interaction: 'int_1' as const,
  });
  expect(spendersWord({ spent: 1_000, spenders: [spender('u-7', 500, 100), spender(null, 250)] })).toBe(
    '1,000 tokens, most by u-7 40 %, somebody 25 %',
  );
  expect(spendersWord({ spent: 0, spenders: [] })).toBeNull();
});

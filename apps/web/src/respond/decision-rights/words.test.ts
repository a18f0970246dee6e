import { SHIPPED } from '@firebreak/core/respond/decision-rights';
import { expect, it } from 'vitest';
import { isSame, ruleWords } from './words.ts';

it('says what a rule asks of a pull', () => {
  expect(ruleWords(SHIPPED.narrow)).toEqual([]);
  expect(ruleWords({ ...SHIPPED.wide, second: { when: 'after', minutes: 20 }, freshMinutes: 10 })).toEqual([
    'goes at once; a second person adopts it within 20 min',
    'the system’s key is typed',
    'password given within 10 min, to pull and to let go',
  ]);
});

it('knows a rule that was changed from one that only lists the same roles in another order', () => {
  const who = (...roles: ('lead' | 'administrator')[]) => ({
    ...SHIPPED.narrow,
    who: { ...SHIPPED.narrow.who, pull: { roles, seats: [] } },
  });
  expect(isSame(who('lead', 'administrator'), who('administrator', 'lead'))).toBe(true);
  expect(isSame(who('lead'), who('administrator'))).toBe(false);
  expect(isSame(SHIPPED.narrow, SHIPPED.wide)).toBe(false);
});

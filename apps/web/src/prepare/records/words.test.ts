import { TAKEN_OUT } from '@firebreak/core/prepare/records';
import { expect, it } from 'vitest';
import { sayDays, sayTakenOut, TAKEN_OUT_WORDS } from './words.ts';

it('has words for everything that can be taken out, and for how long', () => {
  expect(Object.keys(TAKEN_OUT_WORDS).sort()).toEqual([...TAKEN_OUT].sort());
  expect(sayTakenOut([])).toBe('nothing');
  expect(sayTakenOut(['secret', 'CREDIT_CARD'])).toBe('keys, tokens and passwords, card numbers');
  expect([sayDays(null, 30), sayDays(1, 30), sayDays(90, 30)]).toEqual(['30 days, as everywhere', '1 day', '90 days']);
});

import { expect, it } from 'vitest';
import { amountIn, sayBudget } from './budget-words.ts';

it.each([
  ['12000', 12_000],
  ['12,000', 12_000],
  ['1 200 000', 1_200_000],
  ['0.5', 0.5],
  ['1,5', null],
  ['-3', null],
  ['many', null],
  ['', null],
  ['0', null],
])('reads %s', (text, wants) => {
  expect(amountIn(text)).toBe(wants);
});

it('says both bounds, and what they are counted in', () => {
  expect(sayBudget({ measure: 'tokens', soft: 20_000, hard: null })).toBe('worth a look above 20,000');
  const price = { input: 2, output: 10, currency: 'EUR' };
  expect(sayBudget({ measure: 'spend', soft: 0.5, hard: 3, price })).toBe(
    'worth a look above 0.5 EUR, must not pass 3 EUR, a million tokens cost 2 read, 10 written',
  );
});

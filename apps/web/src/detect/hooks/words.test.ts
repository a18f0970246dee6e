import { PRODUCTS } from '@firebreak/core/prepare/sources';
import { expect, it } from 'vitest';
import { heardLine, PRODUCT_WORDS, WIRING } from './words.ts';

it('says what was heard, and how each product is wired', () => {
  expect(heardLine({ accepted: 0, ignored: 0, refused: 0 })).toBe('nothing yet');
  expect(heardLine({ accepted: 12, ignored: 0, refused: 3 })).toBe('12 taken, 3 refused');
  for (const product of PRODUCTS)
    expect([PRODUCT_WORDS[product], WIRING[product]].every((text) => text.length > 5)).toBe(true);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantities } from './quantities.ts';

const read = (text: string) =>
  quantities(text).map(({ kind, value, of }) => `${kind} ${value}${of ? ` of ${of}` : ''}`);

describe('figures of a text', () => {
  it.each([
    ['two weeks, 14 days or a fortnight', ['duration 14 d', 'duration 14 d']],
    ['$1,299.00, 1.299,00 € or 20 dollars', ['money 1299 usd', 'money 1299 eur', 'money 20 usd']],
    ['On March 5, 2026 and on 5 May', ['date 3-5-2026', 'count 2026 of and', 'date 5-5']],
    [
      'one device, 3–5 business days, 10 per cent',
      ['count 1 of devic', 'duration 3 working d', 'duration 5 working d', 'percent 10'],
    ],
    ['Order #4711 of 123456 in 24/7', []],
    // Names of what every object has are words like any other.
    ['It has 30 constructors and 2 toString calls', ['count 30 of constructor', 'count 2 of tostr']],
  ])('of “%s”', (text, found) => expect(read(text)).toEqual(found));

  it('reads anything, and what it quotes stands in the text', () => {
    const unit = fc.constantFrom(
      '1',
      '23',
      ',',
      '.',
      ' ',
      '$',
      '%',
      "n't",
      'İ',
      '’',
      'one',
      'days',
      'May',
      '-',
      '\u00a0',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        for (const quantity of quantities(text)) expect(text).toContain(quantity.text);
      }),
    );
  });
});

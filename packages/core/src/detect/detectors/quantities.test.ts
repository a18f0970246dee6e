import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followsFrom, quantities } from './quantities.ts';

const read = (text: string) =>
  quantities(text).map(({ kind, value, of }) => `${kind} ${value}${of ? ` of ${of}` : ''}`);

describe('figures of a text', () => {
  it.each([
    ['two weeks, 14 days or a fortnight', ['duration 14 d', 'duration 14 d']],
    ['$1,299.00, 1.299,00 € or 20 dollars', ['money 1299 usd', 'money 1299 eur', 'money 20 usd']],
    ['On March 5, 2026 and on 5 May', ['date 3-5-2026', 'number 2026', 'date 5-5']],
    [
      'one device, 3–5 business days, 10 per cent',
      ['count 1 of devic', 'duration 3 working d', 'duration 5 working d', 'percent 10'],
    ],
    ['Order #4711 of 123456 in 24/7', []],
    [
      'Open 9 am to 5:30 p.m., um 18 Uhr, 24:00 or 9:75',
      ['time 09:00', 'time 17:30', 'time 18:00', 'time 24:00', 'number 9', 'number 75'],
    ],
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

describe('what follows from the figures of a person and of a source', () => {
  it.each<[string, string, string, boolean]>([
    ['$36', '3 tickets', 'A ticket costs $12.', true],
    ['$48', '3 tickets', 'A ticket costs $12.', false],
    ['17 May', '3 May', 'within 14 days', true],
    ['20 May', '3 May', 'within 14 days', false],
    ['2 January', '30 December 2026', 'within 3 days', true],
    ['9 days', '3 weeks ago', 'within 30 days', true],
    ['€15', 'my cart is €35', 'above €50', true],
    ['60 euros', 'for 4 days', '15 euros a day', true],
    ['800 euros', 'it costs 1,000 euros', 'we pay 80 %', true],
    ['two devices', 'I have 7 devices', 'up to five devices', true],
    ['one device', 'I have 6 devices', 'up to five devices', false],
    ['7 devices', 'I have 7 devices', 'one subscription', false],
    ['anything', 'I have 7 devices', 'one subscription', false],
  ])('%s of “%s” and “%s”: %s', (claimed, asked, source, follows) => {
    expect(quantities(claimed).some((q) => followsFrom(q, quantities(asked), quantities(source)))).toBe(follows);
  });
});

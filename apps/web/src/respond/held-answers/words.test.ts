import { describe, expect, it } from 'vitest';
import { argumentRows } from './words.ts';

describe('the arguments of a call', () => {
  it.each([
    [null, []],
    [
      '{"amount":40,"to":"Ana","lines":[1]}',
      [
        ['amount', '40'],
        ['to', 'Ana'],
        ['lines', '[1]'],
      ],
    ],
    ['[1,2]', [['', '[1,2]']]],
    ['{torn', [['', '{torn']]],
  ])('%s', (text, rows) => expect(argumentRows(text)).toEqual(rows));
});

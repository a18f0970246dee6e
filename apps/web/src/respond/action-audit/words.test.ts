import { describe, expect, it } from 'vitest';
import { sayUndo } from './words.ts';

describe('the undo of a call', () => {
  it.each([
    [null, undefined],
    [{ tool: 'cancel', arguments: { id: 'r1', n: 2 }, missing: [], instruction: '' }, 'Call cancel with id "r1", n 2.'],
    [{ tool: null, arguments: {}, missing: [], instruction: 'Phone the bank.' }, 'Phone the bank.'],
    [{ tool: 'cancel', arguments: {}, missing: ['id'], instruction: '' }, 'Call cancel. Not on record: id.'],
    [{ tool: null, arguments: {}, missing: [], instruction: '' }, undefined],
  ])('%#', (undo, wants) => expect(sayUndo({ undo })).toBe(wants));
});

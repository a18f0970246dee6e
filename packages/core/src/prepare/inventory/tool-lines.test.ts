import { expect, it } from 'vitest';
import { limitIn, limitsIn, sayLimits, sayUndoLine, undoIn } from './tool-lines.ts';

it('reads limits as people type them, and says them back', () => {
  const limits = limitsIn('amount 50\ncurrency: EUR, USD\nlonely\n to.account   own ');
  expect(limits).toEqual([
    { argument: 'amount', most: 50, among: [] },
    { argument: 'currency', most: null, among: ['EUR', 'USD'] },
    { argument: 'to.account', most: null, among: ['own'] },
  ]);
  expect(limitsIn(sayLimits(limits))).toEqual(limits);
});

it('reads every kind of bound, and how a call is undone', () => {
  const limits = limitsIn('amount 1..50\nnote 200 characters\norder /^ORD-\\d+$/');
  expect(limits).toEqual([
    { argument: 'amount', most: 50, among: [], least: 1 },
    { argument: 'note', most: null, among: [], longest: 200 },
    { argument: 'order', most: null, among: [], pattern: '^ORD-\\d+$' },
  ]);
  expect(limitsIn(sayLimits(limits))).toEqual(limits);
  const undo = undoIn('cancel_refund id=result.id why==hijacked', ' Tell them. ');
  expect(undo).toEqual({
    tool: 'cancel_refund',
    arguments: { id: 'result.id', why: '=hijacked' },
    instruction: 'Tell them.',
  });
  expect(undoIn(sayUndoLine(undo), 'Tell them.')).toEqual(undo);
  // As the guide writes it: what is said word for word may have several.
  const said = undoIn('cancel_refund id=result.id order=arguments.order why==agent was hijacked', '');
  expect(said?.arguments).toEqual({ id: 'result.id', order: 'arguments.order', why: '=agent was hijacked' });
  expect(undoIn(sayUndoLine(said), '')).toEqual(said);
  expect(undoIn(' ', '')).toBeUndefined();
});

it('says every bound so that reading it back gives the same', () => {
  const limits = [
    { argument: 'amount', most: null, among: [], least: 5 },
    { argument: 'below', most: null, among: [], least: -2.5 },
    { argument: 'size', most: null, among: ['10'] },
    { argument: 'list', most: null, among: ['1..2', 'a, b', ' c '] },
    { argument: 'kept', most: null, among: ['/x/'] },
  ];
  expect(sayLimits(limits)).toBe('amount 5..\nbelow -2.5..\nsize "10"\nlist "1..2", "a, b", " c "\nkept "/x/"');
  expect(limitsIn(sayLimits(limits))).toEqual(limits);
});

it('knows a line that says no limit', () => {
  expect(limitIn('amount')).toBeNull();
  expect(limitIn('')).toBeNull();
  expect(limitIn('amount 1 to 5')).toEqual({ argument: 'amount', most: 5, among: [], least: 1 });
});

import { expect, it } from 'vitest';
import { limitsIn, rateIn, sayLimits, sayManifest, sayRate, sayUndoLine, undoIn } from './tool-words.ts';

it('reads limits as people type them, and says them back', () => {
  const limits = limitsIn('amount 50\ncurrency: EUR, USD\nlonely\n to.account   own ');
  expect(limits).toEqual([
    { argument: 'amount', most: 50, among: [] },
    { argument: 'currency', most: null, among: ['EUR', 'USD'] },
    { argument: 'to.account', most: null, among: ['own'] },
  ]);
  expect(limitsIn(sayLimits(limits))).toEqual(limits);
});

it('says what a tool is held against', () => {
  expect(sayManifest(undefined)).toBe('');
  expect(sayManifest({ effect: 'pays', reads: 'private', limits: [{ argument: 'amount', most: 50, among: [] }] })).toBe(
    'moves money, hands it private data, amount at most 50',
  );
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

it('reads how often a tool may be called, and says what it cannot read', () => {
  expect(rateIn('10 in 60 seconds')).toEqual({ calls: 10, seconds: 60 });
  expect(rateIn('100 calls per hour')).toEqual({ calls: 100, seconds: 3_600 });
  expect(rateIn('5  in 2 Minutes')).toEqual({ calls: 5, seconds: 120 });
  expect(rateIn(sayRate({ calls: 7, seconds: 30 }))).toEqual({ calls: 7, seconds: 30 });
  expect(rateIn(' ')).toBeUndefined();
  for (const said of ['often', '0 in 60 seconds', '10 in 0 seconds', '1 per 25 hours', '10 in 60'])
    expect(rateIn(said)).toBeNull();
});

import { describe, expect, it } from 'vitest';
import { addMs, instant, type Recorded } from '../../kernel/index.ts';
import {
  beginTest,
  endTest,
  foldTest,
  type Hearing,
  isComplete,
  isDue,
  outcomeOf,
  readinessOf,
  type TestBegun,
  timesToEffect,
} from './index.ts';

const at = instant('2026-11-20T03:30:00.000Z');
const by = { kind: 'person', id: 'usr_1' } as const;
const DAY = 86_400_000;
const WANT: TestBegun = {
  test: 'tst_1',
  hold: 'hld_1',
  control: 'ctl_1',
  system: 'bot',
  what: { kind: 'disable' },
  surfaces: [],
  why: 'asked',
};
const heard = (more: Partial<Hearing> = {}): Hearing => ({
  instance: 'bot-1',
  host: 'rack-1',
  surface: 'guard',
  acknowledged: true,
  ackMs: 12,
  unsupported: false,
  checks: true,
  checked: 'effective',
  checkedMs: 15,
  says: '',
  ...more,
});
const add = (past: readonly Recorded[], said: unknown): Recorded[] => [
  ...past,
  ...(said as object[]).map((fact, n) => ({ ...fact, at, by, seq: past.length + n + 1 }) as Recorded),
];

describe('a test of a control', () => {
  it('begins once, alone on its system, and ends once', () => {
    expect(beginTest(null, WANT, true, { at, by })).toMatchObject({ refused: 'control-test.running' });
    let facts = add([], beginTest(null, WANT, false, { at, by }));
    expect(beginTest(foldTest(facts), WANT, false, { at, by })).toEqual([]);
    facts = add(facts, endTest(foldTest(facts), outcomeOf([heard()]), { at, by }));
    expect(foldTest(facts)).toMatchObject({ order: 1, ended: { outcome: 'passed', effectMs: 15 } });
    expect(endTest(foldTest(facts), outcomeOf([]), { at, by })).toEqual([]);
  });

  it.each<[string, readonly Partial<Hearing>[], string, number, number | null, readonly string[]]>([
    ['nobody lives', [], 'nobody', 0, null, []],
    ['one passes', [{}], 'passed', 1, 15, ['passed']],
    ['the slower counts', [{}, { instance: 'b', checkedMs: 80 }], 'passed', 2, 80, ['passed', 'passed']],
    ['one is silent', [{}, { acknowledged: false, checked: null, ackMs: null }], 'failed', 2, 15, ['late', 'passed']],
    ['one obeys and does not say', [{ checked: null }], 'failed', 1, null, ['late']],
    ['one lets it through', [{ checked: 'not-effective' }, {}], 'failed', 2, 15, ['not-effective', 'passed']],
    ['one stops too much', [{ checked: 'too-wide' }], 'failed', 1, null, ['too-wide']],
    ['one breaks', [{ checked: 'fault', says: 'no memory' }], 'failed', 1, null, ['fault']],
    ['one is old', [{ unsupported: true, acknowledged: false }, {}], 'passed', 1, 15, ['cannot', 'passed']],
    ['all are old', [{ checks: false, checked: null }], 'nobody', 0, null, ['cannot']],
  ])('%s', (_, list, outcome, tested, effectMs, outcomes) => {
    const ended = outcomeOf(list.map(heard));
    expect(ended).toMatchObject({ outcome, tested, effectMs });
    expect(ended.instances.map((each) => each.outcome)).toEqual(outcomes);
  });

  it('is complete once everybody who can has said it', () => {
    expect(isComplete([])).toBe(true);
    expect(isComplete([heard(), heard({ checked: null })])).toBe(false);
    expect(isComplete([heard({ acknowledged: false })])).toBe(false);
    expect(isComplete([heard({ unsupported: true, acknowledged: false, checked: null })])).toBe(true);
    expect(isComplete([heard({ checks: false, acknowledged: false, checked: null })])).toBe(true);
  });
});

describe('whether a control is ready', () => {
  const ago = (days: number) => addMs(at, -days * DAY);
  const failed = (days: number) => ({
    at: ago(days),
    outcome: 'failed' as const,
    says: '1 of 2 instances did not pass.',
  });
  const passed = (days: number) => ({ at: ago(days), outcome: 'passed' as const, says: '' });
  it.each([
    ['never', null, null, null, 'never-tested'],
    ['tested lately', passed(3), null, ago(3), 'ready'],
    ['pulled lately', null, ago(3), null, 'ready'],
    ['tested long ago', passed(32), null, ago(32), 'stale'],
    ['on the last day', passed(30), null, ago(30), 'ready'],
    ['failed', failed(1), null, ago(20), 'failed'],
    ['failed, then pulled with success', failed(5), ago(1), null, 'ready'],
    ['failed and never worked', failed(1), null, null, 'failed'],
  ] as const)('%s', (_, last, confirmedAt, passedAt, wanted) => {
    expect(readinessOf({ plan: { everyDays: 30 }, last, confirmedAt, passedAt }, at).state).toBe(wanted);
  });

  it.each([
    ['never, in its hour', 3, null, 400, true],
    ['never, declared an hour ago, outside its hour', 9, null, 0.04, false],
    ['never, late by more than a day', 9, null, 400, true],
    ['a week ago', 3, 7, 400, false],
    ['30 days ago, in its hour', 3, 30, 400, true],
    ['30 days ago, outside its hour', 4, 30.5, 400, false],
    ['32 days ago, at any hour', 4, 32, 400, true],
  ] as const)('%s', (_, quietHour, last, declared, wanted) => {
    const plan = { everyDays: 30, quietHour, surfaces: [] };
    expect(isDue(plan, last === null ? null : ago(last), ago(declared), at)).toBe(wanted);
  });

  it('is told with median and worst', () => {
    expect(timesToEffect([])).toBeNull();
    expect(timesToEffect([30, 10, 20])).toEqual({ medianMs: 20, worstMs: 30, tests: 3 });
    expect(timesToEffect([30, 10])).toEqual({ medianMs: 20, worstMs: 30, tests: 2 });
  });
});

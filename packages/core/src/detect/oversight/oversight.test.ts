import { describe, expect, it } from 'vitest';
import { addMs, instant, type Recorded } from '../../kernel/index.ts';
import type { Interaction } from '../signals/index.ts';
import { isApproved } from './agreement.ts';
import {
  agree,
  breachesOf,
  foldAgreement,
  foldNotice,
  lookAtGuarded,
  NO_TERMS,
  NOTHING_GUARDED,
  type Notice,
  REVIEW_DRILL,
  recordNotice,
  reviewOf,
  settleNotice,
  suppliedOtherwise,
  tellingOf,
} from './index.ts';

const NOW = instant('2026-11-20T10:00:00Z');
const days = (n: number) => addMs(NOW, n * 86_400_000);
const asked = (model: string | null, part: Partial<Interaction> = {}) =>
  ({
    versions: { model, modelAsked: null, prompt: null, index: null, tools: null },
    output: 'x',
    error: null,
    verdict: null,
    ...part,
  }) as Interaction;
const recorded = (decided: unknown): Recorded[] =>
  (decided as object[]).map((fact) => ({
    ...fact,
    seq: 1,
    stream: 's',
    version: 1,
    at: NOW,
    by: { kind: 'person', id: 'usr_1' },
  })) as Recorded[];

describe('what was agreed', () => {
  it.each([
    ['m-4', ['m-4'], true],
    ['m-4-2026-11-02', ['m-4'], true],
    ['m-4-2026-11', ['m-4'], true],
    ['m-4-20261102', ['m-4'], true],
    ['m-4-mini', ['m-4'], false],
    ['m-4-mini', ['m-4*'], true],
    ['m-40', ['m-4'], false],
    ['m-4', [], false],
  ])('%s against %j: %s', (model, approved, is) => {
    expect(isApproved(model, approved)).toBe(is);
  });

  it('is broken by another model, and by content that is missing', () => {
    expect(breachesOf(asked('m-5'), NO_TERMS, [])).toEqual([]);
    expect(breachesOf(asked('m-5'), NO_TERMS, ['m-4'])).toEqual([
      { kind: 'unapproved-model', model: 'm-5', listed: false },
    ]);
    expect(breachesOf(asked('m-5'), { ...NO_TERMS, models: ['m-4'] }, ['m-5'])).toMatchObject([{ listed: true }]);
    expect(breachesOf(asked(null), { ...NO_TERMS, models: [] }, [])).toEqual([]);
    const strict = { ...NO_TERMS, content: true };
    expect(breachesOf(asked(null, { output: null }), strict, [])).toEqual([{ kind: 'content-missing' }]);
    for (const part of [{ error: 'x' }, { verdict: { action: 'deny' as const, hold: null } }])
      expect(breachesOf(asked(null, { output: null, ...part }), strict, [])).toEqual([]);
    const reviewed = { ...NO_TERMS, reviewed: [{ feature: 'refunds', withinMinutes: 30 }] };
    expect(reviewOf(reviewed, { feature: 'refunds', givenId: null })).toBe(30);
    expect(reviewOf(NO_TERMS, { feature: null, givenId: null })).toBeNull();
    expect(reviewOf(NO_TERMS, { feature: REVIEW_DRILL, givenId: 'drill:fdr_1/1' })).toBe(0);
    expect(reviewOf(NO_TERMS, { feature: REVIEW_DRILL, givenId: 'a real one' })).toBeNull();
    expect(reviewOf(NO_TERMS, { feature: 'refunds', givenId: 'drill:fdr_1/1' })).toBeNull();
  });

  it('is a fact, once', () => {
    const first = agree(null, { system: 'bot', ...NO_TERMS, perDay: 100 });
    const state = foldAgreement(recorded(first));
    expect(state).toMatchObject({ system: 'bot', perDay: 100, by: { id: 'usr_1' } });
    expect(agree(state, { system: 'bot', ...NO_TERMS, perDay: 100 })).toEqual([]);
    expect(agree(null, { system: 'bot', ...NO_TERMS })).toEqual([]);
    expect(
      agree(null, { system: 'bot', ...NO_TERMS, models: Array.from({ length: 101 }, (_, i) => `m${i}`) }),
    ).toMatchObject({ refused: 'oversight.too-many' });
  });

  it('by a supplier is what a name stands for, until another model answers to it', () => {
    expect(suppliedOtherwise('chat-latest', 'm-5', [])).toBeNull();
    expect(suppliedOtherwise('chat-latest', 'm-5', [{ answered: 'm-4', count: 19 }])).toBeNull();
    expect(suppliedOtherwise('chat-latest', 'm-5', [{ answered: 'm-4', count: 20 }])).toBe('m-4');
    expect(suppliedOtherwise('chat-latest', 'm-4', [{ answered: 'm-4', count: 20 }])).toBeNull();
  });
});

describe('a notice of a supplier', () => {
  const notice = (part: Partial<Notice> = {}): Notice => ({
    id: 'ntc_1' as Notice['id'],
    vendor: 'vnd_1',
    kind: 'deprecation',
    model: 'm-4',
    on: days(60),
    text: 'm-4 ends',
    link: '',
    recordedAt: NOW,
    settled: null,
    ...part,
  });
  it.each([
    [0, 'recorded'],
    [29, 'recorded'],
    [31, '30 days'],
    [54, '7 days'],
    [59.5, '1 days'],
    [61, '0 days'],
  ])('after %f days is told as %s', (after, word) => {
    expect(tellingOf(notice(), days(after))).toBe(word);
  });
  it('without a day is told once, late ones once, and settled ones no more', () => {
    expect(tellingOf(notice({ on: null }), days(400))).toBe('recorded');
    expect(tellingOf(notice({ on: days(5) }), days(0))).toBe('recorded');
    expect(tellingOf(notice({ settled: 'moved' }), days(60))).toBeNull();
    const { id, recordedAt: _, settled: __, ...said } = notice();
    const facts = recorded(recordNotice(null, { notice: id, ...said }));
    expect(foldNotice(facts)).toEqual(notice());
    expect(recordNotice(notice(), { notice: id, ...said })).toEqual([]);
    expect(foldNotice([...facts, ...recorded(settleNotice(notice(), { reason: 'moved' }))])!.settled).toBe('moved');
    expect(settleNotice(notice({ settled: 'x' }), { reason: 'y' })).toEqual([]);
    expect(settleNotice(null, { reason: 'y' })).toMatchObject({ refused: 'supplier-notice.unknown' });
  });
});

describe('what guards let through', () => {
  const MINUTE = 60_000;
  const START = Date.parse('2026-11-20T10:00:00Z');
  const run = (
    looks: readonly (readonly [through: number, recorded: number])[],
    from = NOTHING_GUARDED,
    at = START,
  ) => {
    let state = from;
    const holes = looks.flatMap(([through, recorded], i) => {
      const seen = lookAtGuarded(state, { through, recorded }, at + i * MINUTE);
      state = seen.state;
      return [...seen.holes];
    });
    return { state, holes };
  };
  const times = (n: number, look: readonly [number, number]) => Array.from({ length: n }, () => look);

  it('is missed after ten minutes without a record, however it began, and not where one came', () => {
    expect(run(times(10, [5, 0])).holes).toEqual([]);
    expect(run(times(11, [5, 0])).holes).toEqual([{ kind: 'telemetry-missing', since: START, through: 55 }]);
    expect(run([...times(9, [5, 0] as const), [5, 1], ...times(9, [5, 0] as const)]).holes).toEqual([]);
    expect(run(times(60, [0, 0])).holes).toEqual([]);
    expect(run([[19, 0], ...times(60, [0, 0] as const)]).holes).toEqual([]);
  });

  it('is told as thin when an hour records far less than it usually does', () => {
    const usual = run(times(15 * 60, [10, 8])).state;
    expect(usual.hours).toBe(14);
    const after = START + 15 * 60 * MINUTE;
    expect(run(times(70, [10, 2]), usual, after).holes).toEqual([]);
    const [thin, ...more] = run(times(70, [10, 1]), usual, after).holes;
    expect(more).toEqual([]);
    expect(thin).toMatchObject({
      kind: 'telemetry-thin',
      since: after,
      through: 600,
      recorded: 60,
      usual: expect.closeTo(0.8),
    });
    expect(run(times(70, [10, 1])).holes).toEqual([]);
  });
});

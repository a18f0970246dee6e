import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Actor,
  type AnyFact,
  addMs,
  type Instant,
  instant,
  isRefusal,
  type Recorded,
} from '../../kernel/index.ts';
import {
  approveException,
  askException,
  declineException,
  endException,
  endOf,
  exceptionState,
  exceptionTrend,
  foldPolicy,
  inForceAt,
  isReviewDue,
  isSound,
  lapsesDue,
  type Means,
  MOST_OPEN_EXCEPTIONS,
  mapPolicy,
  type Policy,
  type PolicyText,
  renewException,
  restatePolicy,
  stateOfMeans,
  statePolicy,
  trendFrom,
  uncovered,
  withdrawPolicy,
} from './index.ts';

const DAY = 86_400_000;
const T0 = instant('2026-03-10T10:00:00.000Z');
const on = (day: number) => addMs(T0, day * DAY);
const ana: Actor = { kind: 'person', id: 'usr_ana' };
const bo: Actor = { kind: 'person', id: 'usr_bo' };
const key: Actor = { kind: 'key', id: 'key_of_ana' };
const behind = ({ id }: Actor) => (id === 'key_of_ana' ? 'usr_ana' : id);

const text: PolicyText = {
  title: 'Nothing is promised in our name',
  statement: 'An AI system may not make a promise that no person has approved.',
  owner: 'usr_ana',
  reviewBy: null,
  systems: ['bot', 'mailer'],
  references: [{ framework: 'EU AI Act', clause: 'Art. 14' }],
};

/** A stream that grows by decisions, as the server would let it. */
function stream() {
  const facts: Recorded[] = [];
  const state = () => foldPolicy(facts);
  const take = (decision: readonly AnyFact[] | object, at: Instant, by: Actor = ana) => {
    if (!Array.isArray(decision)) return decision as { refused: string };
    for (const fact of decision)
      facts.push({ ...fact, seq: facts.length + 1, stream: 'pol_1', version: facts.length + 1, at, by });
    return decision;
  };
  take(statePolicy(null, { policy: 'pol_1', because: 'the board asked', ...text }), T0);
  return { state, take };
}
const asking = (until: Instant, part: object = {}) => ({
  exception: 'exc_1' as const,
  system: 'bot',
  feature: null,
  why: 'the campaign text is not through review yet',
  compensating: 'a person reads every tenth answer',
  until,
  ...part,
});
const asked = (day: number, by: Actor = ana) => ({ at: on(day), by });

function withException(until = on(30)) {
  const it = stream();
  it.take(askException(it.state(), asking(until), asked(0)), on(0), ana);
  return it;
}
function approved(until = on(30)) {
  const it = withException(until);
  it.take(approveException(it.state(), { exception: 'exc_1', note: '' }, asked(1, bo), behind), on(1), bo);
  return it;
}
const only = (policy: Policy | null) => policy!.exceptions[0]!;

describe('a policy', () => {
  it('keeps every reason it was changed for, and is over when withdrawn', () => {
    const { state, take } = stream();
    take(restatePolicy(state(), { because: 'INC-2026-0001', ...text, title: 'Nothing is promised' }), on(1));
    expect(state()).toMatchObject({
      title: 'Nothing is promised',
      because: [{ text: 'the board asked' }, { text: 'INC-2026-0001' }],
    });
    take(withdrawPolicy(state(), { reason: 'folded into another' }, asked(2)), on(2));
    expect(state()).toMatchObject({ withdrawn: 'folded into another' });
    expect(restatePolicy(state(), { because: 'x', ...text })).toMatchObject({ refused: 'policy.withdrawn' });
    expect(mapPolicy(state(), { means: [] })).toMatchObject({ refused: 'policy.withdrawn' });
    expect(withdrawPolicy(state(), { reason: 'again' }, asked(3))).toEqual([]);
  });

  it('is to be looked at again from the day after its date', () => {
    const dated = { reviewBy: '2026-03-10', withdrawn: null };
    expect(isReviewDue(dated, T0)).toBe(false);
    expect(isReviewDue(dated, on(1))).toBe(true);
    expect(isReviewDue({ ...dated, withdrawn: 'gone' }, on(1))).toBe(false);
  });

  it('is carried out by each thing once, and the same list changes nothing', () => {
    const { state, take } = stream();
    const stop: Means = { kind: 'control', system: 'bot', control: 'Stop answers' };
    take(mapPolicy(state(), { means: [stop, { ...stop }] }), on(1));
    expect(state()!.means).toEqual([stop]);
    expect(mapPolicy(state(), { means: [stop] })).toEqual([]);
    expect(mapPolicy(state(), { means: [] })).toHaveLength(1);
  });

  it('answers for what is not there', () => {
    expect(restatePolicy(null, { because: 'x', ...text })).toMatchObject({ refused: 'policy.unknown' });
    expect(withdrawPolicy(null, { reason: 'x' }, asked(0))).toMatchObject({ refused: 'policy.unknown' });
    expect(approveException(null, { exception: 'exc_1', note: '' }, asked(0), behind)).toMatchObject({
      refused: 'policy.unknown',
    });
    expect(endException(stream().state(), { exception: 'exc_9', reason: 'x' }, asked(0))).toMatchObject({
      refused: 'exception.unknown',
    });
  });
});

describe('what carries a policy out', () => {
  const control: Means = { kind: 'control', system: 'bot', control: 'Stop answers' };
  const channel: Means = { kind: 'channel', system: 'bot', channel: 'feedback' };
  const step: Means = { kind: 'step', playbook: 'own', step: 'tell-users' };
  const review: Means = { kind: 'review', what: 'every tenth answer', by: 'support' };
  const wired = (testedAt: Instant | null) => ({
    controls: new Map([['bot', [{ control: 'ctl_1', name: 'Stop answers', testedAt }]]]),
  });

  it.each([
    ['a tested control', control, wired(T0), { state: 'wired', testedAt: T0 }],
    ['a control by its id', { ...control, control: 'ctl_1' }, wired(null), { state: 'untested' }],
    ['a control of another system', { ...control, system: 'mailer' }, wired(T0), { state: 'missing' }],
    ['a control nobody wired', { ...control, control: 'ctl_2' }, wired(T0), { state: 'missing' }],
    ['a control that was not read', control, {}, { state: 'unknown' }],
    [
      'a silent channel',
      channel,
      { channels: new Map([['bot', [{ channel: 'feedback', state: 'silent' }]]]) },
      { state: 'silent' },
    ],
    ['a channel of a system nobody knows', channel, { channels: new Map() }, { state: 'missing' }],
    ['a step', step, { steps: new Map([['own', new Set(['tell-users'])]]) }, { state: 'written' }],
    ['a step that was removed', step, { steps: new Map([['own', new Set()]]) }, { state: 'missing' }],
    ['a playbook that is gone', step, { steps: new Map() }, { state: 'missing' }],
    ['a review', review, {}, { state: 'declared' }],
  ] as const)('%s', (_name, means, there, state) => {
    expect(stateOfMeans(means as Means, there as never)).toEqual(state);
  });

  it('is sound only where it would work tonight', () => {
    expect(isSound({ state: 'wired', testedAt: T0 })).toBe(true);
    expect(isSound({ state: 'declared' })).toBe(true);
    for (const state of ['untested', 'missing', 'unknown', 'silent', 'unrouted'] as const)
      expect(isSound({ state })).toBe(false);
  });

  it('leaves a system uncovered unless something of its own, or something for all, is there', () => {
    expect(uncovered([], ['bot', 'mailer'])).toEqual(['bot', 'mailer']);
    expect(uncovered([control], ['bot', 'mailer'])).toEqual(['mailer']);
    expect(uncovered([control, { ...channel, system: 'mailer' }], ['bot', 'mailer'])).toEqual([]);
    expect(uncovered([review], ['bot', 'mailer'])).toEqual([]);
  });
});

describe('an exception', () => {
  it('is in force from its approval by somebody else until its end', () => {
    const { state } = approved();
    expect(exceptionState(only(state()), on(1))).toBe('in-force');
    expect(inForceAt(only(state()), addMs(on(1), -1))).toBe(false);
    expect(inForceAt(only(state()), on(1))).toBe(true);
    expect(inForceAt(only(state()), addMs(on(30), -1))).toBe(true);
    expect(inForceAt(only(state()), on(30))).toBe(false);
    expect(exceptionState(only(state()), on(30))).toBe('lapsed');
  });

  it.each([
    ['today', on(0)],
    ['yesterday', on(-1)],
    ['after 365 days and a moment', addMs(on(365), 1)],
  ])('cannot end %s', (_name, until) => {
    expect(askException(stream().state(), asking(until), asked(0))).toMatchObject({
      refused: 'exception.bad-expiry',
      pointer: '/until',
    });
  });

  it('may last 365 days to the moment', () => {
    expect(askException(stream().state(), asking(on(365)), asked(0))).toHaveLength(1);
  });

  it.each([
    ['the person who asked', ana],
    ['a key of that person', key],
  ])('is not approved nor renewed by %s', (_name, by) => {
    expect(
      approveException(withException().state(), { exception: 'exc_1', note: '' }, asked(1, by), behind),
    ).toMatchObject({ refused: 'exception.same-person' });
    expect(
      renewException(approved().state(), { exception: 'exc_1', until: on(60), reason: 'x' }, asked(2, by), behind),
    ).toMatchObject({ refused: 'exception.same-person' });
  });

  it('is needed only by a system the policy binds', () => {
    expect(askException(stream().state(), asking(on(9), { system: 'other' }), asked(0))).toMatchObject({
      refused: 'exception.not-bound',
    });
  });

  it('is renewed within the bound, never made shorter', () => {
    const { state, take } = approved();
    const renew = (until: Instant) =>
      renewException(state(), { exception: 'exc_1', until, reason: 'still waiting' }, asked(20, bo), behind);
    expect(renew(on(10))).toMatchObject({ refused: 'exception.bad-expiry' });
    expect(renew(addMs(on(385), 1))).toMatchObject({ refused: 'exception.bad-expiry' });
    expect(renew(on(30))).toEqual([]);
    take(renew(on(90)), on(20), bo);
    expect(only(state())).toMatchObject({ until: on(90), renewed: [{ until: on(90), reason: 'still waiting' }] });
    expect(inForceAt(only(state()), on(60))).toBe(true);
  });

  it('is not renewed before it is approved, nor after it is over', () => {
    const want = { exception: 'exc_1', until: on(60), reason: 'x' } as const;
    expect(renewException(withException().state(), want, asked(2, bo), behind)).toMatchObject({
      refused: 'exception.not-approved',
    });
    expect(renewException(approved().state(), want, asked(31, bo), behind)).toMatchObject({
      refused: 'exception.over',
    });
  });

  it('ends early, and was in force until then', () => {
    const { state, take } = approved();
    take(endException(state(), { exception: 'exc_1', reason: 'fixed' }, asked(5)), on(5));
    expect(endOf(only(state()))).toBe(on(5));
    expect(inForceAt(only(state()), on(4))).toBe(true);
    expect(inForceAt(only(state()), on(6))).toBe(false);
    expect(endException(state(), { exception: 'exc_1', reason: 'x' }, asked(6))).toMatchObject({
      refused: 'exception.over',
    });
  });

  it('that nobody approved is declined, and was never in force', () => {
    const { state, take } = withException();
    take(declineException(state(), { exception: 'exc_1', reason: 'no' }, asked(1, bo)), on(1), bo);
    expect(exceptionState(only(state()), on(2))).toBe('declined');
    expect(inForceAt(only(state()), on(2))).toBe(false);
    expect(declineException(approved().state(), { exception: 'exc_1', reason: 'x' }, asked(2))).toMatchObject({
      refused: 'exception.over',
    });
  });

  it('lapses once, by itself', () => {
    const { state, take } = approved();
    expect(lapsesDue(state(), { at: addMs(on(30), -1) })).toEqual([]);
    take(lapsesDue(state(), { at: on(33) }), on(33));
    expect(exceptionState(only(state()), on(33))).toBe('lapsed');
    expect(endOf(only(state()))).toBe(on(30));
    expect(lapsesDue(state(), { at: on(34) })).toEqual([]);
  });

  it('ends with its policy', () => {
    const { state, take } = approved();
    take(askException(state(), asking(on(9), { exception: 'exc_2' }), asked(2)), on(2));
    take(askException(state(), asking(on(3), { exception: 'exc_3' }), asked(2)), on(2));
    take(withdrawPolicy(state(), { reason: 'gone' }, asked(4)), on(4));
    expect(state()!.exceptions.map((each) => exceptionState(each, on(4)))).toEqual(['ended', 'declined', 'lapsed']);
  });

  it('is bounded in number', () => {
    const { state, take } = stream();
    for (let i = 0; i < MOST_OPEN_EXCEPTIONS; i++)
      take(askException(state(), asking(on(9), { exception: `exc_${i}` }), asked(0)), on(0));
    expect(askException(state(), asking(on(9), { exception: 'exc_more' }), asked(1))).toMatchObject({
      refused: 'exception.too-many',
    });
    expect(askException(state(), asking(on(19), { exception: 'exc_more' }), asked(10))).toHaveLength(1);
  });

  it('is never approved by whoever asked, whatever is tried', () => {
    const actors = [ana, bo, key];
    const step = fc.record({
      what: fc.constantFrom('ask', 'approve', 'renew', 'end', 'decline', 'lapse'),
      by: fc.constantFrom(...actors),
      days: fc.integer({ min: 0, max: 200 }),
      until: fc.integer({ min: -10, max: 800 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { state, take } = stream();
        let day = 0;
        for (const { what, by, days, until } of steps) {
          day += days;
          const now = asked(day, by);
          const exception = 'exc_1' as const;
          const want = { exception, until: on(day + until), reason: 'x', note: '' };
          const policy = state();
          const decision =
            what === 'ask'
              ? askException(policy, asking(on(day + until)), now)
              : what === 'approve'
                ? approveException(policy, want, now, behind)
                : what === 'renew'
                  ? renewException(policy, want, now, behind)
                  : what === 'end'
                    ? endException(policy, want, now)
                    : what === 'decline'
                      ? declineException(policy, want, now)
                      : lapsesDue(policy, now);
          if (!isRefusal(decision)) take(decision, now.at, by);
        }
        for (const it of state()!.exceptions) {
          for (const said of [...(it.approved ? [it.approved] : []), ...it.renewed])
            expect(behind(said.by)).not.toBe(behind(it.asked.by));
          const last = it.renewed.at(-1)?.at ?? it.asked.at;
          expect(Date.parse(it.until) - Date.parse(last)).toBeLessThanOrEqual(365 * DAY);
        }
      }),
    );
  });
});

describe('the trend of exceptions', () => {
  const now = instant('2026-06-15T12:00:00.000Z');
  const of = (approvedAt: string, until: string, ended: object | null = null) =>
    ({
      approved: { at: instant(approvedAt), by: bo, note: '' },
      until: instant(until),
      ended,
    }) as never;

  it('counts by month what came, what was there and what ran out; before the record began nothing is known', () => {
    const trend = exceptionTrend(
      [
        of('2026-04-02T00:00:00Z', '2026-05-10T00:00:00Z', { how: 'lapsed', at: instant('2026-05-10T00:00:30Z') }),
        of('2026-04-20T00:00:00Z', '2026-12-01T00:00:00Z'),
        of('2026-05-01T00:00:00Z', '2026-06-20T00:00:00Z', { how: 'ended', at: instant('2026-06-01T00:00:00Z') }),
        // Ran out this month, and nobody has noticed yet.
        of('2026-05-01T00:00:00Z', '2026-06-10T00:00:00Z'),
      ],
      instant('2026-04-01T09:00:00Z'),
      now,
    );
    expect(trend).toHaveLength(12);
    expect(trend[0]).toEqual({ month: '2025-07', opened: null, inForce: null, lapsed: null });
    expect(trend.slice(-4)).toEqual([
      { month: '2026-03', opened: null, inForce: null, lapsed: null },
      { month: '2026-04', opened: 2, inForce: 2, lapsed: 0 },
      { month: '2026-05', opened: 2, inForce: 3, lapsed: 1 },
      { month: '2026-06', opened: 0, inForce: 1, lapsed: 1 },
    ]);
  });

  it('knows nothing where there is no policy, and begins with the month', () => {
    expect(exceptionTrend([], null, now).every(({ opened }) => opened === null)).toBe(true);
    expect(trendFrom(now)).toBe('2025-07-01T00:00:00.000Z');
    expect(exceptionTrend([], instant('2020-01-01T00:00:00Z'), now)[0]).toMatchObject({ month: '2025-07', opened: 0 });
  });
});

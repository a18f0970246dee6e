import { describe, expect, it } from 'vitest';
import { ARCHETYPES } from '../../detect/signals/index.ts';
import type { Instant } from '../../kernel/index.ts';
import { ARCHITECTURES } from '../../prepare/inventory/index.ts';
import { LEVERS, type LeverName } from '../containment/index.ts';
import {
  advise,
  aroundOf,
  breakEven,
  changesSince,
  earlierVersions,
  fenceable,
  holdsOnSame,
  LIGHTNESS,
  netBenefit,
  preventedBy,
  previewMark,
  readMark,
  roughly,
  type Seen,
  type Situation,
  weigh,
  worthWords,
} from './index.ts';

describe('break-even', () => {
  // Vectors of the methods study: probability, loss, share prevented, cost, cost if needless → net, break-even, worth it.
  it.each([
    [0.3, 100_000, 0.8, 2_000, 5_000, 18_500, 0.08235294118],
    [0.02, 100_000, 0.8, 2_000, 5_000, -5_300, 0.08235294118],
    [0.6, 3_000, 0.5, 500, 4_000, -1_200, 0.8181818182],
  ])('at %d of %d', (p, loss, prevented, cost, needless, net, even) => {
    const it = { loss, prevented, cost, needless };
    expect(netBenefit(p, it)).toBeCloseTo(net, 6);
    expect(breakEven(it)).toBeCloseTo(even, 9);
    expect(netBenefit(p, it) > 0).toBe(p > breakEven(it)!);
  });

  it('gains nothing at the break-even itself, whatever the figures', () => {
    for (let n = 1; n <= 200; n += 1) {
      const it = { loss: n * 97, prevented: (n % 19) / 20 + 0.05, cost: (n * 31) % 400, needless: (n * 57) % 900 };
      expect(netBenefit(breakEven(it)!, it)).toBeCloseTo(0, 6);
    }
  });

  it('is said no finer than it is known', () => {
    expect([0.0824, 0.004, 0.0951, 0.13, 0.88].map(roughly)).toEqual([
      'about 8 %',
      'under 1 %',
      'about 10 %',
      'about 15 %',
      'about 90 %',
    ]);
    expect(worthWords(1.4)).toContain('more than it can prevent');
    expect(worthWords(0)).toContain('any harm at all');
    expect(breakEven({ loss: 0, prevented: 0.5, cost: 0, needless: 0 })).toBeNull();
    expect(breakEven({ loss: 0, prevented: 0.5, cost: 3, needless: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('names what is unknown instead of guessing it', () => {
    const worth = { lossPerHour: null, costPerRequest: null, needless: 0, hours: 1 };
    expect(weigh('stop', 0.95, null, worth)).toMatchObject({
      breakEven: null,
      says: 'Not weighed: something is unknown.',
    });
    expect(weigh('stop', 0.95, null, worth).unknown).toHaveLength(3);
    const known = { lossPerHour: 1_000, costPerRequest: 1, needless: 0, hours: 2 };
    expect(weigh('stop', 0.5, 100, known)).toMatchObject({ loss: 2_000, cost: 200, breakEven: 0.2, unknown: [] });
    expect(weigh('human-review', 0.5, 100, known).cost).toBe(60);
    expect(weigh('stop', 0.5, 100, { ...known, lossPerHour: 0 }).breakEven).toBeNull();
  });
});

const NOW = '2026-11-28T12:00:00.000Z' as Instant;
const calm: Situation = {
  now: NOW,
  archetype: 'misinformation-cascade',
  severity: 2,
  system: {
    key: 'bot',
    name: 'Bot',
    architecture: 'rag',
    features: [
      { key: 'answers', name: 'Answers' },
      { key: 'orders', name: 'Orders' },
    ],
  },
  feature: 'answers',
  versionsKnown: true,
  earlier: [
    {
      kind: 'prompt',
      from: 'v41',
      to: 'v40',
      changedAt: NOW,
      ranMs: 3 * 86_400_000,
      fromNamed: true,
      toNamed: false,
      note: 'Passed the policy set',
    },
  ],
  controls: [],
  obeying: 2,
  unknownKinds: [],
  places: { wrong: {}, wrongUnsaid: 4, all: {}, allUnsaid: 40 },
  tools: [],
  indexes: [],
  held: [],
  answers: {},
};
const answersOf = (it: Partial<Situation>) =>
  Object.fromEntries(advise({ ...calm, ...it }).steps.map(({ question, answer }) => [question, answer]));
const wired = (what: object, more: object = {}) =>
  ({
    control: 'ctl_1',
    name: 'Lever',
    what,
    sideEffects: '',
    testedAt: null,
    follows: false,
    lacks: null,
    ...more,
  }) as never;

describe('the decision', () => {
  it('goes back where signals name what is new and nothing else fails', () => {
    const advice = advise(calm);
    expect(advice.steps.map(({ answer }) => answer)).toEqual(['yes', 'yes', 'no']);
    expect(advice.steps[0]!.why).toBe(
      'Prompt v40 served before v41. Noted when it went live: “Passed the policy set”. It ran for 3 days, and no signal names v40 while they name v41. Nobody wired it in advance; guards obey it all the same.',
    );
    expect(advice.pick).toBe('roll-back-prompt');
    expect(advice.ladder.find(({ lever }) => lever === 'roll-back-prompt')).toMatchObject({
      what: { kind: 'route', feature: 'answers', from: { prompt: 'v41' }, to: { prompt: 'v40' } },
      readiness: 'at-hand',
    });
  });

  it('asks where it cannot know, and takes the answer', () => {
    const doubtful = { earlier: [{ ...calm.earlier[0]!, fromNamed: false }] };
    expect(answersOf(doubtful)['roll-back']).toBe('ask');
    expect(advise({ ...calm, ...doubtful }).pick).toBe('human-review');
    expect(answersOf({ ...doubtful, answers: { 'roll-back': 'yes' } })['roll-back']).toBe('yes');
    expect(advise({ ...calm, ...doubtful, answers: { 'roll-back': 'yes' } }).pick).toBe('roll-back-prompt');
    expect(answersOf({ answers: { 'roll-back': 'no' } })['roll-back']).toBe('no');
  });

  it('never goes back to what fails as well', () => {
    const failing = { earlier: [{ ...calm.earlier[0]!, toNamed: true }] };
    expect(answersOf(failing)['roll-back']).toBe('no');
    expect(advise({ ...calm, ...failing }).not.map(({ lever }) => lever)).toContain('roll-back-prompt');
  });

  it('says that nothing obeys, and what is missing', () => {
    const advice = advise({ ...calm, obeying: 0 });
    expect(advice).toMatchObject({ pick: null, because: 'Nothing can stop this from here.', ladder: [] });
    expect(advice.steps.map(({ answer }) => answer)).toEqual(['no', 'no', 'no']);
    expect(advice.steps[1]!.missing).not.toEqual([]);
    const followed = advise({ ...calm, obeying: 0, controls: [wired({ kind: 'disable' }, { follows: true })] });
    expect(followed.pick).toBe('stop');
  });

  it('offers nothing that no live instance knows', () => {
    const advice = advise({ ...calm, unknownKinds: ['route'] });
    expect(advice.pick).toBe('human-review');
    expect(advice.not.find(({ lever }) => lever === 'roll-back-prompt')!.missing[0]).toContain('update its guard');
  });

  it('prefers what is wired, for the feature, and says whether it is proven', () => {
    const proposal = (controls: never[]) => advise({ ...calm, controls }).ladder.find(({ lever }) => lever === 'stop')!;
    const whole = wired({ kind: 'disable' }, { control: 'ctl_whole', testedAt: '2026-11-20T00:00:00.000Z' });
    const own = wired({ kind: 'disable', feature: 'answers' }, { control: 'ctl_own' });
    const other = wired({ kind: 'disable', feature: 'orders' }, { control: 'ctl_other' });
    expect(proposal([whole])).toMatchObject({ control: 'ctl_whole', readiness: 'proven' });
    expect(proposal([other, whole, own])).toMatchObject({ control: 'ctl_own', readiness: 'wired' });
    expect(proposal([other])).toMatchObject({ control: null, readiness: 'at-hand' });
    const lacking = advise({ ...calm, controls: [wired({ kind: 'disable' }, { lacks: 'containment.declare' })] });
    expect(lacking.not.find(({ lever }) => lever === 'stop')!.missing[0]).toContain('containment.declare');
  });

  it('fences where it comes from a few places that are little of the traffic', () => {
    const places = { wrong: { DE: 9, FR: 1 }, wrongUnsaid: 0, all: { DE: 10, FR: 40, IT: 50 }, allUnsaid: 0 };
    expect(fenceable(places)).toEqual({ countries: ['DE'], ofWrong: 0.9, ofAll: 0.1 });
    expect(answersOf({ places }).fence).toBe('yes');
    expect(fenceable({ ...places, all: { DE: 90, FR: 10 } })).toBeNull();
    expect(fenceable({ ...places, wrong: { DE: 2 } })).toBeNull();
    expect(answersOf({ places, answers: { fence: 'no' } }).fence).toBe('no');
  });

  it('takes the heavier where the gravest is at stake', () => {
    const agent = {
      ...calm,
      archetype: 'agentic-misalignment' as const,
      earlier: [],
      system: { ...calm.system, architecture: 'agentic' as const },
    };
    expect(advise(agent).pick).toBe('human-review');
    expect(advise({ ...agent, severity: 1 }).pick).toBe('revoke-tools');
  });

  it('climbs: shows the rung that is held and the next heavier one', () => {
    const held = {
      hold: 'hld_1',
      label: 'HLD-1',
      what: { kind: 'review', feature: 'answers' },
      confirmed: true,
    } as const;
    const advice = advise({ ...calm, held: [held] });
    expect(advice).toMatchObject({ present: 'human-review', next: 'stop', pick: null });
    expect(advice.because).toContain('expected to be enough');
    const limited = { ...held, what: { kind: 'limit', requests: 1, seconds: 1, per: 'everyone' } } as const;
    expect(advise({ ...calm, held: [limited] })).toMatchObject({
      present: 'rate-limit',
      next: 'generation-settings',
      pick: 'roll-back-prompt',
    });
    const elsewhere = { ...held, what: { kind: 'review', feature: 'orders' } } as const;
    expect(advise({ ...calm, held: [elsewhere] }).present).toBeNull();
    const stopped = { ...held, what: { kind: 'disable', feature: 'answers' } } as const;
    expect(advise({ ...calm, held: [stopped] })).toMatchObject({ present: 'stop', next: null, pick: null });
    expect(advise({ ...calm, obeying: 0, held: [stopped] }).steps[1]).toMatchObject({
      answer: 'yes',
      why: 'HLD-1 does it already.',
      missing: [],
    });
    const unconfirmed = { ...stopped, confirmed: false };
    const nobody = advise({ ...calm, obeying: 0, held: [unconfirmed] });
    expect(nobody.steps[1]!.answer).toBe('no');
    expect(nobody.steps[1]!.why).toMatch(/^HLD-1 is ordered, and not confirmed\. /);
    expect(nobody.because).toBe('HLD-1 would be enough, and is not confirmed: look at who does not obey it.');
    const weights = advice.ladder.map(({ weight }) => weight);
    expect(weights).toEqual([...weights].sort((a, b) => a - b));
  });

  it('takes a part for a part: another feature, some tools, some people', () => {
    const held = { hold: 'hld_1', label: 'HLD-1', confirmed: true } as const;
    const one = { ...held, what: { kind: 'disable', feature: 'answers' } } as const;
    const nowhere = { ...calm, feature: null };
    // Nobody has said where it goes wrong: one feature that is off is not enough, and is not said to be.
    const some = advise({ ...nowhere, held: [one] });
    expect(some.present).toBeNull();
    expect(some.because).not.toContain('expected to be enough');
    expect(some.steps[1]!.why).toMatch(/^HLD-1 does it for answers only\. /);
    expect(some.ladder.find(({ lever }) => lever === 'stop')).toMatchObject({ held: null, partly: [one] });
    // What is wired for one feature is no order for all of them, held or not.
    const control = wired({ kind: 'disable', feature: 'answers' });
    for (const inForce of [[], [one]]) {
      const { ladder } = advise({ ...nowhere, controls: [control], held: inForce });
      const stop = ladder.find(({ lever }) => lever === 'stop');
      expect(stop).toMatchObject({ control: null, what: { kind: 'disable' } });
      expect(stop!.what).not.toHaveProperty('feature');
    }
    // Unless nothing wider can be said.
    const vendor = wired({ kind: 'route', feature: 'answers', to: { provider: 'other' } });
    const { ladder } = advise({ ...nowhere, controls: [vendor] });
    expect(ladder.find(({ lever }) => lever === 'switch-vendor')).toMatchObject({ control: 'ctl_1' });
    // Every feature there is: all of it, and confirmed only when each is.
    const other = { ...held, hold: 'hld_2', label: 'HLD-2', what: { kind: 'disable', feature: 'orders' } } as const;
    expect(advise({ ...nowhere, held: [one, other] }).present).toBe('stop');
    expect(advise({ ...nowhere, held: [one, { ...other, confirmed: false }] }).because).toMatch(
      /^HLD-2 would be enough/,
    );

    const agent = {
      ...calm,
      archetype: 'agentic-misalignment' as const,
      tools: ['refund', 'send_mail'],
      system: { ...calm.system, architecture: 'agentic' as const },
    };
    const revoked = (tools?: readonly string[]) =>
      advise({ ...agent, held: [{ ...held, what: { kind: 'revoke', ...(tools && { tools }) } as never }] }).ladder.find(
        ({ lever }) => lever === 'revoke-tools',
      )!;
    expect(revoked(['refund'])).toMatchObject({ held: null, partly: [{ label: 'HLD-1' }] });
    expect(revoked(['refund', 'send_mail']).held).not.toBeNull();
    expect(revoked().held).not.toBeNull();
    // A restoration under way lets some go.
    expect(advise({ ...calm, held: [{ ...one, letsSome: true }] }).present).toBeNull();
  });

  it('never recommends what does not fit, what is missing or what is held, in any situation', () => {
    for (const archetype of [...ARCHETYPES, null])
      for (const architecture of ARCHITECTURES)
        for (const severity of [1, 3] as const)
          for (const obeying of [0, 2]) {
            const it = { ...calm, archetype, severity, obeying, system: { ...calm.system, architecture } };
            const { pick, ladder } = advise(it);
            if (obeying === 0) expect(pick).toBeNull();
            else expect(ladder.find(({ lever }) => lever === pick)).toMatchObject({ held: null, missing: [] });
          }
  });
});

describe('what ran before', () => {
  const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z` as Instant;
  const change = (day: number, versions: object, deployment = 'dep_1') =>
    ({ deployment, versions, occurredAt: at(day), note: `day ${day}` }) as never;
  it('is the version before the one that runs, of each kind, what signals name first', () => {
    const changes = [
      change(1, { model: 'm-1', prompt: 'v39' }),
      change(2, { model: 'm-1', prompt: 'v40' }),
      change(5, { model: 'm-1', prompt: 'v41' }),
      change(6, { model: 'm-2', prompt: 'v41' }),
    ];
    const found = earlierVersions(changes, { prompt: ['v41'], model: [] });
    expect(found).toEqual([
      {
        kind: 'prompt',
        from: 'v41',
        to: 'v40',
        changedAt: at(5),
        ranMs: 3 * 86_400_000,
        fromNamed: true,
        toNamed: false,
        note: 'day 2',
      },
      {
        kind: 'model',
        from: 'm-2',
        to: 'm-1',
        changedAt: at(6),
        ranMs: 5 * 86_400_000,
        fromNamed: false,
        toNamed: false,
        note: 'day 1',
      },
    ]);
    expect(earlierVersions(changes, { prompt: [], model: [] })[0]!.kind).toBe('model');
  });
  it('is nothing where one version is known, and the same way back once', () => {
    expect(earlierVersions([change(1, { prompt: 'v1' })], { prompt: [], model: [] })).toEqual([]);
    const twice = ['dep_1', 'dep_2'].flatMap((each) => [
      change(1, { prompt: 'v1' }, each),
      change(2, { prompt: 'v2' }, each),
    ]);
    expect(earlierVersions(twice, { prompt: [], model: [] })).toHaveLength(1);
  });
});

describe('the table', () => {
  it('has every lever, and for every kind of failure something that prevents most of it or says that nothing does', () => {
    expect(Object.keys(LIGHTNESS).sort()).toEqual([...LEVERS].sort());
    for (const archetype of [...ARCHETYPES, null]) {
      const shares = LEVERS.map((lever: LeverName) => preventedBy(lever, archetype));
      expect(Math.max(...shares)).toBeGreaterThanOrEqual(0.85);
      for (const share of shares) expect(share > 0 && share < 1).toBe(true);
    }
  });
});

describe('a preview that an order depends on', () => {
  const seen: Seen = {
    system: 'bot',
    what: '{"kind":"disable"}',
    requests: 980,
    touched: 412,
    obeying: 2,
    unable: 0,
    holds: ['hld_1'],
    dependants: ['shop'],
  };
  const before = readMark(previewMark(seen))!;
  it.each<[string, Partial<Seen>, RegExp | null]>([
    ['nothing changed', {}, null],
    ['a little more traffic', { requests: 1_000, touched: 430 }, null],
    ['one more instance obeys', { obeying: 3 }, null],
    ['a larger share', { requests: 980, touched: 900 }, /would meet 92 %.*said 42 %/],
    ['twice as much of a larger whole', { requests: 9_800, touched: 4_120 }, /meet 4120 requests/],
    ['fewer obey', { obeying: 1 }, /1 live instance obeys.*said 2/],
    ['one cannot', { unable: 1 }, /1 instance cannot/],
    ['another hold', { holds: ['hld_1', 'hld_2'] }, /Other holds/],
    ['another dependant', { dependants: [] }, /depends/],
    ['another order', { what: '{"kind":"pause"}' }, /another order/],
    ['no longer recorded', { requests: null, touched: 0 }, /no longer recorded/],
  ])('%s', (_, now, says) => {
    const changes = changesSince(before, { ...seen, ...now });
    if (says === null) expect(changes).toEqual([]);
    else {
      expect(changes).toHaveLength(1);
      expect(changes[0]).toMatch(says);
    }
  });
  it('does not mind a few requests, whatever share they are', () => {
    const quiet = { ...seen, requests: 10, touched: 2 };
    expect(changesSince(readMark(previewMark(quiet))!, { ...quiet, touched: 8 })).toEqual([]);
    const busy = { ...seen, requests: 1_000, touched: 2 };
    expect(changesSince(readMark(previewMark(busy))!, { ...busy, touched: 8 })).toEqual([]);
  });
  it('is read back as it was, and nothing else is', () => {
    expect(previewMark(seen)).toMatch(/^p1-[0-9a-f]{8}-980-412-2-0-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect(readMark(previewMark({ ...seen, requests: null }))?.requests).toBeNull();
    for (const no of ['', 'p1', 'p2-0-0-0-0-0-0', `${previewMark(seen)}-1`]) expect(readMark(no)).toBeUndefined();
  });
});

describe('who else would feel it', () => {
  const edges = [
    { needs: 'shop', needed: 'bot' },
    { needs: 'app', needed: 'shop' },
    { needs: 'bot', needed: 'app' },
    { needs: 'desk', needed: 'data:kb' },
    { needs: 'bot', needed: 'data:kb' },
  ];
  const flows = [
    { from: 'bot', to: 'service:letters', passes: 'writes' as const, approval: '' },
    { from: 'bot', to: 'service:payments', passes: 'writes' as const, approval: 'the desk' },
  ];
  it('names what needs it, what it feeds and who shares it, nearest first, and circles end', () => {
    expect(aroundOf({ kind: 'retrieval', index: 'KB' }, 'bot', edges, flows)).toEqual([
      { id: 'desk', how: 'shares', depth: 1, via: 'data:kb' },
      { id: 'service:letters', how: 'fed', depth: 1, via: '' },
      { id: 'shop', how: 'needs', depth: 1, via: '' },
      { id: 'app', how: 'needs', depth: 2, via: 'shop' },
    ]);
    expect(aroundOf({ kind: 'disable' }, 'bot', edges, flows).map(({ id }) => id)).not.toContain('desk');
  });
  it('names other holds on the same thing', () => {
    const hold = (number: number, what: object) => ({ hold: `hld_${number}`, number, what }) as never;
    const holds = [
      hold(1, { kind: 'disable', feature: 'answers' }),
      hold(2, { kind: 'revoke', tools: ['mail'] }),
      hold(3, { kind: 'revoke', tools: ['refund'], feature: 'orders' }),
      hold(4, { kind: 'from-the-future' }),
    ];
    const on = (what: object) => holdsOnSame(what as never, holds).map(({ number }) => number);
    expect(on({ kind: 'revoke', tools: ['refund'] })).toEqual([1, 3]);
    expect(on({ kind: 'revoke', tools: ['mail'], feature: 'orders' })).toEqual([2]);
    expect(on({ kind: 'disable', feature: 'orders' })).toEqual([2, 3]);
    expect(on({ kind: 'limit', requests: 1, seconds: 1, per: 'everyone', feature: 'orders' })).toEqual([]);
  });
});

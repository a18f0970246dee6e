import { describe, expect, it } from 'vitest';
import {
  acknowledgedTruth,
  heldBeside,
  levelWords,
  missingProofs,
  missingWords,
  probeTruth,
  stillHeldBy,
  throughWords,
  trafficTruth,
  underWayWords,
} from './hold-words.ts';

const hold = {
  state: 'active' as const,
  confirmation: 'ordered' as const,
  acknowledged: 0,
  live: 3,
  lastAckMs: null,
  seen: { refused: 0, rerouted: 0, lastAt: null },
  what: { kind: 'disable' as const },
  failure: null,
  says: 'disable the whole system',
  expiry: { mode: 'until-lifted' as const },
  proofs: null,
};
const proof = (name: 'acknowledged' | 'probe' | 'traffic', state: string, have = 1, of = 1) => ({
  proof: name,
  state: state as 'have',
  since: '2026-11-20T23:21:04.000Z' as never,
  dueAt: null,
  have,
  of,
  says: 's',
  missing: [],
  todo: [],
  escalated: null,
});
const proofs = (probe: string, traffic: string, have = 1, of = 1) => ({
  acknowledged: proof('acknowledged', 'have', 2, 2),
  probe: proof('probe', probe, have, of),
  traffic: proof('traffic', traffic, have, of),
});

describe('the three truths stay apart', () => {
  it('does not call an order obeyed while somebody is missing', () => {
    expect(acknowledgedTruth({ ...hold, acknowledged: 2 })).toMatchObject({
      figure: '2 / 3',
      says: 'obey, 1 missing',
      tone: 'amber',
    });
  });
  it('says how long the last one took', () => {
    expect(acknowledgedTruth({ ...hold, acknowledged: 3, lastAckMs: 41 })).toMatchObject({
      figure: '3 / 3',
      says: 'acknowledged in 41 ms',
      tone: 'moss',
    });
  });
  it('never shows nobody as everybody', () => {
    expect(acknowledgedTruth({ ...hold, live: 0 })).toMatchObject({ figure: '0 live', tone: 'amber' });
  });
  it.each([
    ['have', 2, 2, '2 / 2', 'moss'],
    ['missing', 1, 2, '1 / 2', 'ember'],
    ['waiting', 0, 2, '0 / 2', 'amber'],
    ['not-possible', 0, 0, '–', 'plain'],
  ])('a probe that is %s', (state, have, of, figure, tone) => {
    expect(probeTruth({ proofs: proofs(state, 'waiting', have, of) })).toMatchObject({ figure, tone });
  });
  it.each([
    ['have', 3, 3, 'Quiet', 'nothing got past', 'moss'],
    ['missing', 2, 3, '1 past', 'got past since everybody should obey', 'ember'],
    ['missing', 3, 3, '0 of 3', 'no answer by the version that was ordered', 'ember'],
    ['waiting', 0, 0, '…', 'not yet seen in traffic', 'amber'],
    ['not-possible', 0, 0, '–', 'traffic cannot show it', 'plain'],
  ])('traffic that is %s', (state, have, of, figure, says, tone) => {
    expect(trafficTruth({ ...hold, proofs: proofs('have', state, have, of) })).toMatchObject({ figure, says, tone });
  });
  it('counts traffic by what the control does', () => {
    const what = { kind: 'route' as const, to: { prompt: 'v40' } };
    const seen = { refused: 0, rerouted: 38, lastAt: null };
    expect(trafficTruth({ ...hold, what, seen, proofs: proofs('have', 'have') }).says).toBe('38 requests rerouted');
    const one = { refused: 1, rerouted: 0, lastAt: null };
    expect(trafficTruth({ ...hold, seen: one, proofs: proofs('have', 'waiting') }).says).toBe('1 request refused');
  });
  it('says aloud what is missing, and how far the order has come', () => {
    expect(missingProofs({ proofs: proofs('missing', 'missing') }).map(({ title }) => title)).toEqual([
      'Not shown to work.',
      'Something gets past.',
    ]);
    const some = proof('acknowledged', 'missing', 1, 2);
    const none = { ...proofs('have', 'have'), acknowledged: { ...some, have: 0 } };
    expect(missingProofs({ proofs: { ...none, acknowledged: some } })[0]!.title).toBe('Not obeyed everywhere.');
    expect(missingProofs({ proofs: none })[0]!.title).toBe('Obeyed nowhere.');
    expect(missingProofs({ proofs: null })).toEqual([]);
    expect(levelWords({ at: 2, says: 'Obeyed: every live instance says that it obeys.' })).toBe('level 2 of 4, obeyed');
  });
  it('names who does not obey, and counts the rest', () => {
    const instances = ['a', 'b', 'c', 'd'].map((instance) => ({ instance, host: 'h1', why: 'silent' }));
    expect(missingWords({ failure: { at: '2026-11-20T23:21:04.000Z' as never, why: 'not all', instances } }, 2)).toBe(
      'a on h1: silent; b on h1: silent; and 2 more',
    );
  });
  it('says of each instance what became of real requests there', () => {
    const seen = { refused: 0, rerouted: 0, lastAt: null };
    const traffic = { records: 9, asIntended: 0, contrary: 0, lastContraryAt: null };
    expect(throughWords({ seen, traffic: null }, 0)).toBeNull();
    expect(throughWords({ seen, traffic: null }, 9)).toBe('No record names it.');
    expect(throughWords({ seen: { ...seen, refused: 1_200, rerouted: 1 }, traffic }, 9)).toBe(
      'None of 9 recorded requests got past. It has refused 1,200 and changed 1 since the order.',
    );
    expect(throughWords({ seen, traffic: { ...traffic, records: 1, contrary: 1 } }, 9)).toBe(
      '1 of 1 recorded request got past.',
    );
  });
});

it.each([
  [0, 0, null],
  [1, 0, 'When it was ordered, 1 answer was under way, and it ended it.'],
  [0, 2, 'When it was ordered, 2 answers were under way, and came to their end.'],
  [3, 1, 'When it was ordered, 4 answers were under way: it ended 3, and 1 came to its end.'],
])('says what was under way: %i ended, %i finished', (ended, finished, says) => {
  expect(underWayWords({ ended, finished })).toBe(says);
});

describe('holds on the same thing', () => {
  const on = (id: string, what: object, over: object = {}) => ({
    hold: id as `hld_${string}`,
    what: what as never,
    glass: null,
    release: null,
    ...over,
  });
  const mine = on('hld_1', { kind: 'disable', feature: 'answers' });
  const whole = on('hld_2', { kind: 'disable' });
  const route = on('hld_3', { kind: 'route', feature: 'answers', from: { prompt: 'v2' }, to: { prompt: 'v1' } });
  const other = on('hld_4', { kind: 'disable', feature: 'orders' });
  const ids = (found: readonly { readonly hold: string }[]) => found.map(({ hold: id }) => id);

  it('are named, without itself and without those on something else', () => {
    expect(ids(heldBeside(mine, [mine, whole, route, other]))).toEqual(['hld_2', 'hld_3']);
  });

  it('change nothing when this one ends only where they hold all that it holds', () => {
    expect(ids(stillHeldBy(mine, [mine, whole, route, other]))).toEqual(['hld_2']);
    expect(ids(stillHeldBy(whole, [mine, whole]))).toEqual([]);
    expect(ids(stillHeldBy(route, [mine, { ...route, hold: 'hld_5' as const }]))).toEqual(['hld_1', 'hld_5']);
  });

  it('do not count while they let somebody go', () => {
    const going = { percent: 10, step: 1 };
    expect(ids(stillHeldBy(mine, [on('hld_2', { kind: 'disable' }, { release: going })]))).toEqual([]);
    expect(ids(stillHeldBy(mine, [on('hld_2', { kind: 'disable' }, { glass: 'gls_1' })]))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { acknowledgedTruth, missingWords, seenTruth } from './hold-words.ts';

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
};

describe('the three truths stay apart', () => {
  it('does not call an order obeyed while somebody is missing', () => {
    expect(acknowledgedTruth({ ...hold, acknowledged: 2 })).toMatchObject({
      figure: '2 / 3',
      says: 'acknowledged, 1 missing',
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
  it('counts traffic by what the control does', () => {
    expect(seenTruth(hold)).toMatchObject({ says: 'not yet seen in traffic', tone: 'amber' });
    expect(
      seenTruth({
        ...hold,
        what: { kind: 'route', to: { prompt: 'v40' } },
        seen: { refused: 0, rerouted: 38, lastAt: null },
      }),
    ).toMatchObject({
      figure: '38',
      says: 'requests rerouted',
      tone: 'moss',
    });
    expect(seenTruth({ ...hold, seen: { refused: 1, rerouted: 0, lastAt: null } }).says).toBe('request refused');
  });
  it('names who does not obey, and counts the rest', () => {
    const instances = ['a', 'b', 'c', 'd'].map((instance) => ({ instance, host: 'h1', why: 'silent' }));
    expect(missingWords({ failure: { at: '2026-11-20T23:21:04.000Z' as never, why: 'not all', instances } }, 2)).toBe(
      'a on h1: silent; b on h1: silent; and 2 more',
    );
  });
});

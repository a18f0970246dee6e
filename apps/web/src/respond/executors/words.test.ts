import { describe, expect, it } from 'vitest';
import { orderWords, proofWords, rehearsedWords, toldWords } from './words.ts';

describe('what is said of executors', () => {
  it.each([
    ['proven', 'moss'],
    ['failing', 'ember'],
    ['not-proven', 'amber'],
  ] as const)('%s is %s', (proof, tone) => expect(proofWords({ proof, retired: null }).tone).toBe(tone));

  it('tells a failure that is tried again from one that was given up', () => {
    expect(orderWords({ state: 'failed', way: 'hold' }).tone).toBe('amber');
    expect(orderWords({ state: 'given-up', way: 'hold' }).tone).toBe('ember');
    expect(orderWords({ state: 'confirmed', way: 'let-go' }).word).toBe('set back');
  });

  it('says when nobody was told', () => {
    const at = '2026-11-29T08:00:00.000Z' as never;
    expect(toldWords({ state: 'failed', escalated: null })).toBeNull();
    expect(toldWords({ state: 'given-up', escalated: { at, owner: '', to: [] } })).toContain('Nobody was told');
    expect(
      toldWords({ state: 'given-up', escalated: { at, owner: 'Support', to: [{ id: 's', name: 'Pager' }] } }),
    ).toBe('Told to Pager. Support answers for the system.');
  });

  it('says what a rehearsal saw, and whether the secret is enough', () => {
    const seen = { at: 'x' as never, ok: true, says: 'answers is on', ms: 3 };
    expect(rehearsedWords({ ...seen, may: 'unsaid' })).toBe('answers is on');
    expect(rehearsedWords({ ...seen, may: 'no' })).toBe('answers is on; its secret may not change it');
  });
});

import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { missingControls, type WiredControl } from './index.ts';

const T0 = instant('2026-11-20T10:00:00Z');
const system = {
  type: 'generative' as const,
  architecture: 'unsaid' as const,
  features: [
    { key: 'answers', name: 'Answers' },
    { key: 'orders', name: 'Orders' },
  ],
  versionsKnown: true,
};
const wired = (what: WiredControl['what'], testedAt: WiredControl['testedAt'] = T0): WiredControl => ({
  control: 'ctl_1',
  name: 'x',
  what,
  testedAt,
});

describe('what could not be stopped', () => {
  it('is everything where nothing is wired', () => {
    expect(missingControls(system, [], 0)).toEqual([
      { kind: 'guard' },
      { kind: 'stop-all' },
      { kind: 'stop-feature', feature: 'answers' },
      { kind: 'stop-feature', feature: 'orders' },
      { kind: 'roll-back' },
    ]);
  });
  it('is nothing where all can be stopped, a way back is wired, and both were tried', () => {
    const route = { kind: 'route', from: { prompt: 'v2' }, to: { prompt: 'v1' } } as const;
    expect(missingControls(system, [wired({ kind: 'disable' }), wired(route)], 2)).toEqual([]);
    expect(missingControls(system, [wired({ kind: 'disable' }), wired(route, null)], 2)).toEqual([
      { kind: 'never-tested', controls: 1 },
    ]);
  });
  it('names the levers that come first for the architecture, once', () => {
    const route = { kind: 'route', to: { prompt: 'v1' } } as const;
    const levers = (architecture: 'rag' | 'predictive', ...what: WiredControl['what'][]) =>
      missingControls(
        { ...system, architecture },
        what.map((each) => wired(each)),
        1,
      ).map((each) => (each.kind === 'for-architecture' ? each.lever.lever : each.kind));
    expect(levers('rag', { kind: 'disable' })).toEqual(['roll-back', 'retrieval-off', 'block-pattern']);
    expect(levers('rag', { kind: 'disable' }, route)).toEqual(['retrieval-off', 'block-pattern']);
    expect(levers('predictive', { kind: 'disable' }, route)).toEqual(['roll-back-model', 'human-review', 'threshold']);
  });
  it('counts a feature that has a lever of its own, and asks no way back of a classifier', () => {
    const only = [wired({ kind: 'disable', feature: 'answers' })];
    expect(missingControls({ ...system, type: 'predictive' }, only, 1)).toEqual([
      { kind: 'stop-all' },
      { kind: 'stop-feature', feature: 'orders' },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import written from '../../../../../conformance/made-up.json' with { type: 'json' };
import { compile } from './compiled.ts';
import { describeControl } from './kinds/ordering.ts';
import { type Control, isEnforced, KIND_NAMES, kindOf } from './kinds/registry.ts';
import { checkHold as checkHoldBy, isMet, probeOf } from './probe.ts';
import { type HoldInForce, type Verdict, verdictFor } from './verdict.ts';

const checkHold = (hold: HoldInForce, judge: (system: string, asking: object) => Verdict) =>
  checkHoldBy(hold, judge, { isEnforced, kindOf });

const inForce = (what: Control, more: object = {}): HoldInForce => ({
  hold: 'hld_1',
  number: 1,
  incident: 'inc_1',
  system: 'bot',
  what,
  order: 1,
  ...more,
});

const CONTROLS = written.map(({ what }) => what) as unknown as readonly Control[];

describe('a made-up request', () => {
  it('is there for every kind of control', () => {
    expect(new Set(CONTROLS.map(({ kind }) => kind))).toEqual(new Set(KIND_NAMES));
    for (const what of CONTROLS) expect(kindOf(what).check(what), JSON.stringify(what)).toEqual([]);
  });

  it.each(CONTROLS.map((what) => [describeControl(what), what] as const))(
    '%s: meets it, and nothing where it is not in force',
    (_, what) => {
      const { asking } = probeOf(what)!;
      expect(isMet(what, verdictFor([inForce(what)], { system: 'bot', ...asking }))).toBe(true);
      expect(isMet(what, verdictFor([], { system: 'bot', ...asking }))).toBe(false);
      const judged = compile({ schema: 1, system: 'bot', generation: 1, epoch: 1, holds: [inForce(what)] });
      expect(checkHold(inForce(what), judged.check)).toEqual({ state: 'effective' });
      expect(checkHold(inForce(what), () => ({ action: 'allow', epoch: 0 }))).toEqual({ state: 'not-effective' });
    },
  );

  it('is the one that every guard makes up', () => {
    for (const { what, asking, beside } of written) {
      const probe = probeOf(what as unknown as Control)!;
      expect(JSON.parse(JSON.stringify(probe.asking))).toEqual(asking);
      expect(probe.beside === undefined ? null : JSON.parse(JSON.stringify(probe.beside))).toEqual(beside);
    }
  });

  it('beside the control tells one that is too wide', () => {
    const what: Control = { kind: 'disable', feature: 'answers' };
    expect(checkHold(inForce(what), () => ({ action: 'deny', hold: 'hld_1', epoch: 1 }))).toEqual({
      state: 'too-wide',
    });
    // Something else that stops it is not this control.
    expect(checkHold(inForce(what), () => ({ action: 'deny', hold: 'hld_2', epoch: 1 }))).toEqual({
      state: 'effective',
    });
  });

  it('is none where nothing can be known: patterns alone, some let go already, a kind of tomorrow', () => {
    const judge = () => ({ action: 'deny', epoch: 1 }) as const;
    expect(checkHold(inForce({ kind: 'block', patterns: ['a+b'] }), judge)).toEqual({ state: 'unknown' });
    expect(checkHold(inForce({ kind: 'disable' }, { release: { percent: 10, step: 1 } }), judge)).toEqual({
      state: 'unknown',
    });
    expect(checkHold(inForce({ kind: 'tomorrow' } as never), judge)).toEqual({ state: 'unsupported' });
  });

  it('says what broke down, and never throws', () => {
    const state = checkHold(inForce({ kind: 'disable' }), () => {
      throw new Error('no memory');
    });
    expect(state).toEqual({ state: 'fault', says: 'no memory' });
  });

  it('counts what is stricter, and not an override that says otherwise', () => {
    const route: Control = { kind: 'route', to: { model: 'm1' } };
    expect(isMet(route, { action: 'deny', epoch: 1 })).toBe(true);
    expect(isMet(route, { action: 'reroute', to: { model: 'm2' }, epoch: 1 })).toBe(false);
    expect(isMet({ kind: 'limit', requests: 1, seconds: 1, per: 'subject' }, { action: 'review', epoch: 1 })).toBe(
      true,
    );
    expect(isMet({ kind: 'review' }, { action: 'limit', epoch: 1 })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { type AnyFact, type Asked, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  CONTROL_LIMIT,
  confirmHold,
  declareControl,
  describeControl,
  describeHold,
  expiriesDue,
  extendHold,
  failHold,
  foldContainment,
  foldControls,
  HOLDS_PER_INCIDENT,
  inForce,
  liftHold,
  type Manifest,
  type OrderHold,
  orderHold,
  retireControl,
} from './index.ts';

const ANA = { kind: 'person', id: 'usr_ana' } as const;
const BEN = { kind: 'person', id: 'usr_ben' } as const;
const T0 = instant('2026-11-20T10:00:00Z');
const asked = (by: Asked['by'] = ANA, minutes = 0): Asked => ({ by, at: instant(Date.parse(T0) + minutes * 60_000) });

const manifest: Manifest = {
  manifest: 'man_1',
  system: 'support-bot',
  versions: [{ deployment: 'production', kind: 'prompt', version: 'v41' }],
  holds: [],
  roster: [],
  telemetry: {},
  takenAt: T0,
  digest: 'sha256:00',
};
const want: OrderHold = {
  hold: 'hld_1',
  number: 1,
  incident: 'inc_1',
  system: 'support-bot',
  what: { kind: 'disable', feature: 'answers' },
  reason: 'invents a policy',
  expiry: { mode: 'until-lifted' },
  manifest,
  inForce: [],
};

function log(stream = 'inc_1') {
  const facts: Recorded[] = [];
  return {
    facts,
    record(decision: Decision<AnyFact>, by: Asked = asked()) {
      if (isRefusal(decision)) throw new Error(decision.refused);
      for (const fact of decision)
        facts.push({ ...fact, seq: facts.length + 1, version: facts.length + 1, stream, at: by.at, by: by.by });
    },
    get state() {
      return foldContainment(facts);
    },
  };
}
const code = (decision: Decision<AnyFact>) =>
  isRefusal(decision) ? decision.refused : decision.map(({ type }) => type);

describe('ordering', () => {
  it('preserves first, then restricts', () => {
    expect(code(orderHold(foldContainment([]), want, asked()))).toEqual(['evidence.preserved', 'containment.ordered']);
  });

  it('needs evidence or a reason for none', () => {
    const { manifest: _, ...bare } = want;
    expect(code(orderHold(foldContainment([]), bare, asked()))).toBe('hold.no-evidence');
    expect(code(orderHold(foldContainment([]), { ...bare, skipEvidence: ' ' }, asked()))).toBe('hold.no-evidence');
    expect(code(orderHold(foldContainment([]), { ...bare, skipEvidence: 'disk is full' }, asked()))).toEqual([
      'evidence.skipped',
      'containment.ordered',
    ]);
  });

  it('records nothing when the incident already holds it, and again once that is lifted', () => {
    const room = log();
    room.record(orderHold(room.state, want, asked()));
    expect(orderHold(room.state, { ...want, hold: 'hld_2' }, asked(BEN))).toEqual([]);
    room.record(liftHold(room.state, { hold: 'hld_1', reason: 'fixed' }, asked(BEN)), asked(BEN));
    expect(code(orderHold(room.state, { ...want, hold: 'hld_2' }, asked()))).toHaveLength(2);
  });

  it('refuses a second override of the same thing and names the other incident', () => {
    const what = { kind: 'route', to: { prompt: 'v40' } } as const;
    const other = log('inc_other');
    other.record(orderHold(other.state, { ...want, hold: 'hld_9', number: 9, what }, asked()));
    const held = [...other.state.holds.values()].map(inForce);
    const mine: OrderHold = {
      ...want,
      what: { kind: 'route', feature: 'answers', to: { prompt: 'v39' } },
      inForce: held,
    };
    const decision = orderHold(foldContainment([]), mine, asked());
    expect(decision).toMatchObject({ refused: 'hold.conflict', why: expect.stringContaining('inc_other') });
    expect(code(orderHold(foldContainment([]), { ...mine, supersedes: 'hld_9' }, asked()))).toHaveLength(2);
    expect(
      code(orderHold(foldContainment([]), { ...mine, what: { kind: 'route', to: { model: 'm' } } }, asked())),
    ).toHaveLength(2);
    expect(code(orderHold(foldContainment([]), { ...mine, what: { kind: 'disable' } }, asked()))).toHaveLength(2);
  });

  it.each([
    [{ kind: 'route', to: {} }, '/what/to'],
    [{ kind: 'route', from: { model: 'a' }, to: { model: 'a' } }, '/what/to/model'],
    [{ kind: 'fence' }, '/what'],
    [{ kind: 'fence', countries: { mode: 'deny', list: ['Germany'] } }, '/what/countries/list/0'],
    [{ kind: 'disable', feature: '' }, '/what/feature'],
    [{ kind: 'explode' }, '/what/kind'],
  ])('refuses %j', (what, pointer) => {
    const decision = orderHold(foldContainment([]), { ...want, what: what as OrderHold['what'] }, asked());
    expect(decision).toMatchObject({ refused: 'control.bad-parameters', pointer });
  });

  it('refuses more than an incident may hold', () => {
    const room = log();
    for (let count = 0; count < HOLDS_PER_INCIDENT; count += 1) {
      const what = { kind: 'disable', feature: `f${count}` } as const;
      room.record(orderHold(room.state, { ...want, hold: `hld_${count}`, what }, asked()));
    }
    const one = { ...want, hold: 'hld_more', what: { kind: 'disable' } } as const;
    expect(code(orderHold(room.state, one, asked()))).toBe('hold.too-many');
  });

  it('refuses an expiry that has passed', () => {
    const expiry = { mode: 'auto', at: T0 } as const;
    expect(code(orderHold(foldContainment([]), { ...want, expiry }, asked()))).toBe('hold.bad-expiry');
  });
});

describe('a hold', () => {
  const ordered = (over: Partial<OrderHold> = {}) => {
    const room = log();
    room.record(orderHold(room.state, { ...want, ...over }, asked()));
    return room;
  };

  it('is not lifted by whoever ordered it', () => {
    const room = ordered();
    const lift = { hold: 'hld_1', reason: 'fixed' } as const;
    expect(code(liftHold(room.state, lift, asked()))).toBe('hold.same-person');
    room.record(liftHold(room.state, lift, asked(BEN)), asked(BEN));
    expect(code(liftHold(room.state, lift, asked(BEN)))).toBe('hold.already-lifted');
    expect(code(liftHold(room.state, { ...lift, hold: 'hld_7' }, asked(BEN)))).toBe('hold.unknown');
    expect(room.state.holds.get('hld_1')?.ended?.by).toEqual(BEN);
  });

  it('is ordered, then failed with names, then confirmed by a late acknowledgement', () => {
    const room = ordered();
    expect(room.state.holds.get('hld_1')?.confirmation).toBe('ordered');
    const failed = {
      hold: 'hld_1',
      why: 'no answer',
      instances: [{ instance: 'bot-2', host: 'b', why: 'silent' }],
    } as const;
    room.record(failHold(room.state, failed, asked()));
    expect(failHold(room.state, failed, asked())).toEqual([]);
    expect(room.state.holds.get('hld_1')?.failure?.instances[0]?.instance).toBe('bot-2');
    room.record(confirmHold(room.state, { hold: 'hld_1', instances: 2, lastAckMs: 9000, epoch: 2 }, asked()));
    const hold = room.state.holds.get('hld_1');
    expect(hold?.failure).toBeUndefined();
    expect(hold && describeHold(hold)).toBe('disable answers, confirmed by 2 instances');
    expect(confirmHold(room.state, { hold: 'hld_1', instances: 2, lastAckMs: 1, epoch: 2 }, asked())).toEqual([]);
  });

  it('can be made longer, never shorter', () => {
    const at = asked(ANA, 60).at;
    const room = ordered({ expiry: { mode: 'auto', at } });
    const extend = (expiry: OrderHold['expiry']) =>
      extendHold(room.state, { hold: 'hld_1', expiry, reason: 'r' }, asked());
    expect(code(extend({ mode: 'auto', at: asked(ANA, 30).at }))).toBe('hold.bad-expiry');
    expect(extend({ mode: 'auto', at })).toEqual([]);
    room.record(extend({ mode: 'until-lifted' }));
    expect(code(extend({ mode: 'auto', at: asked(ANA, 90).at }))).toBe('hold.bad-expiry');
  });

  it('ends by itself once, at its time, and only if it was ordered to', () => {
    const room = ordered({ expiry: { mode: 'auto', at: asked(ANA, 60).at } });
    expect(expiriesDue(room.state, asked(ANA, 59))).toEqual([]);
    room.record(expiriesDue(room.state, asked(ANA, 60)));
    expect(room.state.holds.get('hld_1')?.state).toBe('expired');
    expect(expiriesDue(room.state, asked(ANA, 61))).toEqual([]);
    expect(expiriesDue(ordered().state, asked(ANA, 1e6))).toEqual([]);
  });
});

describe('levers', () => {
  const lever = {
    control: 'ctl_1',
    system: 'support-bot',
    name: 'Roll back prompt',
    what: { kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } },
    sideEffects: 'Answers lose the new tone.',
    expiry: { mode: 'until-lifted' },
    needs: 'containment.order',
  } as const;

  it('are declared once, and retired', () => {
    const room = log('sys_1');
    room.record(declareControl(foldControls(room.facts), lever, asked()));
    expect(declareControl(foldControls(room.facts), { ...lever, control: 'ctl_2' }, asked())).toEqual([]);
    const taken = declareControl(
      foldControls(room.facts),
      { ...lever, control: 'ctl_2', what: { kind: 'disable' } },
      asked(),
    );
    expect(code(taken)).toBe('control.name-taken');
    room.record(retireControl(foldControls(room.facts), { control: 'ctl_1', reason: 'new prompt' }, asked()));
    expect(foldControls(room.facts).controls.get('ctl_1')?.retired).toBe(true);
    expect(code(retireControl(foldControls(room.facts), { control: 'ctl_9', reason: '' }, asked()))).toBe(
      'control.unknown',
    );
  });

  it('are limited in number, retired ones not counted', () => {
    const room = log('sys_1');
    const declare = (count: number) => ({ ...lever, control: `ctl_${count}`, name: `Lever ${count}` }) as const;
    for (let count = 0; count < CONTROL_LIMIT; count += 1)
      room.record(declareControl(foldControls(room.facts), declare(count), asked()));
    expect(code(declareControl(foldControls(room.facts), declare(9_999), asked()))).toBe('control.too-many');
    room.record(retireControl(foldControls(room.facts), { control: 'ctl_7', reason: 'old' }, asked()));
    expect(code(declareControl(foldControls(room.facts), declare(9_999), asked()))).toEqual(['control.declared']);
  });

  it('are refused with bad parameters', () => {
    const bad = { ...lever, what: { kind: 'fence' } } as const;
    expect(code(declareControl(foldControls([]), bad, asked()))).toBe('control.bad-parameters');
  });

  it('read as sentences', () => {
    expect(describeControl(lever.what)).toBe('roll back prompt v41 → v40');
    expect(describeControl({ kind: 'disable', feature: 'refunds' })).toBe('disable refunds');
    expect(describeControl({ kind: 'throttle' })).toBe('throttle (unknown to this version)');
  });
});

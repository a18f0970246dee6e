import { describe, expect, it } from 'vitest';
import { type AnyFact, addMs, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  changeExecutor,
  declareExecutor,
  type Executor,
  foldExecutor,
  letGo,
  MOST_TRIES,
  noteSeen,
  notObeyed,
  type Outcome,
  orderAgain,
  orderKey,
  proofOf,
  rehearseExecutor,
  retireExecutor,
  settleOrder,
  takeHold,
  type Way,
  wantedWay,
} from './index.ts';

const start = instant('2026-11-29T08:00:00Z');
const controls = [{ system: 'bot', control: 'ctl_1', name: 'Answers' }];
const declared = {
  executor: 'exe_1',
  keyed: true,
  name: 'Flag',
  kind: 'unleash',
  settings: { url: 'https://u.test', flag: 'answers' },
  controls,
} as const;

/** An executor that is told things one after the other, a second apart. */
class Told {
  facts: Recorded[] = [];
  now = start;
  constructor() {
    this.tell((state) => declareExecutor(state, declared, 0));
  }
  get state(): Executor {
    return foldExecutor(this.facts)!;
  }
  tell(decide: (state: Executor | null, at: typeof start) => Decision<AnyFact>): Recorded[] {
    this.now = addMs(this.now, 1_000);
    const decision = decide(foldExecutor(this.facts), this.now);
    if (isRefusal(decision)) throw new Error(decision.refused);
    const by = { kind: 'system', id: 'executors' } as const;
    const more = decision.map((fact, i) => ({
      ...fact,
      at: this.now,
      by,
      seq: 0,
      version: this.facts.length + i + 1,
      stream: 'exe_1',
    })) as Recorded[];
    this.facts = [...this.facts, ...more];
    return more;
  }
  hold(n: number) {
    const about = { incident: `inc_${n}`, hold: `hld_${n}`, label: `HLD-${n}`, system: 'bot', control: 'ctl_1' };
    return this.tell((state) => takeHold(state, about));
  }
  over = (n: number) => this.tell((state) => letGo(state, { hold: `hld_${n}` }));
  seen = (n: number, on: boolean) =>
    this.tell((state) => noteSeen(state, { hold: `hld_${n}`, way: 'hold' }, { value: { on }, says: `is ${on}` }));
  settle(n: number, way: Way, over: Partial<Outcome> = {}) {
    const outcome = { stands: 'there', says: 'seen', sent: true, waitMs: null, ...over } as Outcome;
    return this.tell((state, at) => settleOrder(state, { hold: `hld_${n}`, way }, outcome, { at }));
  }
  order = (n: number, way: Way) => this.state.orders.get(orderKey({ hold: `hld_${n}`, way }))!;
}
const types = (facts: Recorded[]) => facts.map(({ type }) => type);

describe('an executor', () => {
  it('holds once, keeps what was, and goes back to it', () => {
    const told = new Told();
    expect(types(told.hold(1))).toEqual(['executor.ordered']);
    expect(told.hold(1)).toEqual([]);
    told.seen(1, true);
    expect(told.settle(1, 'hold')).toMatchObject([{ type: 'executor.confirmed', data: { ms: 3_000, attempt: 1 } }]);
    expect(told.settle(1, 'hold')).toEqual([]);
    expect(told.over(1)).toMatchObject([{ type: 'executor.ordered', data: { way: 'let-go' } }]);
    expect(told.over(1)).toEqual([]);
    expect(told.state.was?.value).toEqual({ on: true });
    told.settle(1, 'let-go');
    expect(told.state.was).toBeNull();
  });

  it('keeps the switch for the second hold, and what it was before the first', () => {
    const told = new Told();
    told.hold(1);
    told.seen(1, true);
    told.settle(1, 'hold');
    told.hold(2);
    // The second hold sees what the first one did; that is not what it was.
    expect(told.seen(2, false)).toEqual([]);
    told.settle(2, 'hold', { sent: false });
    expect(told.over(1)).toMatchObject([{ type: 'executor.stayed', data: { because: ['HLD-2'] } }]);
    expect(wantedWay(told.state)).toBe('hold');
    expect(told.over(2)).toMatchObject([{ type: 'executor.ordered', data: { way: 'let-go', hold: 'hld_2' } }]);
    expect(told.state.was?.value).toEqual({ on: true });
  });

  it('is tried a bounded number of times, waits longer each time and as long as it is asked to, then gives up', () => {
    const told = new Told();
    told.hold(1);
    const fail = (waitMs: number | null = null) =>
      told.settle(1, 'hold', { stands: { trouble: 'no answer', final: false }, waitMs });
    const waits = Array.from({ length: MOST_TRIES }, () => fail()[0]!.data.againAfterMs);
    expect(waits).toEqual([2_000, 10_000, 30_000, 120_000, null]);
    expect(told.order(1, 'hold')).toMatchObject({ state: 'given-up', failures: 5, says: 'no answer' });
    expect(fail()).toEqual([]);
    expect(types(told.tell((state) => orderAgain(state, { hold: 'hld_1', way: 'hold' })))).toEqual([
      'executor.ordered',
    ]);
    expect(told.order(1, 'hold')).toMatchObject({ state: 'ordered', failures: 0 });
    expect(fail(45_000)[0]!.data.againAfterMs).toBe(45_000);
    expect(fail(86_400_000)[0]!.data.againAfterMs).toBe(600_000);
  });

  it('gives up at once where trying again would not help, and where it was under way for too long', () => {
    const told = new Told();
    told.hold(1);
    expect(types(told.settle(1, 'hold', { stands: 'under-way' }))).toEqual(['executor.under-way']);
    expect(told.settle(1, 'hold', { stands: 'under-way' })).toEqual([]);
    told.now = addMs(told.now, 30_000);
    expect(told.settle(1, 'hold', { stands: 'under-way', says: 'still on' })).toMatchObject([
      { data: { why: 'not done after 30 seconds; last seen: still on', againAfterMs: 2_000 } },
    ]);
    expect(told.settle(1, 'hold', { stands: 'elsewhere', says: 'is on' })).toMatchObject([
      { data: { why: 'it was changed, and still: is on' } },
    ]);
    expect(told.settle(1, 'hold', { stands: { trouble: '401', final: true } })).toMatchObject([
      { data: { againAfterMs: null } },
    ]);
  });

  it('undoes what came late: an order that was overtaken while it was carried out', () => {
    const told = new Told();
    told.hold(1);
    told.seen(1, true);
    told.over(1);
    told.settle(1, 'let-go', { sent: false });
    // The switch had not been turned yet; now it is, by the order that was overtaken.
    expect(told.state.was?.value).toEqual({ on: true });
    expect(told.settle(1, 'hold', { sent: true })).toMatchObject([
      { type: 'executor.overtaken' },
      { type: 'executor.ordered', data: { way: 'let-go', again: true } },
    ]);
    told.settle(1, 'let-go');
    expect(told.state.was).toBeNull();
    expect(told.state.holding).toEqual([]);
  });

  it('drops an order nobody began, without another move', () => {
    const told = new Told();
    told.hold(1);
    told.over(1);
    expect(types(told.settle(1, 'hold', { stands: 'elsewhere', sent: false }))).toEqual(['executor.overtaken']);
    expect(() => told.tell((state) => orderAgain(state, { hold: 'hld_1', way: 'hold' }))).toThrow('executor.no-order');
  });

  it('cannot be pointed elsewhere or retired while it holds, but renamed', () => {
    const told = new Told();
    told.hold(1);
    const { name, settings } = declared;
    const change = (over: object) => told.tell((state) => changeExecutor(state, { name, settings, controls, ...over }));
    expect(() => change({ settings: { ...settings, flag: 'other' } })).toThrow('executor.holding');
    expect(() => told.tell((state) => retireExecutor(state, { reason: 'x' }))).toThrow('executor.holding');
    expect(types(change({ name: 'Flag of answers' }))).toEqual(['executor.changed']);
    expect(told.state.settings.environment).toBe('production');
  });

  it('is free again once what was given up does not matter any more', () => {
    const told = new Told();
    const { name, settings } = declared;
    const elsewhere = () =>
      told.tell((state) => changeExecutor(state, { name, settings: { ...settings, flag: 'other' }, controls }));
    const fail = (way: Way) => told.settle(1, way, { stands: { trouble: '401', final: true }, sent: false });
    told.hold(1);
    fail('hold');
    expect(notObeyed(told.state)).toMatchObject([{ label: 'HLD-1', way: 'hold' }]);
    told.over(1);
    fail('let-go');
    expect(notObeyed(told.state)).toMatchObject([{ label: 'HLD-1', way: 'let-go' }]);
    expect(elsewhere).toThrow('executor.holding');
    told.tell((state) => orderAgain(state, { hold: 'hld_1', way: 'let-go' }));
    told.settle(1, 'let-go');
    expect(notObeyed(told.state)).toEqual([]);
    expect(types(elsewhere())).toEqual(['executor.changed']);
  });

  it('refuses what it could not work with', () => {
    const declare = (over: object, beside = 0) => declareExecutor(null, { ...declared, ...over }, beside);
    expect(declare({ settings: {} })).toMatchObject({ refused: 'executor.bad-settings', pointer: '/settings/url' });
    expect(declare({ controls: [] })).toMatchObject({ refused: 'executor.bad-settings', pointer: '/controls' });
    expect(declare({ keyed: false })).toMatchObject({ refused: 'executor.bad-settings', pointer: '/secret' });
    expect(declare({}, 200)).toMatchObject({ refused: 'executor.too-many' });
    expect(takeHold(null, {} as never)).toEqual([]);
  });

  it('is proven by a rehearsal for thirty days, or by having obeyed; a change proves nothing', () => {
    const told = new Told();
    const proof = () => proofOf(told.state, told.now);
    expect(proof()).toBe('not-proven');
    const rehearse = (ok: boolean, may: 'yes' | 'no' | 'unsaid' = 'yes') =>
      told.tell((state) => rehearseExecutor(state, { ok, says: 'is on', may, ms: 3 }));
    rehearse(true);
    expect(proof()).toBe('proven');
    told.now = addMs(told.now, 31 * 86_400_000);
    expect(proof()).toBe('not-proven');
    rehearse(true, 'no');
    expect(proof()).toBe('failing');
    told.hold(1);
    told.settle(1, 'hold');
    expect(proof()).toBe('proven');
    told.over(1);
    told.settle(1, 'let-go', { stands: { trouble: '401', final: true } });
    expect(proof()).toBe('failing');
  });
});

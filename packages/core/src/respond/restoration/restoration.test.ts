import { describe, expect, it } from 'vitest';
import { type AnyFact, type Asked, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { type Gate, liftHold, orderHold } from '../containment/index.ts';
import {
  advanceRestorations,
  approveRestoration,
  askRestoration,
  conditionsFor,
  foldRestorations,
  haltRestoration,
  meetCondition,
  type Plan,
  withdrawRestoration,
} from './index.ts';

const person = (id: string) => ({ kind: 'person', id: `usr_${id}` }) as const;
const T0 = instant('2026-11-20T10:00:00Z');
const by = (id: string, minutes = 0): Asked => ({ by: person(id), at: instant(Date.parse(T0) + minutes * 60_000) });
const HOLD = 'hld_1' as const;
const PLAN: Plan = {
  conditions: [
    { kind: 'check', text: 'the prompt is mended' },
    { kind: 'suite', suite: 'evs_1', name: 'Policies' },
  ],
  stages: [
    { percent: 10, minutes: 30 },
    { percent: 50, minutes: 60 },
  ],
  approvals: 2,
  watchMinutes: 120,
};

/** An incident in which Ana ordered a hold. */
function room(gate?: Gate) {
  const facts: Recorded[] = [];
  const it = {
    facts,
    get state() {
      return foldRestorations(facts);
    },
    get now() {
      return it.state.restorations.get(HOLD);
    },
    get release() {
      return it.state.containment.holds.get(HOLD)?.release;
    },
    take(decision: Decision<AnyFact>, asked: Asked): string[] {
      if (isRefusal(decision)) return [decision.refused];
      for (const fact of decision)
        facts.push({
          ...fact,
          seq: facts.length + 1,
          version: facts.length + 1,
          stream: 'inc_1',
          at: asked.at,
          by: asked.by,
        });
      return decision.map(({ type }) => type);
    },
    ask: (plan: Plan = PLAN, asked = by('cem')) =>
      it.take(askRestoration(it.state, { hold: HOLD, plan, reason: 'v42 is live' }, asked), asked),
    meet: (place: number, run?: string, asked = by('dee')) =>
      it.take(meetCondition(it.state, { hold: HOLD, place, note: 'seen', ...(run && { run }) }, asked), asked),
    agree: (asked: Asked) => it.take(approveRestoration(it.state, { hold: HOLD, note: '' }, asked), asked),
    tick: (minutes: number) => it.take(advanceRestorations(it.state, by('x', minutes)), by('x', minutes)),
  };
  const ordered = orderHold(
    it.state.containment,
    {
      hold: HOLD,
      number: 1,
      incident: 'inc_1',
      system: 'bot',
      what: { kind: 'disable' },
      reason: 'lies',
      expiry: { mode: 'until-lifted' },
      skipEvidence: 'a test',
      inForce: [],
      ...(gate && { gate }),
    },
    by('ana'),
  );
  it.take(ordered, by('ana'));
  return it;
}
const ready = () => {
  const it = room();
  it.ask();
  it.meet(0);
  it.meet(1, 'evr_1');
  it.agree(by('ben'));
  return it;
};

describe('letting go', () => {
  it('waits for every condition, then for so many people, then goes step by step, and is watched', () => {
    const it = room();
    expect(it.agree(by('ben'))).toEqual(['restoration.none']);
    expect(it.ask()).toEqual(['restoration.asked']);
    expect(it.agree(by('ben'))).toEqual(['restoration.conditions-open']);
    expect(it.meet(0)).toEqual(['restoration.met']);
    expect(it.meet(0)).toEqual([]);
    expect(it.meet(1)).toEqual(['restoration.unknown-condition']);
    expect(it.meet(7)).toEqual(['restoration.unknown-condition']);
    expect(it.meet(1, 'evr_1')).toEqual(['restoration.met']);
    expect(it.agree(by('ben'))).toEqual(['restoration.approved']);
    expect(it.release).toBeUndefined();
    expect(it.agree(by('eva', 5))).toEqual(['restoration.approved', 'containment.released']);
    expect(it.release).toEqual({ percent: 10, step: 1 });
    expect(it.tick(34)).toEqual([]);
    expect(it.tick(35)).toEqual(['containment.released']);
    expect(it.release).toEqual({ percent: 50, step: 2 });
    expect(it.tick(94)).toEqual([]);
    expect(it.tick(95)).toEqual(['containment.lifted']);
    expect(it.now).toMatchObject({ state: 'watched', step: 3 });
    expect(it.tick(214)).toEqual([]);
    expect(it.tick(215)).toEqual(['restoration.held-good']);
    expect(it.now).toMatchObject({ state: 'done' });
    expect(it.tick(10_000)).toEqual([]);
  });

  it.each([
    ['whoever ordered the hold', 'ana'],
    ['whoever asked', 'cem'],
    ['whoever agreed already', 'ben'],
  ])('is not agreed to by %s', (_, who) => {
    const it = ready();
    expect(it.agree(by(who))).toEqual(['restoration.same-person']);
    expect(it.agree(by('eva'))).toEqual(['restoration.approved', 'containment.released']);
  });

  it('counts a key as the person behind it', () => {
    const it = ready();
    const key: Asked = { by: { kind: 'key', id: 'key_1' }, at: T0 };
    const behind = (actor: Asked['by']) => (actor.kind === 'key' ? 'usr_ana' : actor.id);
    expect(approveRestoration(it.state, { hold: HOLD, note: '' }, key, behind)).toMatchObject({
      refused: 'restoration.same-person',
    });
  });

  it('is held again at once when it comes back, and asked for anew', () => {
    const it = ready();
    it.agree(by('eva'));
    const halt = () =>
      haltRestoration(it.state, { hold: HOLD, reason: 'it lies again', signal: 'sig_1' }, by('ana', 9));
    expect(it.take(halt(), by('ana', 9))).toEqual(['restoration.halted', 'containment.released']);
    expect(it.release).toEqual({ percent: 0, step: 2 });
    expect(it.now).toMatchObject({ state: 'halted', signal: 'sig_1' });
    expect(it.tick(9_999)).toEqual([]);
    expect(it.take(halt(), by('ana', 9))).toEqual(['restoration.none']);
    expect(it.ask({ ...PLAN, conditions: [], approvals: 1 })).toEqual(['restoration.asked']);
    expect(it.agree(by('ben', 20))).toEqual(['restoration.approved', 'containment.released']);
    expect(it.release).toEqual({ percent: 10, step: 3 });
  });

  it('names the hold ordered anew when it comes back in the watch', () => {
    const it = room();
    it.ask({ conditions: [], stages: [], approvals: 1, watchMinutes: 60 });
    expect(it.agree(by('ben'))).toEqual(['restoration.approved', 'containment.lifted']);
    const asked = by('x', 3);
    expect(it.take(haltRestoration(it.state, { hold: HOLD, reason: 'again', again: 'hld_2' }, asked), asked)).toEqual([
      'restoration.halted',
    ]);
    expect(it.now).toMatchObject({ state: 'halted', again: 'hld_2' });
  });

  it('is withdrawn before anybody is let go, and halted after', () => {
    const it = ready();
    const withdraw = () => withdrawRestoration(it.state, { hold: HOLD, reason: 'too soon' }, by('cem'));
    const halt = () => haltRestoration(it.state, { hold: HOLD, reason: 'too soon' }, by('cem'));
    expect(it.take(halt(), by('cem'))).toEqual(['restoration.not-begun']);
    expect(it.ask()).toEqual(['restoration.under-way']);
    expect(it.take(withdraw(), by('cem'))).toEqual(['restoration.withdrawn']);
    expect(it.ask()).toEqual(['restoration.asked']);
    it.meet(0);
    it.meet(1, 'evr_1');
    it.agree(by('ben'));
    it.agree(by('eva'));
    expect(it.take(withdraw(), by('cem'))).toEqual(['restoration.begun']);
  });

  it.each<[string, Partial<Plan>]>([
    ['everybody as a stage', { stages: [{ percent: 100, minutes: 5 }] }],
    ['nobody as a stage', { stages: [{ percent: 0, minutes: 5 }] }],
    [
      'a step back',
      {
        stages: [
          { percent: 50, minutes: 5 },
          { percent: 10, minutes: 5 },
        ],
      },
    ],
    ['a stage without time', { stages: [{ percent: 10, minutes: 0 }] }],
    ['a watch without end', { watchMinutes: 1e9 }],
    ['nobody who agrees', { approvals: 0 }],
    ['more stages than there may be', { stages: Array.from({ length: 11 }, () => ({ percent: 10, minutes: 1 })) }],
  ])('is not planned with %s', (_, part) => expect(room().ask({ ...PLAN, ...part })).toEqual(['restoration.bad-plan']));

  it('asks for no less than the gate of the hold', () => {
    const gate: Gate = { checks: ['legal has agreed'], suites: ['evs_1'], approvals: 2, watchMinutes: 60 };
    const it = room(gate);
    expect(it.ask({ ...PLAN, approvals: 1 })).toEqual(['restoration.bad-plan']);
    expect(it.ask({ ...PLAN, watchMinutes: 59 })).toEqual(['restoration.bad-plan']);
    expect(liftHold(it.state.containment, { hold: HOLD, reason: 'now' }, by('ben'))).toMatchObject({
      refused: 'hold.gated',
    });
    expect(
      conditionsFor(
        gate,
        [
          { kind: 'check', text: 'legal has agreed' },
          { kind: 'check', text: 'b' },
        ],
        () => 'Set',
      ),
    ).toEqual([
      { kind: 'check', text: 'legal has agreed' },
      { kind: 'suite', suite: 'evs_1', name: 'Set' },
      { kind: 'check', text: 'b' },
    ]);
  });
});

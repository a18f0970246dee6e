import { describe, expect, it } from 'vitest';
import { type AnyFact, type Asked, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  adoptHold,
  approvePull,
  askPull,
  expiriesDue,
  extendHold,
  foldContainment,
  orderHold,
  pullsLapsing,
  untilAdopted,
  withdrawPull,
} from '../containment/index.ts';
import { advanceRestorations, approveRestoration, askRestoration, foldRestorations } from '../restoration/index.ts';
import { approveGlass, breakGlass, endGlass, foldGlass, glassDue, tellGlass } from './index.ts';

const T0 = instant('2026-11-20T10:00:00Z');
const person = (id: string) => ({ kind: 'person', id: `usr_${id}` }) as const;
const [ANA, BEN, CEM] = [person('ana'), person('ben'), person('cem')] as const;
const asked = (by: Asked['by'], minutes = 0): Asked => ({ by, at: instant(Date.parse(T0) + minutes * 60_000) });
const WHAT = { kind: 'disable', feature: 'answers' } as const;

function room() {
  const facts: Recorded[] = [];
  return {
    facts,
    do(decision: Decision<AnyFact>, by: Asked) {
      if (isRefusal(decision)) throw new Error(`${decision.refused}: ${decision.why}`);
      for (const fact of decision)
        facts.push({
          ...fact,
          seq: facts.length + 1,
          version: facts.length + 1,
          stream: 'inc_1',
          at: by.at,
          by: by.by,
        });
      return decision.map(({ type }) => type);
    },
    get holds() {
      return foldContainment(facts);
    },
    get glass() {
      return foldGlass(facts);
    },
    get plans() {
      return foldRestorations(facts);
    },
    hold: () => foldContainment(facts).holds.get('hld_1')!,
  };
}
function held() {
  const it = room();
  const want = { hold: 'hld_1', number: 1, incident: 'inc_1', system: 'bot', what: WHAT, reason: 'lies' } as const;
  it.do(
    orderHold(it.holds, { ...want, expiry: { mode: 'until-lifted' }, skipEvidence: 'test', inForce: [] }, asked(ANA)),
    asked(ANA),
  );
  return it;
}
const code = (decision: Decision<AnyFact>) => (isRefusal(decision) ? decision.refused : decision.map((f) => f.type));
const WANT = { glass: 'gls_1', hold: 'hld_1', reason: 'patients wait', change: 'sha256:1' } as const;

describe('breaking the glass', () => {
  it('lets everybody go at once and puts the hold back after an hour, once', () => {
    const it = held();
    expect(it.do(breakGlass(it.glass, WANT, asked(BEN)), asked(BEN))).toEqual(['glass.broken', 'containment.released']);
    expect(it.hold()).toMatchObject({ state: 'active', glass: 'gls_1', release: { percent: 100, step: 1 } });
    expect(glassDue(it.glass, asked(BEN, 59))).toEqual([]);
    expect(it.do(glassDue(it.glass, asked(BEN, 60)), asked(BEN, 60))).toEqual(['glass.ended', 'containment.released']);
    expect(it.hold()).toMatchObject({ state: 'active', release: { percent: 0, step: 2 } });
    expect(it.hold().glass).toBeUndefined();
    expect(glassDue(it.glass, asked(BEN, 61))).toEqual([]);
  });

  it('is for one person, signed in, who may be whoever ordered the hold; once at a time', () => {
    const it = held();
    expect(code(breakGlass(it.glass, WANT, asked({ kind: 'key', id: 'key_1' })))).toBe('hold.person-needed');
    it.do(breakGlass(it.glass, WANT, asked(ANA)), asked(ANA));
    expect(code(breakGlass(it.glass, { ...WANT, glass: 'gls_2' }, asked(BEN)))).toBe('glass.open');
    expect(code(breakGlass(it.glass, { ...WANT, hold: 'hld_9' }, asked(BEN)))).toBe('hold.unknown');
  });

  it('needs two others within a day, or is overdue; late agreement still counts', () => {
    const it = held();
    it.do(breakGlass(it.glass, WANT, asked(ANA)), asked(ANA));
    it.do(glassDue(it.glass, asked(ANA, 60)), asked(ANA, 60));
    const agree = (by: Asked, change: string = WANT.change) =>
      approveGlass(it.glass, { glass: 'gls_1', change, note: '' }, by);
    expect(code(agree(asked(ANA, 61)))).toBe('glass.same-person');
    expect(code(agree(asked(BEN, 61), 'sha256:other'))).toBe('glass.changed');
    it.do(agree(asked(BEN, 61)), asked(BEN, 61));
    expect(code(agree(asked(BEN, 62)))).toBe('glass.same-person');
    expect(it.do(glassDue(it.glass, asked(ANA, 1_440)), asked(ANA, 1_440))).toEqual(['glass.overdue']);
    expect(it.glass.glasses.get('gls_1')?.overdue).toBe(true);
    it.do(agree(asked(CEM, 1_500)), asked(CEM, 1_500));
    expect(agree(asked(person('dia'), 1_501))).toEqual([]);
  });

  it('ends early by anybody, and not twice', () => {
    const it = held();
    it.do(breakGlass(it.glass, WANT, asked(ANA)), asked(ANA));
    expect(code(endGlass(it.glass, { glass: 'gls_9', reason: 'r' }))).toBe('glass.unknown');
    it.do(endGlass(it.glass, { glass: 'gls_1', reason: 'it lies again' }), asked(CEM, 5));
    expect(it.hold().release?.percent).toBe(0);
    expect(code(endGlass(it.glass, { glass: 'gls_1', reason: 'r' }))).toBe('glass.over');
  });

  it('is no step of a plan to let go, and a plan goes on afterwards', () => {
    const it = held();
    const plan = { conditions: [], stages: [{ percent: 10, minutes: 30 }], approvals: 1, watchMinutes: 0 };
    it.do(askRestoration(it.plans, { hold: 'hld_1', plan, reason: 'v42' }, asked(CEM)), asked(CEM));
    it.do(breakGlass(it.glass, WANT, asked(BEN, 1)), asked(BEN, 1));
    expect(it.plans.restorations.get('hld_1')).toMatchObject({ state: 'asked', step: 0 });
    it.do(glassDue(it.glass, asked(BEN, 61)), asked(BEN, 61));
    expect(it.plans.restorations.get('hld_1')?.state).toBe('asked');
    it.do(approveRestoration(it.plans, { hold: 'hld_1', note: '' }, asked(BEN, 62)), asked(BEN, 62));
    expect(it.hold().release).toMatchObject({ percent: 10, step: 3 });
    it.do(advanceRestorations(it.plans, asked(BEN, 100)), asked(BEN, 100));
    expect(it.hold().state).toBe('lifted');
  });

  it('tells once who was told, and is too much at some time', () => {
    const it = held();
    it.do(breakGlass(it.glass, WANT, asked(ANA)), asked(ANA));
    const told = { glass: 'gls_1', to: [{ id: 'sub_1', name: 'pager' }] } as const;
    expect(it.do(tellGlass(it.glass, told), asked(ANA))).toEqual(['glass.paged']);
    expect(tellGlass(it.glass, told)).toEqual([]);
    for (let count = 2; count <= 51; count += 1) {
      it.do(glassDue(it.glass, asked(ANA, count * 60)), asked(ANA, count * 60));
      const again = breakGlass(it.glass, { ...WANT, glass: `gls_${count}` }, asked(ANA, count * 60));
      if (count === 51) expect(code(again)).toBe('glass.too-many');
      else it.do(again, asked(ANA, count * 60));
    }
  });
});

describe('a pull that needs a second person', () => {
  const SAID = {
    system: 'bot',
    what: WHAT,
    reason: 'lies',
    expiry: { mode: 'until-lifted' },
    skipEvidence: 't',
  } as const;
  const ask = (it: ReturnType<typeof room>, by: Asked, pull: `pul_${string}` = 'pul_1') =>
    askPull(it.holds, { ...SAID, pull, change: 'sha256:c', minutes: 10 }, by);
  const agree = (it: ReturnType<typeof room>, by: Asked, change = 'sha256:c') =>
    approvePull(it.holds, { pull: 'pul_1', change, hold: 'hld_1', number: 1, inForce: [] }, by);

  it('waits, and is ordered in the moment somebody else agrees to exactly that', () => {
    const it = room();
    it.do(ask(it, asked(ANA)), asked(ANA));
    expect(ask(it, asked(ANA), 'pul_2')).toEqual([]);
    expect(it.holds.holds.size).toBe(0);
    expect(code(agree(it, asked(ANA)))).toBe('pull.same-person');
    expect(code(agree(it, asked(BEN), 'sha256:other'))).toBe('pull.changed');
    expect(it.do(agree(it, asked(BEN, 9)), asked(BEN, 9))).toEqual([
      'pull.approved',
      'evidence.skipped',
      'containment.ordered',
    ]);
    expect(it.hold()).toMatchObject({ orderedBy: ANA, seconded: BEN });
    expect(code(agree(it, asked(CEM, 9)))).toBe('pull.over');
  });

  it('lapses by itself, once, and is withdrawn by anybody', () => {
    const it = room();
    it.do(ask(it, asked(ANA)), asked(ANA));
    expect(code(agree(it, asked(BEN, 10)))).toBe('pull.over');
    expect(pullsLapsing(it.holds, asked(ANA, 9))).toEqual([]);
    it.do(pullsLapsing(it.holds, asked(ANA, 10)), asked(ANA, 10));
    expect(pullsLapsing(it.holds, asked(ANA, 11))).toEqual([]);
    it.do(ask(it, asked(ANA, 12), 'pul_2'), asked(ANA, 12));
    it.do(withdrawPull(it.holds, { pull: 'pul_2', reason: 'mended' }), asked(CEM, 13));
    expect(code(withdrawPull(it.holds, { pull: 'pul_2', reason: 'mended' }))).toBe('pull.over');
    expect(code(withdrawPull(it.holds, { pull: 'pul_9', reason: 'mended' }))).toBe('pull.unknown');
  });

  it('waits only so often', () => {
    const it = room();
    for (let count = 0; count < 50; count += 1)
      it.do(
        askPull(it.holds, { ...SAID, pull: `pul_${count}`, change: `c${count}`, minutes: 10 }, asked(ANA)),
        asked(ANA),
      );
    expect(code(askPull(it.holds, { ...SAID, pull: 'pul_x', change: 'x', minutes: 10 }, asked(ANA)))).toBe(
      'pull.too-many',
    );
  });
});

describe('a hold that has to be adopted', () => {
  function automatic() {
    const it = room();
    const by = asked({ kind: 'key', id: 'key_1' });
    const standing = untilAdopted({ mode: 'until-lifted' }, 15, by.at);
    const want = { hold: 'hld_1', number: 1, incident: 'inc_1', system: 'bot', what: WHAT, reason: 'rule' } as const;
    it.do(orderHold(it.holds, { ...want, ...standing, skipEvidence: 't', inForce: [] }, by), by);
    return it;
  }
  it('ends by itself when nobody does', () => {
    const it = automatic();
    expect(expiriesDue(it.holds, asked(ANA, 14))).toEqual([]);
    expect(expiriesDue(it.holds, asked(ANA, 15))).toHaveLength(1);
  });

  it('stands as it was meant to once a person does, and not a program', () => {
    const it = automatic();
    const adopt = (by: Asked) => adoptHold(it.holds, { hold: 'hld_1', note: 'seen' }, by);
    expect(code(adopt(asked({ kind: 'key', id: 'key_2' })))).toBe('hold.person-needed');
    const longer = { hold: 'hld_1', expiry: { mode: 'until-lifted' }, reason: 'r' } as const;
    expect(code(extendHold(it.holds, longer, asked(ANA)))).toBe('hold.not-adopted');
    it.do(adopt(asked(BEN, 3)), asked(BEN, 3));
    expect(it.hold()).toMatchObject({ expiry: { mode: 'until-lifted' }, adopted: { by: BEN, note: 'seen' } });
    expect(adopt(asked(CEM, 4))).toEqual([]);
    expect(expiriesDue(it.holds, asked(ANA, 600))).toEqual([]);
  });

  it('is not adopted by whoever ordered it, and needs nobody when it ends sooner anyway', () => {
    const it = automatic();
    expect(code(adoptHold(it.holds, { hold: 'hld_1', note: '' }, asked(ANA), () => 'ana'))).toBe('hold.same-person');
    expect(untilAdopted({ mode: 'auto', at: asked(ANA, 10).at }, 15, T0)).toEqual({
      expiry: { mode: 'auto', at: asked(ANA, 10).at },
    });
  });
});

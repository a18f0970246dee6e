import { describe, expect, it } from 'vitest';
import { type AnyFact, addMs, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { declareIncident, foldIncident, type Incident, moveIncident, refileIncident } from './index.ts';

const T0 = instant('2026-11-20T20:00:00Z');
const by = { kind: 'person', id: 'usr_1' } as const;
const later = (minute: number) => ({ at: addMs(T0, minute * 60_000), by });
const unknown = { harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null };
const want = { incident: 'inc_1', label: 'INC-2026-0001', title: 'Nearly paid twice', summary: '' } as const;
const miss = { stoppedBy: 'the reviewer', wouldHave: 'paid 40 customers twice', proximateCause: 'a retried tool call' };
const filed = { ...want, systems: ['refunds'], candidate: null, axes: unknown, drill: false };

/** What was decided, as the log would hold it after `minute`. */
function record(past: readonly Recorded[], decision: Decision<AnyFact>, minute: number): Recorded[] {
  if (isRefusal(decision)) throw new Error(decision.why);
  const facts = decision.map((fact, i) => {
    const version = past.length + i + 1;
    return { ...fact, ...later(minute), seq: version, version, stream: 'inc_1' };
  });
  return [...past, ...facts];
}
const nearMiss = () => record([], declareIncident(null, { ...filed, kind: 'near-miss', miss }, later(0)), 0);
const incident = () => record([], declareIncident(null, filed, later(0)), 0);
const folded = (facts: readonly Recorded[]) => foldIncident(facts) as Incident;

describe('a near miss', () => {
  it.each([
    ['without an account', undefined, '/miss/stoppedBy'],
    ['without what stopped it', { ...miss, stoppedBy: ' ' }, '/miss/stoppedBy'],
    ['without what would have happened', { ...miss, wouldHave: '' }, '/miss/wouldHave'],
  ])('is refused %s', (_name, said, pointer) => {
    const asked = { ...filed, kind: 'near-miss' as const, ...(said && { miss: said }) };
    expect(declareIncident(null, asked, later(0))).toMatchObject({ refused: 'near-miss.account-missing', pointer });
    const state = folded(incident());
    expect(refileIncident(state, { to: 'near-miss', reason: 'x', ...(said && { miss: said }) })).toMatchObject({
      refused: 'near-miss.account-missing',
      pointer,
    });
  });

  it('was declared by nobody until it becomes an incident, whose clocks run from then', () => {
    const facts = nearMiss();
    expect(folded(facts)).toMatchObject({ kind: 'near-miss', miss, times: {} });
    const after = record(facts, refileIncident(folded(facts), { to: 'normal', reason: 'two were paid' }), 90);
    expect(folded(after)).toMatchObject({
      kind: 'normal',
      state: 'open',
      miss,
      declaredAt: later(90).at,
      times: { declared: { at: later(90).at } },
    });
  });

  it('opens again when it reached people, whatever its state was', () => {
    const closed = record(
      nearMiss(),
      moveIncident(folded(nearMiss()), { to: 'closed', reason: 'learnt' }, later(5)),
      5,
    );
    const after = record(closed, refileIncident(folded(closed), { to: 'normal', reason: 'two were paid' }), 9);
    expect(after.map((fact) => fact.type).slice(-2)).toEqual(['incident.refiled', 'incident.moved']);
    expect(folded(after).state).toBe('open');
  });

  it('keeps the first declaration of an incident that goes there and back', () => {
    const there = record(
      incident(),
      refileIncident(folded(incident()), { to: 'near-miss', reason: 'nobody', miss }),
      5,
    );
    expect(folded(there)).toMatchObject({ kind: 'near-miss', miss, times: { declared: { at: T0 } } });
    const back = record(there, refileIncident(folded(there), { to: 'normal', reason: 'one after all' }), 50);
    expect(folded(back)).toMatchObject({ kind: 'normal', declaredAt: T0, times: { declared: { at: T0 } } });
  });

  it('needs a reason, and changes nothing where it is filed so already', () => {
    const state = folded(nearMiss());
    expect(refileIncident(state, { to: 'normal', reason: ' ' })).toMatchObject({ refused: 'incident.reason-missing' });
    expect(refileIncident(state, { to: 'near-miss', reason: '' })).toEqual([]);
    expect(refileIncident(null, { to: 'normal', reason: 'x' })).toMatchObject({ refused: 'incident.unknown' });
  });

  it('says that an account was erased, and reads older facts as incidents', () => {
    const [first] = nearMiss() as [Recorded];
    expect(folded([{ ...first, data: { ...first.data, miss: '[erased]' } }]).miss).toEqual({
      stoppedBy: '',
      wouldHave: '',
      proximateCause: '',
    });
    expect(folded(incident())).toMatchObject({ kind: 'normal', miss: null, archetype: null });
  });
});

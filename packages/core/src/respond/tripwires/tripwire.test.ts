import { describe, expect, it } from 'vitest';
import type { Signal } from '../../detect/signals/index.ts';
import { addMs, instant, type Recorded } from '../../kernel/index.ts';
import {
  armTripwire,
  foldTripwire,
  removeTripwire,
  sayCondition,
  setTripwire,
  type Trip,
  type TripCondition,
  type Tripwire,
  type TripwireFact,
  type TripwireSaid,
  trip,
  tripsOn,
} from './index.ts';

const AT = instant('2026-12-01T10:00:00.000Z');
const by = { kind: 'person', id: 'usr_1' } as const;
const SAID: TripwireSaid = {
  name: 'Runaway',
  system: 'bot',
  control: 'ctl_1',
  when: { kinds: ['budget-exceeded'], evidence: 'verified', signals: 2, minutes: 10 },
  reason: 'It spends money at night',
};
const TRIP: Trip = { candidate: 'cnd_1', incident: 'inc_1', hold: 'hld_1', refused: null, signals: ['sig_1'] };

/** What is left of decisions made one after the other. */
function after(...steps: ((state: Tripwire | null) => ReturnType<typeof armTripwire>)[]): Tripwire {
  const facts: Recorded<TripwireFact>[] = [];
  for (const [i, step] of steps.entries()) {
    const made = step(foldTripwire(facts as Recorded[]));
    if (!Array.isArray(made)) throw new Error(JSON.stringify(made));
    for (const fact of made as TripwireFact[])
      facts.push({ ...fact, at: addMs(AT, i * 60_000), by, seq: facts.length + 1 } as never);
  }
  return foldTripwire(facts as Recorded[])!;
}
const set =
  (over: Partial<TripwireSaid> = {}) =>
  (state: Tripwire | null) =>
    setTripwire(state, { tripwire: 'trw_1', ...SAID, ...over });
const trips = (state: Tripwire | null) => trip(state, TRIP);

describe('a tripwire', () => {
  it('is armed by whoever set it, trips once, and is armed again by a person alone', () => {
    expect(after(set())).toMatchObject({ state: 'armed', armedAt: AT, armedBy: by, trips: 0, trip: null });
    const tripped = after(set(), trips, trips);
    expect(tripped).toMatchObject({ state: 'tripped', trips: 1, trip: { hold: 'hld_1', at: addMs(AT, 60_000) } });
    expect(after(set(), trips, (state) => armTripwire(state, 'mended'))).toMatchObject({
      state: 'armed',
      armedAt: addMs(AT, 120_000),
      trips: 1,
    });
    expect(armTripwire(after(set()), 'again')).toEqual([]);
  });

  it('does nothing any more once it is removed', () => {
    const removed = after(set(), (state) => removeTripwire(state, 'too eager'));
    expect(removed).toMatchObject({ state: 'removed', removed: { reason: 'too eager' } });
    expect(trip(removed, TRIP)).toEqual([]);
    expect(armTripwire(removed, 'x')).toMatchObject({ refused: 'tripwire.unknown' });
    expect(removeTripwire(removed, 'x')).toMatchObject({ refused: 'tripwire.unknown' });
    expect(removeTripwire(null, 'x')).toMatchObject({ refused: 'tripwire.unknown' });
  });
});

describe('its condition', () => {
  const NOW = addMs(AT, 3_600_000);
  let n = 0;
  const signal = (over: Partial<Signal> & { ago?: number } = {}): Signal => {
    const { ago = 1, ...rest } = over;
    return {
      id: `sig_${++n}`,
      system: 'bot',
      kind: 'budget-exceeded',
      evidenceClass: 'verified',
      receivedAt: addMs(NOW, -ago * 60_000),
      ...rest,
    } as Signal;
  };
  const met = (signals: Signal[], when: Partial<TripCondition> = {}, state = after(set())) =>
    tripsOn({ ...state, when: { ...SAID.when, ...when } }, signals, NOW)?.length ?? null;
  it.each<[string, Signal[], Partial<TripCondition>, number | null]>([
    ['as many as it takes', [signal(), signal()], {}, 2],
    ['one too few', [signal()], {}, null],
    ['another kind', [signal(), signal({ kind: 'call-loop' })], {}, null],
    ['any kind', [signal(), signal({ kind: 'call-loop' })], { kinds: [] }, 2],
    ['another system', [signal(), signal({ system: 'other' })], {}, null],
    ['rarely wrong, where it has to prove itself', [signal(), signal({ evidenceClass: 'strong' })], {}, null],
    ['rarely wrong, where that is enough', [signal(), signal({ evidenceClass: 'strong' })], { evidence: 'strong' }, 2],
    ['weak, whatever is asked', [signal(), signal({ evidenceClass: 'weak' })], { evidence: 'strong' }, null],
    ['made on purpose', [signal(), signal({ mark: 'drill:x' as never })], {}, null],
    ['too long ago', [signal(), signal({ ago: 11 })], {}, null],
    ['before it was armed', [signal({ ago: 61 }), signal({ ago: 61 })], { minutes: 60 + 10 }, null],
  ])('%s', (_, signals, when, wants) => expect(met(signals, when)).toBe(wants));

  it('is not asked once it tripped', () => {
    expect(met([signal(), signal()], {}, after(set(), trips))).toBeNull();
  });
  it('names the newest signals, and not all of a flood', () => {
    const flood = Array.from({ length: 100 }, (_, i) => signal({ ago: (i % 9) + 0.5 }));
    const named = tripsOn(after(set()), flood, NOW)!;
    expect(named).toHaveLength(20);
    expect(named.at(-1)!.receivedAt).toBe(addMs(NOW, -30_000));
  });
  it.each<[Partial<TripCondition>, string]>([
    [{ signals: 1 }, 'one signal that proves itself (budget-exceeded)'],
    [
      { kinds: [], signals: 3, evidence: 'strong', minutes: 1 },
      '3 signals that are rarely wrong or prove themselves within a minute',
    ],
    [{ signals: 2, minutes: 5 }, '2 signals that prove themselves (budget-exceeded) within 5 minutes'],
  ])('in words: %j', (when, says) => expect(sayCondition({ ...SAID.when, ...when })).toBe(says));
});

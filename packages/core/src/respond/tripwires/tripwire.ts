import type { EvidenceClass, Signal } from '../../detect/signals/index.ts';
import {
  type Actor,
  addMs,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';

export type TripwireId = Id<'trw'>;

/** What proves enough: signals that prove themselves alone, or also those that are rarely wrong. */
export const TRIPS_ON = ['verified', 'strong'] as const;
export type TripsOn = (typeof TRIPS_ON)[number];

/** So many signals of these kinds within so many minutes. */
export interface TripCondition {
  /** Empty: any kind. */
  readonly kinds: readonly string[];
  readonly evidence: TripsOn;
  readonly signals: number;
  readonly minutes: number;
}

export interface TripwireSaid {
  readonly name: string;
  /** Key of the AI system. */
  readonly system: string;
  /** The control it pulls, which people declared before. */
  readonly control: Id<'ctl'>;
  readonly when: TripCondition;
  /** Why it may act before anybody looks. */
  readonly reason: string;
}

/** What it did, once: the hold it ordered, or why it could not. */
export interface Trip {
  readonly candidate: Id<'cnd'>;
  readonly incident: Id<'inc'> | null;
  readonly hold: Id<'hld'> | null;
  /** Why nothing was ordered; null: something was. */
  readonly refused: string | null;
  /** The signals that met its condition, the newest ones. */
  readonly signals: readonly string[];
}

/** On the stream of the tripwire. */
export type TripwireFact =
  | Fact<'tripwire.set', { readonly tripwire: TripwireId } & TripwireSaid>
  | Fact<'tripwire.tripped', { readonly tripwire: TripwireId } & Trip>
  | Fact<'tripwire.armed', { readonly tripwire: TripwireId; readonly reason: string }>
  | Fact<'tripwire.removed', { readonly tripwire: TripwireId; readonly reason: string }>;
export const TRIPWIRE_FACTS = [
  'tripwire.set',
  'tripwire.tripped',
  'tripwire.armed',
  'tripwire.removed',
] as const satisfies readonly TripwireFact['type'][];

/** After it tripped it does nothing until a person has armed it again. */
export interface Tripwire extends TripwireSaid {
  readonly id: TripwireId;
  readonly state: 'armed' | 'tripped' | 'removed';
  readonly setAt: Instant;
  readonly setBy: Actor;
  /** Since when signals count. */
  readonly armedAt: Instant;
  readonly armedBy: Actor;
  readonly trip: (Trip & { readonly at: Instant }) | null;
  /** How often it tripped. */
  readonly trips: number;
  readonly removed: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
}

export function foldTripwire(facts: readonly Recorded[]): Tripwire | null {
  return ofTypes<TripwireFact>(facts, TRIPWIRE_FACTS).reduce<Tripwire | null>((held, fact) => {
    const { at, by } = fact;
    if (fact.type === 'tripwire.set') {
      const { tripwire: id, ...said } = fact.data;
      const armed = { state: 'armed', armedAt: at, armedBy: by } as const;
      return { id, ...said, ...armed, setAt: at, setBy: by, trip: null, trips: 0, removed: null };
    }
    if (held === null) return null;
    if (fact.type === 'tripwire.armed') return { ...held, state: 'armed', armedAt: at, armedBy: by };
    if (fact.type === 'tripwire.removed')
      return { ...held, state: 'removed', removed: { at, by, reason: fact.data.reason } };
    const { tripwire: _, ...trip } = fact.data;
    return { ...held, state: 'tripped', trip: { ...trip, at }, trips: held.trips + 1 };
  }, null);
}

const unknown = () => refuse('tripwire.unknown', 'There is no such tripwire, or it was removed. List those there are.');

export const setTripwire = (
  state: Tripwire | null,
  want: { readonly tripwire: TripwireId } & TripwireSaid,
): Decision<TripwireFact> => (state === null ? [{ type: 'tripwire.set', data: want }] : []);

/** Arming what is armed changes nothing: what came before it is not counted anew. */
export function armTripwire(state: Tripwire | null, reason: string): Decision<TripwireFact> {
  if (state === null || state.state === 'removed') return unknown();
  return state.state === 'armed' ? [] : [{ type: 'tripwire.armed', data: { tripwire: state.id, reason } }];
}

export function removeTripwire(state: Tripwire | null, reason: string): Decision<TripwireFact> {
  if (state === null || state.state === 'removed') return unknown();
  return [{ type: 'tripwire.removed', data: { tripwire: state.id, reason } }];
}

/** Told twice of one trip, it has tripped once. */
export const trip = (state: Tripwire | null, what: Trip): Decision<TripwireFact> =>
  state?.state === 'armed' ? [{ type: 'tripwire.tripped', data: { tripwire: state.id, ...what } }] : [];

const ENOUGH: Readonly<Record<TripsOn, readonly EvidenceClass[]>> = {
  verified: ['verified'],
  strong: ['verified', 'strong'],
};
const MOST_NAMED = 20;

/**
 * The signals that meet its condition now, newest last; null: it is not met. What was made on purpose (a drill, a simulation),
 * what came before it was armed, and what its sender says is over do not count. `signals`: of one candidate, those that are not
 * silenced.
 */
export function tripsOn(
  { state, system, when, armedAt }: Tripwire,
  signals: readonly Signal[],
  now: Instant,
): readonly Signal[] | null {
  if (state !== 'armed') return null;
  const since = addMs(now, -when.minutes * 60_000);
  const counted = signals.filter(
    (it) =>
      it.system === system &&
      it.mark === undefined &&
      it.receivedAt >= since &&
      it.receivedAt >= armedAt &&
      ENOUGH[when.evidence].includes(it.evidenceClass) &&
      (when.kinds.length === 0 || when.kinds.includes(it.kind)),
  );
  return counted.length < when.signals
    ? null
    : [...counted].sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1)).slice(-MOST_NAMED);
}

/** `3 signals that prove themselves (budget-exceeded, secret-disclosed) within 10 minutes`. */
export function sayCondition({ kinds, evidence, signals, minutes }: TripCondition): string {
  const proof = evidence === 'verified' ? 'that proves itself' : 'that is rarely wrong or proves itself';
  const many = evidence === 'verified' ? 'that prove themselves' : 'that are rarely wrong or prove themselves';
  const what = signals === 1 ? `one signal ${proof}` : `${signals} signals ${many}`;
  const which = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return `${what}${which}${signals === 1 ? '' : minutes === 1 ? ' within a minute' : ` within ${minutes} minutes`}`;
}

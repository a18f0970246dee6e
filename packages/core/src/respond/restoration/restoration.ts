import { canonical } from '../../evidence/index.ts';
import { type Actor, type AnyFact, addMs, type Id, type Instant, type Recorded } from '../../kernel/index.ts';
import { type Containment, foldContainment } from '../containment/index.ts';
import type { Plan, RestorationFact } from './facts.ts';

/** `asked`: conditions or people are missing. `staged`: some are let go. `watched`: everybody is, and it may come back. */
export type RestorationState = 'asked' | 'staged' | 'watched' | 'done' | 'halted' | 'withdrawn';

export interface Met {
  readonly place: number;
  readonly at: Instant;
  readonly by: Actor;
  readonly note: string;
  readonly run?: string;
}

export interface Restoration {
  readonly hold: Id<'hld'>;
  readonly plan: Plan;
  readonly reason: string;
  readonly askedAt: Instant;
  readonly askedBy: Actor;
  readonly state: RestorationState;
  readonly met: readonly Met[];
  readonly approved: readonly { readonly at: Instant; readonly by: Actor; readonly note: string }[];
  /** Stages begun, 0 to all of them and one more: everybody. */
  readonly step: number;
  /** When the last step began; undefined before the first. */
  readonly steppedAt?: Instant;
  /** When the next step is due, or the watch ends; undefined when nothing happens by itself. */
  readonly nextAt?: Instant;
  /** Why it was withdrawn or halted. */
  readonly why?: string;
  readonly signal?: string;
  /** The hold ordered anew by a relapse in the watch. */
  readonly again?: Id<'hld'>;
}

export interface Restorations {
  readonly containment: Containment;
  /** By hold, the newest. */
  readonly restorations: ReadonlyMap<string, Restoration>;
}

const MINUTE_MS = 60_000;

/** A restoration after one more fact; undefined when the fact is about none. */
export function stepRestoration(
  known: Restoration | undefined,
  fact: Pick<Recorded<AnyFact>, 'type' | 'data' | 'at' | 'by'>,
): Restoration | undefined {
  const { at, by } = fact;
  if (fact.type === 'restoration.asked') {
    const { hold, plan, reason } = fact.data as Extract<RestorationFact, { type: 'restoration.asked' }>['data'];
    return { hold, plan, reason, askedAt: at, askedBy: by, state: 'asked', met: [], approved: [], step: 0 };
  }
  if (known === undefined) return undefined;
  const { nextAt: _, ...rest } = known;
  const data = fact.data;
  switch (fact.type) {
    case 'restoration.met': {
      const { place, note, run } = data;
      return { ...known, met: [...known.met, { place, at, by, note, ...(run === undefined ? {} : { run }) }] };
    }
    case 'restoration.approved':
      return { ...known, approved: [...known.approved, { at, by, note: data.note }] };
    case 'restoration.withdrawn':
      return { ...rest, state: 'withdrawn', why: data.reason };
    case 'restoration.halted':
      return {
        ...rest,
        state: 'halted',
        why: data.reason,
        ...(data.signal === undefined ? {} : { signal: data.signal }),
        ...(data.again === undefined ? {} : { again: data.again }),
      };
    case 'restoration.held-good':
      return { ...rest, state: 'done' };
    case 'containment.released': {
      if ((known.state !== 'asked' && known.state !== 'staged') || data.glass !== undefined) return known;
      const stage = known.plan.stages[known.step];
      return {
        ...rest,
        state: 'staged',
        step: known.step + 1,
        steppedAt: at,
        nextAt: addMs(at, (stage?.minutes ?? 0) * MINUTE_MS),
      };
    }
    case 'containment.lifted': {
      if (known.state !== 'asked' && known.state !== 'staged') return known;
      const { watchMinutes, stages } = known.plan;
      const over = { ...rest, step: stages.length + 1, steppedAt: at };
      return watchMinutes === 0
        ? { ...over, state: 'done' }
        : { ...over, state: 'watched', nextAt: addMs(at, watchMinutes * MINUTE_MS) };
    }
    // A hold that ended by itself has nothing left to be let go.
    case 'containment.expired':
      return known.state === 'asked' || known.state === 'staged' ? { ...rest, state: 'done' } : known;
    default:
      return known;
  }
}

/** What the facts of one incident say about letting go. */
export function foldRestorations(facts: readonly Recorded<AnyFact>[]): Restorations {
  const restorations = new Map<string, Restoration>();
  for (const fact of facts) {
    const hold = (fact.data as { readonly hold?: string }).hold;
    if (hold === undefined) continue;
    const next = stepRestoration(restorations.get(hold), fact);
    if (next !== undefined) restorations.set(hold, next);
  }
  return { containment: foldContainment(facts), restorations };
}

export const isUnderWay = ({ state }: Pick<Restoration, 'state'>): boolean =>
  state === 'asked' || state === 'staged' || state === 'watched';

/** An agreement older than this counts no more: what it looked at may have changed. */
export const APPROVAL_HOURS = 24;

/** Agreements that still count. */
export function standing({ approved }: Pick<Restoration, 'approved'>, now: Instant): Restoration['approved'] {
  return approved.filter(({ at }) => addMs(at, APPROVAL_HOURS * 3_600_000) > now);
}

/** All that somebody agrees to, as one text; its digest names it. */
export function planText({ hold, plan, reason, askedAt, askedBy }: Restoration): string {
  return canonical({ hold, plan, reason, askedAt, askedBy });
}

/** Places of the conditions that are not met yet. */
export function unmet({ plan, met }: Pick<Restoration, 'plan' | 'met'>): number[] {
  const there = new Set(met.map(({ place }) => place));
  return plan.conditions.flatMap((_, place) => (there.has(place) ? [] : [place]));
}

import { type Actor, type AnyFact, type Id, type Instant, ofTypes, type Recorded } from '../../kernel/index.ts';
import { type Containment, foldContainment } from '../containment/index.ts';
import { GLASS_FACTS, type GlassFact } from './facts.ts';

export interface Glass {
  readonly glass: Id<'gls'>;
  readonly incident: Id<'inc'>;
  readonly hold: Id<'hld'>;
  readonly number: number;
  readonly system: string;
  readonly says: string;
  readonly reason: string;
  readonly brokenAt: Instant;
  readonly brokenBy: Actor;
  readonly until: Instant;
  readonly due: Instant;
  readonly change: string;
  /** `open`: the hold lets everybody go. `ended`: it holds again. */
  readonly state: 'open' | 'ended';
  readonly approved: readonly { readonly at: Instant; readonly by: Actor; readonly note: string }[];
  /** Two others did not agree in time. */
  readonly overdue: boolean;
  readonly ended?: { readonly at: Instant; readonly by: Actor; readonly early: boolean };
  /** Who was told; undefined: not yet. */
  readonly paged?: { readonly at: Instant; readonly to: readonly { readonly id: string; readonly name: string }[] };
}

export interface GlassRoom {
  readonly containment: Containment;
  readonly glasses: ReadonlyMap<string, Glass>;
}

/** One use of break-glass after one more fact. */
export function stepGlass(known: Glass | undefined, fact: Recorded<GlassFact>): Glass | undefined {
  const { at, by } = fact;
  if (fact.type === 'glass.broken')
    return {
      ...fact.data,
      incident: fact.stream as Id<'inc'>,
      brokenAt: at,
      brokenBy: by,
      state: 'open',
      approved: [],
      overdue: false,
    };
  if (known === undefined) return undefined;
  switch (fact.type) {
    case 'glass.approved':
      return { ...known, approved: [...known.approved, { at, by, note: fact.data.note }] };
    case 'glass.ended':
      return { ...known, state: 'ended', ended: { at, by, early: fact.data.early } };
    case 'glass.overdue':
      return { ...known, overdue: true };
    case 'glass.paged':
      return { ...known, paged: { at, to: fact.data.to } };
  }
}

export function foldGlass(facts: readonly Recorded<AnyFact>[]): GlassRoom {
  const glasses = new Map<string, Glass>();
  for (const fact of ofTypes<GlassFact>(facts, GLASS_FACTS)) {
    const next = stepGlass(glasses.get(fact.data.glass), fact);
    if (next !== undefined) glasses.set(next.glass, next);
  }
  return { containment: foldContainment(facts), glasses };
}

import { type Actor, type AnyFact, type Id, type Instant, ofTypes, type Recorded } from '../../kernel/index.ts';
import {
  type Adoption,
  type Canary,
  CONTAINMENT_FACTS,
  type ContainmentFact,
  type Expiry,
  type Gate,
  type Missing,
  type PullAsked,
  type SaidGone,
} from './facts.ts';
import { describeControl, supersetOf } from './kinds/ordering.ts';
import type { Control } from './kinds/registry.ts';
import type { Manifest } from './manifest.ts';
import type { ProofName } from './proof-names.ts';
import type { Release } from './release.ts';
import type { HoldInForce } from './verdict.ts';

/** Three truths, shown apart. */
export type Confirmation = 'ordered' | 'confirmed' | 'failed';

/** A proof as it was last recorded. */
export interface ProofKept {
  readonly state: 'have' | 'missing';
  readonly at: Instant;
  readonly says: string;
  readonly missing: readonly Missing[];
  readonly todo: readonly string[];
  /** Who was told that it is missing; absent: nobody yet. */
  readonly escalated?: { readonly at: Instant; readonly to: readonly { readonly id: string; readonly name: string }[] };
}
export type ProofsKept = { readonly [name in ProofName]?: ProofKept };

/** One order and all that became of it. */
export interface Hold {
  readonly hold: Id<'hld'>;
  readonly number: number;
  readonly incident: Id<'inc'>;
  readonly system: string;
  readonly control?: Id<'ctl'>;
  readonly what: Control;
  readonly reason: string;
  readonly expiry: Expiry;
  readonly manifest?: Id<'man'>;
  readonly supersedes?: Id<'hld'>;
  readonly gate?: Gate;
  readonly state: 'active' | 'lifted' | 'expired';
  readonly confirmation: Confirmation;
  readonly confirmed?: {
    readonly at: Instant;
    readonly instances: number;
    readonly lastAckMs: number;
    /** Who was not waited for. */
    readonly gone?: readonly SaidGone[];
  };
  /** Said to be gone while this order waited for them, and not heard since. */
  readonly gone?: readonly SaidGone[];
  /** Why it is not confirmed, and who does not obey; empty once it is. */
  readonly failure?: { readonly at: Instant; readonly why: string; readonly instances: readonly Missing[] };
  readonly proofs?: ProofsKept;
  readonly canary?: Canary;
  readonly orderedAt: Instant;
  /** Who wanted it. */
  readonly orderedBy: Actor;
  /** Who agreed before it went. */
  readonly seconded?: Actor;
  /** Still to be adopted by a person; undefined: nobody has to, or somebody did. */
  readonly adopt?: Adoption;
  readonly adopted?: { readonly at: Instant; readonly by: Actor; readonly note: string };
  /** Log position of the order. */
  readonly order: number;
  /** Whom it lets go already, on its way to being lifted. */
  readonly release?: Release;
  /** Set while it lets everybody go because one person broke the glass. */
  readonly glass?: Id<'gls'>;
  readonly ended?: { readonly at: Instant; readonly by: Actor; readonly reason: string };
}

/** A pull that waits for a second person, or did. */
export interface Pull extends PullAsked {
  readonly incident: Id<'inc'>;
  readonly askedAt: Instant;
  readonly askedBy: Actor;
  readonly state: 'waiting' | 'approved' | 'withdrawn' | 'lapsed';
  readonly ended?: { readonly at: Instant; readonly by: Actor; readonly hold?: Id<'hld'>; readonly reason?: string };
}

export interface Containment {
  readonly holds: ReadonlyMap<string, Hold>;
  readonly pulls: ReadonlyMap<string, Pull>;
  readonly manifests: readonly Manifest[];
}

/** A hold after one more fact about it; undefined when the fact is about none. */
export function stepHold(hold: Hold | undefined, fact: Recorded<ContainmentFact>): Hold | undefined {
  if (fact.type === 'containment.ordered') {
    const { askedBy, pull: _, ...data } = fact.data;
    return {
      ...data,
      incident: fact.stream as Id<'inc'>,
      state: 'active',
      confirmation: 'ordered',
      orderedAt: fact.at,
      orderedBy: askedBy ?? fact.by,
      ...(askedBy === undefined ? {} : { seconded: fact.by }),
      order: fact.seq,
    };
  }
  if (hold === undefined) return undefined;
  const { at, by } = fact;
  switch (fact.type) {
    case 'containment.confirmed': {
      const { failure: _, ...rest } = hold;
      const { instances, lastAckMs, gone } = fact.data;
      const confirmed = { at, instances, lastAckMs, ...(gone !== undefined && { gone }) };
      return { ...rest, confirmation: 'confirmed', confirmed };
    }
    case 'containment.failed': {
      const { why, instances } = fact.data;
      return { ...hold, confirmation: 'failed', failure: { at, why, instances } };
    }
    case 'containment.proven':
      return withProof(hold, fact.data.proof, { state: 'have', at, says: fact.data.says, missing: [], todo: [] });
    case 'containment.unproven': {
      const { proof, why: says, missing, todo } = fact.data;
      return withProof(hold, proof, { state: 'missing', at, says, missing, todo });
    }
    case 'containment.escalated': {
      const { proof, to } = fact.data;
      const kept = hold.proofs?.[proof];
      return kept === undefined ? hold : withProof(hold, proof, { ...kept, escalated: { at, to } });
    }
    case 'containment.written-off': {
      const { instance, host, reason } = fact.data;
      return { ...hold, gone: [...others(hold, instance), { instance, host, reason, at, by }] };
    }
    case 'containment.heard-again':
      return { ...hold, gone: others(hold, fact.data.instance) };
    case 'containment.extended':
      return { ...hold, expiry: fact.data.expiry };
    case 'containment.adopted': {
      const { adopt: _, ...rest } = hold;
      return { ...rest, expiry: fact.data.expiry, adopted: { at, by, note: fact.data.note } };
    }
    case 'containment.released': {
      const { release, glass } = fact.data;
      return { ...unbroken(hold), release, ...(glass !== undefined && release.percent > 0 && { glass }) };
    }
    case 'containment.lifted':
      return { ...unbroken(hold), state: 'lifted', ended: { at, by, reason: fact.data.reason } };
    case 'containment.expired':
      return { ...unbroken(hold), state: 'expired', ended: { at, by, reason: 'expired as ordered' } };
    default:
      return hold;
  }
}

const others = (hold: Hold, instance: string): SaidGone[] =>
  (hold.gone ?? []).filter((each) => each.instance !== instance);

function withProof(hold: Hold, name: ProofName, kept: ProofKept): Hold {
  return { ...hold, proofs: { ...hold.proofs, [name]: kept } };
}

function unbroken({ glass: _, ...hold }: Hold): Hold {
  return hold;
}

/** A pull after one more fact about it; undefined when the fact is about none. */
export function stepPull(pull: Pull | undefined, fact: Recorded<ContainmentFact>): Pull | undefined {
  const { at, by } = fact;
  switch (fact.type) {
    case 'pull.asked':
      return { ...fact.data, incident: fact.stream as Id<'inc'>, askedAt: at, askedBy: by, state: 'waiting' };
    case 'pull.approved':
      return pull && { ...pull, state: 'approved', ended: { at, by, hold: fact.data.hold } };
    case 'pull.withdrawn':
      return pull && { ...pull, state: 'withdrawn', ended: { at, by, reason: fact.data.reason } };
    case 'pull.lapsed':
      return pull && { ...pull, state: 'lapsed', ended: { at, by } };
    default:
      return undefined;
  }
}

/** What the facts of one incident say about containment. */
export function foldContainment(facts: readonly Recorded<AnyFact>[]): Containment {
  const holds = new Map<string, Hold>();
  const pulls = new Map<string, Pull>();
  const manifests: Manifest[] = [];
  for (const fact of ofTypes<ContainmentFact>(facts, CONTAINMENT_FACTS)) {
    if (fact.type === 'evidence.preserved') manifests.push(fact.data);
    const pull = 'pull' in fact.data ? stepPull(pulls.get(fact.data.pull as string), fact) : undefined;
    if (pull !== undefined) pulls.set(pull.pull, pull);
    if (pull !== undefined || !('hold' in fact.data)) continue;
    const hold = stepHold(holds.get(fact.data.hold), fact);
    if (hold !== undefined) holds.set(hold.hold, hold);
  }
  return { holds, pulls, manifests };
}

/** The hold as guards get it. */
export function inForce(hold: Hold): HoldInForce {
  const superset = supersetOf(hold.what);
  return {
    hold: hold.hold,
    number: hold.number,
    incident: hold.incident,
    system: hold.system,
    ...(hold.control === undefined ? {} : { control: hold.control }),
    what: hold.what,
    ...(superset === undefined ? {} : { superset }),
    order: hold.order,
    ...(hold.release === undefined ? {} : { release: hold.release }),
  };
}

/** `disable refunds, confirmed by 3 instances`: one line for people. */
export function describeHold(hold: Hold): string {
  const what = describeControl(hold.what);
  if (hold.state !== 'active') return `${what}, ${hold.state}`;
  if (hold.confirmation === 'confirmed') {
    const count = hold.confirmed?.instances ?? 0;
    const gone = hold.confirmed?.gone?.length ?? 0;
    const but = gone === 0 ? '' : `, ${gone} said to be gone`;
    return `${what}, confirmed by ${count} ${count === 1 ? 'instance' : 'instances'}${but}`;
  }
  return `${what}, ${hold.confirmation === 'failed' ? 'not obeyed everywhere' : 'ordered'}`;
}

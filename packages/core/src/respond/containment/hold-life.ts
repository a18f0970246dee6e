import { type Actor, type Asked, type Decision, type Id, type Refusal, refuse } from '../../kernel/index.ts';
import type { Containment, Hold } from './containment.ts';
import type { ContainmentFact, Expiry, Missing, SaidGone } from './facts.ts';

function known(state: Containment, id: string): Hold | Refusal {
  return state.holds.get(id) ?? refuse('hold.unknown', 'This incident has no such hold.', '/hold');
}

/**
 * Lets go. Whoever ordered a hold may not lift it, nor by an API key of theirs: `behind` names the person an actor acts
 * for. Refuses `hold.unknown`, `hold.already-lifted`, `hold.gated`, `hold.same-person`.
 */
export function liftHold(
  state: Containment,
  want: { readonly hold: Id<'hld'>; readonly reason: string },
  asked: Asked,
  behind: (actor: Actor) => string = ({ kind, id }) => `${kind} ${id}`,
): Decision<ContainmentFact> {
  const hold = known(state, want.hold);
  if ('refused' in hold) return hold;
  if (hold.state !== 'active')
    return refuse('hold.already-lifted', `This hold was ${hold.state} at ${hold.ended?.at ?? 'an earlier time'}.`);
  if (hold.gate !== undefined)
    return refuse('hold.gated', 'This hold has conditions. Ask for its restoration, and it is let go step by step.');
  if (behind(hold.orderedBy) === behind(asked.by))
    return refuse('hold.same-person', 'You ordered this hold. Somebody else has to lift it.');
  return [{ type: 'containment.lifted', data: { hold: hold.hold, reason: want.reason } }];
}

/**
 * A person takes a hold for theirs that went without one: it stands from then on as it was meant to. Somebody else than who
 * ordered it, and no program. Refuses `hold.unknown`, `hold.already-lifted`, `hold.same-person`, `hold.person-needed`.
 */
export function adoptHold(
  state: Containment,
  want: { readonly hold: Id<'hld'>; readonly note: string },
  asked: Asked,
  behind: (actor: Actor) => string = ({ kind, id }) => `${kind} ${id}`,
): Decision<ContainmentFact> {
  const hold = known(state, want.hold);
  if ('refused' in hold) return hold;
  if (hold.state !== 'active') return refuse('hold.already-lifted', `This hold was ${hold.state}; order it again.`);
  if (hold.adopt === undefined) return [];
  if (asked.by.kind !== 'person')
    return refuse('hold.person-needed', 'A person has to adopt this hold, signed in; an API key cannot.');
  if (behind(hold.orderedBy) === behind(asked.by))
    return refuse('hold.same-person', 'You ordered this hold. Somebody else has to adopt it.');
  return [{ type: 'containment.adopted', data: { ...want, expiry: hold.adopt.after } }];
}

const lastsUntil = (expiry: Expiry): string => (expiry.mode === 'auto' ? expiry.at : '9999');

/** Refuses `hold.unknown`, `hold.already-lifted`, `hold.not-adopted`, `hold.bad-expiry` (making a hold shorter is lifting it). */
export function extendHold(
  state: Containment,
  want: { readonly hold: Id<'hld'>; readonly expiry: Expiry; readonly reason: string },
  asked: Asked,
): Decision<ContainmentFact> {
  const hold = known(state, want.hold);
  if ('refused' in hold) return hold;
  if (hold.state !== 'active') return refuse('hold.already-lifted', `This hold was ${hold.state}; order it again.`);
  if (hold.adopt !== undefined)
    return refuse('hold.not-adopted', 'A person has to adopt this hold first; then it stands as it was meant to.');
  const now = lastsUntil(hold.expiry);
  const then = lastsUntil(want.expiry);
  if (then === now) return [];
  if (then < now || then <= asked.at)
    return refuse('hold.bad-expiry', 'A hold can only be made longer. To end it sooner, lift it.', '/expiry/at');
  return [{ type: 'containment.extended', data: { hold: hold.hold, expiry: want.expiry, reason: want.reason } }];
}

export interface ConfirmHold {
  readonly hold: Id<'hld'>;
  readonly instances: number;
  readonly lastAckMs: number;
  readonly epoch: number;
  /** Instances that were not waited for; absent: none. */
  readonly gone?: readonly SaidGone[];
}

/** All instances that are waited for obey. Also after a failure: a late acknowledgement counts. */
export function confirmHold(state: Containment, want: ConfirmHold, _asked: Asked): Decision<ContainmentFact> {
  const hold = known(state, want.hold);
  if ('refused' in hold) return hold;
  if (hold.state !== 'active' || hold.confirmation === 'confirmed') return [];
  return [{ type: 'containment.confirmed', data: want }];
}

export interface FailHold {
  readonly hold: Id<'hld'>;
  readonly why: string;
  readonly instances: readonly Missing[];
}

/** Somebody does not obey. The same instances once more record nothing. */
export function failHold(state: Containment, want: FailHold, _asked: Asked): Decision<ContainmentFact> {
  const hold = known(state, want.hold);
  if ('refused' in hold) return hold;
  if (hold.state !== 'active') return [];
  const names = (instances: readonly Missing[]) => instances.map(({ instance, why }) => `${instance} ${why}`).sort();
  const before = hold.failure;
  if (before !== undefined && names(before.instances).join('\n') === names(want.instances).join('\n')) return [];
  return [{ type: 'containment.failed', data: want }];
}

/** Holds that end by themselves at or before `asked.at`, each once. */
export function expiriesDue(state: Containment, asked: Asked): ContainmentFact[] {
  const facts: ContainmentFact[] = [];
  for (const hold of state.holds.values()) {
    if (hold.state !== 'active' || hold.expiry.mode !== 'auto' || hold.expiry.at > asked.at) continue;
    facts.push({ type: 'containment.expired', data: { hold: hold.hold } });
  }
  return facts;
}

import { type Actor, type Asked, addMs, type Decision, type Id, type Instant, refuse } from '../../kernel/index.ts';
import { type ContainmentFact, describeControl, type Hold, type Release } from '../containment/index.ts';
import type { GlassFact } from './facts.ts';
import type { Glass, GlassRoom } from './glass.ts';

const MINUTE_MS = 60_000;
/** After so long the hold comes back by itself. */
export const GLASS_MINUTES = 60;
export const GLASS_APPROVALS = 2;
/** Within so long two others have to agree. */
export const GLASS_DUE_HOURS = 24;
/** Of one incident, over all its life. */
const GLASSES_MOST = 50;

type Behind = (actor: Actor) => string;
const alone: Behind = ({ kind, id }) => `${kind} ${id}`;

const openOf = ({ glasses }: GlassRoom, hold: string): Glass | undefined =>
  [...glasses.values()].find((each) => each.hold === hold && each.state === 'open');

export interface BreakGlass {
  readonly glass: Id<'gls'>;
  readonly hold: Id<'hld'>;
  readonly reason: string;
  readonly change: string;
}

/**
 * One person lets a hold go for an hour. Only a person, signed in; nothing else of the conditions is asked. Refuses
 * `hold.unknown`, `hold.already-lifted`, `hold.person-needed`, `glass.open`, `glass.too-many`.
 */
export function breakGlass(state: GlassRoom, want: BreakGlass, asked: Asked): Decision<GlassFact | ContainmentFact> {
  const hold = state.containment.holds.get(want.hold);
  if (hold === undefined) return refuse('hold.unknown', 'This incident has no such hold.', '/hold');
  if (hold.state !== 'active') return refuse('hold.already-lifted', `This hold was ${hold.state} already.`);
  if (asked.by.kind !== 'person')
    return refuse('hold.person-needed', 'Only a person who is signed in may break the glass; an API key cannot.');
  if (openOf(state, want.hold) !== undefined)
    return refuse('glass.open', 'The glass is broken for this hold already; it lets everybody go at the moment.');
  if (state.glasses.size >= GLASSES_MOST)
    return refuse('glass.too-many', `The glass was broken ${GLASSES_MOST} times in this incident. Let go as planned.`);
  const until = addMs(asked.at, GLASS_MINUTES * MINUTE_MS);
  return [
    {
      type: 'glass.broken',
      data: {
        ...want,
        number: hold.number,
        system: hold.system,
        says: describeControl(hold.what),
        until,
        due: addMs(asked.at, GLASS_DUE_HOURS * 60 * MINUTE_MS),
      },
    },
    released(hold, want.glass, { percent: 100 }, want.reason),
  ];
}

function released(
  hold: Hold,
  glass: Id<'gls'>,
  to: Omit<Release, 'step'>,
  reason: string,
): Extract<ContainmentFact, { type: 'containment.released' }> {
  const release: Release = { ...to, step: (hold.release?.step ?? 0) + 1 };
  return { type: 'containment.released', data: { hold: hold.hold, release, reason, glass } };
}

/** Everybody is held again, unless the hold ended meanwhile or a plan has set what it lets go. */
function putBack(state: GlassRoom, glass: Glass, early: boolean, reason: string): (GlassFact | ContainmentFact)[] {
  const ended: GlassFact = { type: 'glass.ended', data: { glass: glass.glass, hold: glass.hold, early } };
  const hold = state.containment.holds.get(glass.hold);
  if (hold?.state !== 'active' || hold.glass !== glass.glass) return [ended];
  return [ended, released(hold, glass.glass, { percent: 0 }, reason)];
}

/** A person puts the hold back before its time; restricting takes nobody else. Refuses `glass.unknown`, `glass.over`. */
export function endGlass(
  state: GlassRoom,
  want: { readonly glass: Id<'gls'>; readonly reason: string },
): Decision<GlassFact | ContainmentFact> {
  const glass = state.glasses.get(want.glass);
  if (glass === undefined) return refuse('glass.unknown', 'The glass was not broken here.');
  if (glass.state !== 'open') return refuse('glass.over', 'The hold is back already.');
  return putBack(state, glass, true, want.reason);
}

/** Holds that come back, and approvals that are missing when they are due; each once. */
export function glassDue(state: GlassRoom, { at }: { readonly at: Instant }): (GlassFact | ContainmentFact)[] {
  const facts: (GlassFact | ContainmentFact)[] = [];
  for (const glass of state.glasses.values()) {
    if (glass.state === 'open' && glass.until <= at) facts.push(...putBack(state, glass, false, 'the hour is over'));
    if (!glass.overdue && glass.due <= at && glass.approved.length < GLASS_APPROVALS)
      facts.push({ type: 'glass.overdue', data: { glass: glass.glass, approvals: glass.approved.length } });
  }
  return facts;
}

/**
 * Somebody else agrees, afterwards, that it was right; late is better than never. Refuses `glass.unknown`, `glass.changed`,
 * `glass.same-person`.
 */
export function approveGlass(
  state: GlassRoom,
  want: { readonly glass: Id<'gls'>; readonly change: string; readonly note: string },
  asked: Asked,
  behind: Behind = alone,
): Decision<GlassFact> {
  const glass = state.glasses.get(want.glass);
  if (glass === undefined) return refuse('glass.unknown', 'The glass was not broken here.');
  if (want.change !== glass.change)
    return refuse('glass.changed', 'This is not what happened. Look at it again, then agree.', '/change');
  const me = behind(asked.by);
  if (behind(glass.brokenBy) === me)
    return refuse('glass.same-person', 'You broke the glass. Two other people have to agree.');
  if (glass.approved.some(({ by }) => behind(by) === me))
    return refuse('glass.same-person', 'You have agreed already. A second person has to agree as well.');
  return glass.approved.length >= GLASS_APPROVALS ? [] : [{ type: 'glass.approved', data: want }];
}

/** Who was told. Recorded once. */
export function tellGlass(
  state: GlassRoom,
  want: Extract<GlassFact, { type: 'glass.paged' }>['data'],
): Decision<GlassFact> {
  const glass = state.glasses.get(want.glass);
  return glass === undefined || glass.paged !== undefined ? [] : [{ type: 'glass.paged', data: want }];
}

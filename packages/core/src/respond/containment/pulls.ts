import { type Actor, type Asked, addMs, type Decision, type Id, type Refusal, refuse } from '../../kernel/index.ts';
import type { Containment, Pull } from './containment.ts';
import type { ContainmentFact, PullAsked } from './facts.ts';
import { orderFaults } from './in-flight.ts';
import { alreadyHeld, type OrderHold, orderHold } from './order.ts';

const PULLS_WAITING = 50;
/** A second person has to agree within so many minutes. */
export const SECOND_MINUTES = { least: 1, most: 1_440 } as const;

/** The part of a pull that somebody agrees to; its digest is `change`. */
export type PullSaid = Omit<PullAsked, 'pull' | 'change' | 'until'>;

/** Refuses `control.bad-parameters`, `hold.bad-expiry`, `pull.too-many`. What waits already, with the same content, is asked once. */
export function askPull(
  state: Containment,
  want: PullSaid & { readonly pull: Id<'pul'>; readonly change: string; readonly minutes: number },
  asked: Asked,
): Decision<ContainmentFact> {
  const [fault] = orderFaults(want.what);
  if (fault !== undefined) return refuse('control.bad-parameters', fault.why, `/what${fault.pointer}`);
  if (want.expiry.mode === 'auto' && want.expiry.at <= asked.at)
    return refuse('hold.bad-expiry', 'The expiry lies in the past.', '/expiry/at');
  const waiting = [...state.pulls.values()].filter((pull) => pull.state === 'waiting');
  if (waiting.some(({ change, askedBy }) => change === want.change && askedBy.id === asked.by.id)) return [];
  if (waiting.length >= PULLS_WAITING)
    return refuse('pull.too-many', `At most ${PULLS_WAITING} pulls wait in an incident; answer or withdraw one first.`);
  const { minutes, ...data } = want;
  return [{ type: 'pull.asked', data: { ...data, until: addMs(asked.at, minutes * 60_000) } }];
}

function waitingFor(state: Containment, id: string): Pull | Refusal {
  const pull = state.pulls.get(id);
  if (pull === undefined) return refuse('pull.unknown', 'This incident has no such pull.', '/pull');
  return pull.state === 'waiting'
    ? pull
    : refuse(
        'pull.over',
        `This pull was ${pull.state} at ${pull.ended?.at ?? 'an earlier time'}. Ask again if it is still wanted.`,
      );
}

/**
 * A second person agrees to exactly what stands there, and it is ordered in the same moment. Refuses `pull.unknown`,
 * `pull.over`, `pull.changed`, `pull.same-person`, and what `orderHold` refuses.
 */
export function approvePull(
  state: Containment,
  want: Pick<OrderHold, 'hold' | 'number' | 'manifest' | 'inForce' | 'canary'> & {
    readonly pull: Id<'pul'>;
    readonly change: string;
  },
  asked: Asked,
  behind: (actor: Actor) => string = ({ kind, id }) => `${kind} ${id}`,
): Decision<ContainmentFact> {
  const pull = waitingFor(state, want.pull);
  if ('refused' in pull) return pull;
  if (pull.until <= asked.at) return refuse('pull.over', 'Nobody agreed in time, so this pull has lapsed. Ask again.');
  if (pull.change !== want.change)
    return refuse('pull.changed', 'This is not what was asked for any more. Look at it again, then agree.', '/change');
  if (behind(pull.askedBy) === behind(asked.by))
    return refuse('pull.same-person', 'You asked for this pull. Somebody else has to agree.');
  const { system, control, what, reason, expiry, skipEvidence, supersedes, gate, incident, askedBy } = pull;
  const ordered = orderHold(
    state,
    {
      hold: want.hold,
      number: want.number,
      inForce: want.inForce,
      pull: pull.pull,
      incident,
      system,
      what,
      reason,
      expiry,
      askedBy,
      ...(want.manifest === undefined ? {} : { manifest: want.manifest }),
      ...(want.canary === undefined ? {} : { canary: want.canary }),
      ...(control === undefined ? {} : { control }),
      ...(skipEvidence === undefined ? {} : { skipEvidence }),
      ...(supersedes === undefined ? {} : { supersedes }),
      ...(gate === undefined ? {} : { gate }),
    },
    asked,
  );
  if ('refused' in ordered) return ordered;
  const hold = ordered.length > 0 ? want.hold : (alreadyHeld(state, system, what)?.hold ?? want.hold);
  return [{ type: 'pull.approved', data: { pull: pull.pull, change: pull.change, hold } }, ...ordered];
}

/** Restricting is not asked for any more. Refuses `pull.unknown`, `pull.over`. */
export function withdrawPull(
  state: Containment,
  want: { readonly pull: Id<'pul'>; readonly reason: string },
): Decision<ContainmentFact> {
  const pull = waitingFor(state, want.pull);
  return 'refused' in pull ? pull : [{ type: 'pull.withdrawn', data: { pull: pull.pull, reason: want.reason } }];
}

/** Pulls that nobody agreed to in time, each once. */
export function pullsLapsing(state: Containment, asked: Asked): ContainmentFact[] {
  return [...state.pulls.values()]
    .filter((pull) => pull.state === 'waiting' && pull.until <= asked.at)
    .map(({ pull }) => ({ type: 'pull.lapsed', data: { pull } }));
}

import { createHash } from 'node:crypto';
import { canonical } from '@firebreak/core/evidence';
import { type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  approvePull,
  askPull,
  type ContainmentFact,
  type Hold,
  type Pull,
  type PullSaid,
  widthOf,
} from '@firebreak/core/respond/containment';
import type { Choice, RecommendationFact } from '@firebreak/core/respond/recommendation';
import { act, type Caller, type Deps } from '../../platform/index.ts';
import { personBehind } from '../../prepare/people/index.ts';
import { mayAct, type Wanted } from '../decision-rights/index.ts';
import { findIncident } from '../incidents/index.ts';
import { type Parts, takeFirst } from './canary.ts';
import { closedOrUnknown, expiryOf, foldRoom, given, mayTakeOver, notTyped, type Order, prepare } from './orders.ts';
import { sinceThePreview } from './preview.ts';
import { pullById } from './pull-board.ts';

/** Asks a second person to agree to a pull. Where none is needed it is refused: then it can be ordered. */
export async function askForPull(
  deps: Deps,
  parts: Parts,
  by: Caller,
  incidentName: string,
  want: Order,
): Promise<Pull | Refusal> {
  const prepared = await prepare(deps, parts.state, by, incidentName, want);
  if (isRefusal(prepared)) return prepared;
  const { aimed, incident, rule } = prepared;
  if (want.ifPreview !== undefined) {
    const changed = await sinceThePreview(deps, parts, aimed, want.ifPreview);
    if (changed !== null) return changed;
  }
  const pull = deps.mint('pul');
  const gate = want.gate ?? aimed.gate;
  let change = '';
  const done = await act(deps, {
    stream: incident,
    by,
    may: 'containment.order',
    fold: foldRoom,
    decide: (room, asked): Decision<ContainmentFact> => {
      const said: PullSaid = {
        system: aimed.system,
        what: aimed.what,
        reason: want.reason,
        expiry: want.expiry === undefined ? aimed.expiry : expiryOf(want.expiry, asked.at),
        ...(aimed.control === undefined ? {} : { control: aimed.control }),
        ...(want.skipEvidence === undefined ? {} : { skipEvidence: want.skipEvidence }),
        ...(want.supersedes === undefined ? {} : { supersedes: want.supersedes }),
        ...(gate === undefined ? {} : { gate }),
      };
      change = digestOf({ incident, ...said });
      const seen = {
        ...(want.ifPreview === undefined ? {} : { preview: want.ifPreview }),
        ...(want.chosen === undefined ? {} : { chosen: want.chosen }),
      };
      return (
        closedOrUnknown(room, incidentName) ??
        notTyped(prepared, by, want) ??
        askPull(
          room.containment,
          { ...said, ...seen, pull, change, minutes: rule.second?.minutes ?? SECOND_MINUTES_USUAL },
          asked,
        )
      );
    },
  });
  if (isRefusal(done)) return done;
  const { pulls } = done.state.containment;
  return pulls.get(pull) ?? [...pulls.values()].find((it) => it.state === 'waiting' && it.change === change)!;
}

/** What a second person says to a pull. */
export interface Agreed {
  readonly pull: `pul_${string}`;
  readonly change: string;
  /** Whatever those who take it first make of it. */
  readonly force?: boolean | undefined;
  /** Mark of the preview they saw, where it is another than whoever asked saw. */
  readonly ifPreview?: string | undefined;
}

/** A second person agrees, and it is ordered in the same transaction, after the same trials as an order of one person. */
export async function approveAPull(
  deps: Deps,
  parts: Parts,
  by: Caller,
  incidentName: string,
  { force, ifPreview, ...want }: Agreed,
): Promise<Hold | Refusal> {
  const { state, roster } = parts;
  const pull = await pullById(deps.db, want.pull);
  const incident = await findIncident(deps.db, incidentName);
  if (incident === null) return refuse('incident.unknown', `There is no incident ${incidentName}.`);
  const known = pull === null ? undefined : state.systems.get(pull.system);
  if (pull === null || known === undefined || pull.incident !== incident)
    return refuse('pull.unknown', 'This incident has no such pull.', '/pull');
  const refused =
    (await mayAct(deps, by, { act: 'pull', ...pullWanted(pull) })) ??
    (pull.supersedes === undefined ? null : await mayTakeOver(deps, by, pull.supersedes));
  if (refused !== null) return refused;
  const behind = await personBehind(deps.db);
  const hold = deps.mint('hld');
  const { system, what } = pull;
  // Nobody may wait for, and no instance may try, what is refused anyway.
  const stands =
    pull.state === 'waiting' &&
    pull.change === want.change &&
    pull.until > deps.now() &&
    behind(pull.askedBy) !== behind(by.actor);
  const mark = ifPreview ?? pull.preview;
  if (stands && mark !== undefined) {
    const changed = await sinceThePreview(deps, parts, { system, what }, mark);
    if (changed !== null) return changed;
  }
  const canary = stands ? await takeFirst(deps, parts, { hold, incident, system, what, force: force === true }) : null;
  if (canary !== null && isRefusal(canary)) return canary;
  const done = await act(deps, {
    stream: incident,
    by,
    may: 'containment.order',
    fold: foldRoom,
    given: (tx) => given(tx, deps, roster, { aimed: pull, stream: known.id }, pull.skipEvidence === undefined),
    decide: (room, asked, { number, inForce, manifest }): Decision<ContainmentFact | RecommendationFact> => {
      const closed = closedOrUnknown(room, incidentName);
      if (closed !== null) return closed;
      const before = { ...want, hold, number, inForce, ...(manifest && { manifest }), ...(canary && { canary }) };
      const approved = approvePull(room.containment, before, asked, behind);
      if (isRefusal(approved) || pull.chosen === undefined) return approved;
      if (!approved.some(({ type }) => type === 'containment.ordered')) return approved;
      const choice = { ...pull.chosen, hold, system, preview: mark ?? null } as unknown as Choice;
      return [...approved, { type: 'containment.chosen', data: choice }];
    },
  });
  if (isRefusal(done)) return done;
  const { holds, pulls } = done.state.containment;
  return holds.get(pulls.get(want.pull)?.ended?.hold ?? hold)!;
}

/** Pulling what was asked for, as the rules are asked for it. */
export const pullWanted = (pull: Pull): Pick<Wanted, 'system' | 'control' | 'width'> => ({
  system: pull.system,
  control: pull.control,
  width: widthOf(pull.what),
});

/** Where no time is set. */
const SECOND_MINUTES_USUAL = 15;
const digestOf = (value: object): string => `sha256:${createHash('sha256').update(canonical(value)).digest('hex')}`;

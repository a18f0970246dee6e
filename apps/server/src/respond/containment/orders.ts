import {
  type Asked,
  addMs,
  type Decision,
  type Instant,
  isRefusal,
  type Recorded,
  type Refusal,
  refuse,
} from '@firebreak/core/kernel';
import {
  type Containment,
  type ContainmentFact,
  type Control,
  controlFaults,
  type Expiry,
  foldContainment,
  type Gate,
  type Hold,
  orderHold,
} from '@firebreak/core/respond/containment';
import { foldIncident } from '@firebreak/core/respond/incidents';
import type { Choice, RecommendationFact } from '@firebreak/core/respond/recommendation';
import { act, type Caller, type Deps, together } from '../../platform/index.ts';
import { findIncident } from '../incidents/index.ts';
import { beforeOrder, controlById } from './boards.ts';
import { type Parts, takeFirst } from './canary.ts';
import type { ControlState } from './control-state.ts';
import { lookAt, manifestOf } from './manifest.ts';
import { sinceThePreview } from './preview.ts';

export type ExpiryGiven =
  | { readonly mode: 'until-lifted' }
  | { readonly mode: 'auto'; readonly at: Instant }
  | { readonly mode: 'auto-after'; readonly minutes: number };

/** What somebody points at: a control wired in advance, or a system and what to do. */
export interface Aim {
  readonly control?: `ctl_${string}` | undefined;
  readonly system?: string | undefined;
  readonly what?: Control | undefined;
}

export interface Aimed {
  readonly system: string;
  readonly what: Control;
  readonly control?: `ctl_${string}`;
  readonly expiry: Expiry;
  readonly needs: string;
  readonly gate?: Gate;
}

export interface Order extends Aim {
  readonly reason: string;
  readonly expiry?: ExpiryGiven | undefined;
  readonly skipEvidence?: string | undefined;
  readonly supersedes?: `hld_${string}` | undefined;
  readonly gate?: Gate | undefined;
  /** Whatever those who take it first make of it. */
  readonly force?: boolean | undefined;
  /** Mark of the preview that was seen. */
  readonly ifPreview?: string | undefined;
  /** What was recommended and what was taken. */
  readonly chosen?: Omit<Choice, 'hold' | 'system' | 'preview'> | undefined;
}

/** Two orders at the same time on different incidents must not miss each other: one lock for all orders. */
const ORDER_LOCK = 728_193_001;

export function expiryOf(given: ExpiryGiven, now: Instant): Expiry {
  return given.mode === 'auto-after' ? { mode: 'auto', at: addMs(now, given.minutes * 60_000) } : given;
}

export async function aimedAt(deps: Deps, state: ControlState, aim: Aim): Promise<Aimed | Refusal> {
  if (aim.control !== undefined) {
    const row = await controlById(deps.db, aim.control);
    if (row === null || row.data.retired || (aim.system !== undefined && aim.system !== row.data.system))
      return refuse(
        'control.unknown',
        'No such control is wired. List those there are, or say system and what.',
        '/control',
      );
    const { control, system, what, expiry, needs, gate } = row.data;
    const minutes: ExpiryGiven = expiry.mode === 'auto' ? { mode: 'auto-after', minutes: expiry.minutes } : expiry;
    return {
      control,
      system,
      what: aim.what ?? what,
      expiry: expiryOf(minutes, deps.now()),
      needs,
      ...(gate && { gate }),
    };
  }
  if (aim.system === undefined || aim.what === undefined)
    return refuse('control.bad-parameters', 'Say which control, or which system and what to do with it.');
  const system = state.keyOf(aim.system);
  if (system === undefined) return refuse('system.unknown', `No system is registered as ${aim.system}.`, '/system');
  return { system, what: aim.what, expiry: { mode: 'until-lifted' }, needs: 'containment.order' };
}

interface Room {
  readonly containment: Containment;
  readonly incident: ReturnType<typeof foldIncident>;
}
const foldRoom = (facts: readonly Recorded[]): Room => ({
  containment: foldContainment(facts),
  incident: foldIncident(facts),
});

/** Orders a hold; a hold of the same kind that this incident already has is given back as it is. */
export async function order(
  deps: Deps,
  parts: Parts,
  by: Caller,
  incidentName: string,
  want: Order,
): Promise<Hold | Refusal> {
  const { state, roster } = parts;
  const aimed = await aimedAt(deps, state, want);
  if (isRefusal(aimed)) return aimed;
  if (by.may !== 'everything' && !by.may.has(aimed.needs as never))
    return refuse('authority.missing', `This control needs the right “${aimed.needs}”, which you do not have.`);
  const known = state.systems.get(aimed.system);
  if (known === undefined) return refuse('system.unknown', `No system is registered as ${aimed.system}.`, '/system');
  const incident = state.incidentNamed(incidentName) ?? (await findIncident(deps.db, incidentName));
  if (incident === null) return refuse('incident.unknown', `There is no incident ${incidentName}.`);

  if (want.ifPreview !== undefined) {
    const changed = await sinceThePreview(deps, { state, roster }, aimed, want.ifPreview);
    if (changed !== null) return changed;
  }
  const hold = deps.mint('hld');
  const gate = want.gate ?? aimed.gate;
  // Nobody may wait for what somebody is not allowed to do anyway.
  const canary =
    controlFaults(aimed.what).length > 0 || (by.may !== 'everything' && !by.may.has('containment.order'))
      ? null
      : await takeFirst(deps, parts, { hold, incident, ...aimed, force: want.force === true });
  if (canary !== null && isRefusal(canary)) return canary;
  const done = await act(deps, {
    stream: incident,
    by,
    may: 'containment.order',
    fold: foldRoom,
    given: async (tx) => {
      // The embedded engine does one thing at a time anyway.
      if (deps.db.engine === 'postgresql') await tx.query('select pg_advisory_xact_lock($1)', [ORDER_LOCK]);
      if (want.skipEvidence !== undefined) return { ...(await beforeOrder(tx, aimed.system)), manifest: undefined };
      const [{ number, inForce }, seen] = await together([
        beforeOrder(tx, aimed.system),
        lookAt(tx, deps, roster, { key: aimed.system, id: known.id }),
      ]);
      return { number, inForce, manifest: manifestOf(deps, seen, inForce) };
    },
    decide: (room, asked, given): Decision<ContainmentFact | RecommendationFact> => {
      const refused = closedOrUnknown(room, incidentName);
      if (refused !== null) return refused;
      const ordered = orderHold(
        room.containment,
        {
          hold,
          incident: incident as `inc_${string}`,
          number: given.number,
          system: aimed.system,
          what: aimed.what,
          reason: want.reason,
          expiry: want.expiry === undefined ? aimed.expiry : expiryOf(want.expiry, asked.at),
          inForce: given.inForce,
          ...(aimed.control === undefined ? {} : { control: aimed.control }),
          ...(given.manifest === undefined ? {} : { manifest: given.manifest }),
          ...(want.skipEvidence === undefined ? {} : { skipEvidence: want.skipEvidence }),
          ...(want.supersedes === undefined ? {} : { supersedes: want.supersedes }),
          ...(gate === undefined ? {} : { gate }),
          ...(canary === null ? {} : { canary }),
        },
        asked,
      );
      if (isRefusal(ordered) || ordered.length === 0 || want.chosen === undefined) return ordered;
      const choice = { hold, system: aimed.system, ...want.chosen, preview: want.ifPreview ?? null };
      return [...ordered, { type: 'containment.chosen', data: choice }];
    },
  });
  if (isRefusal(done)) return done;
  const { holds } = done.state.containment;
  return holds.get(hold) ?? sameHold(holds, aimed)!;
}

function closedOrUnknown({ incident }: Room, name: string): Refusal | null {
  if (incident === null) return refuse('incident.unknown', `There is no incident ${name}.`);
  return incident.state === 'closed'
    ? refuse('incident.closed', 'The incident is closed. Open it again, or declare another.')
    : null;
}

function sameHold(holds: Containment['holds'], aimed: Aimed): Hold | undefined {
  const wanted = sorted(aimed.what);
  return [...holds.values()].find(
    (hold) => hold.state === 'active' && hold.system === aimed.system && sorted(hold.what) === wanted,
  );
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** Changes one hold of an incident by a rule of the core, and gives it back as it now is. */
export async function changeHold(
  deps: Deps,
  by: Caller,
  may: 'containment.order' | 'containment.lift',
  incidentName: string,
  hold: string,
  decide: (state: Containment, asked: Asked) => Decision<ContainmentFact>,
): Promise<Hold | Refusal> {
  const incident = await findIncident(deps.db, incidentName);
  if (incident === null) return refuse('incident.unknown', `There is no incident ${incidentName}.`);
  const done = await act(deps, { stream: incident, by, may, fold: foldContainment, decide });
  return isRefusal(done) ? done : done.state.holds.get(hold)!;
}

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
  AUTOMATIC_MINUTES,
  type Containment,
  type ContainmentFact,
  type Control,
  type Expiry,
  foldContainment,
  type Gate,
  type Hold,
  type InFlightPolicy,
  orderFaults,
  orderHold,
  untilAdopted,
  widthOf,
  withInFlight,
} from '@firebreak/core/respond/containment';
import type { Rule } from '@firebreak/core/respond/decision-rights';
import { foldIncident } from '@firebreak/core/respond/incidents';
import type { Choice, RecommendationFact } from '@firebreak/core/respond/recommendation';
import { act, type Caller, type Deps, type Sql, together } from '../../platform/index.ts';
import { personBehind } from '../../prepare/people/index.ts';
import { mayAct, ruleOf, type Wanted } from '../decision-rights/index.ts';
import { findIncident } from '../incidents/index.ts';
import { beforeOrder, controlById, holdById } from './boards.ts';
import { type Parts, takeFirst } from './canary.ts';
import type { ControlState } from './control-state.ts';
import { lookAt, manifestOf } from './manifest.ts';
import { sinceThePreview } from './preview.ts';
import type { Roster } from './roster.ts';

export type ExpiryGiven =
  | { readonly mode: 'until-lifted' }
  | { readonly mode: 'auto'; readonly at: Instant }
  | { readonly mode: 'auto-after'; readonly minutes: number };

/** What somebody points at: a control wired in advance, or a system and what to do. */
export interface Aim {
  readonly control?: `ctl_${string}` | undefined;
  readonly system?: string | undefined;
  readonly what?: Control | undefined;
  /** What becomes of what runs, where that is to be otherwise than the control says. */
  readonly inFlight?: InFlightPolicy | undefined;
}

export interface Aimed {
  readonly system: string;
  readonly what: Control;
  readonly control?: `ctl_${string}`;
  readonly expiry: Expiry;
  readonly needs: string;
  readonly gate?: Gate;
  /** Whether it does what the control was declared to do. */
  readonly own: boolean;
}

export interface Order extends Aim {
  readonly reason: string;
  readonly expiry?: ExpiryGiven | undefined;
  readonly skipEvidence?: string | undefined;
  readonly supersedes?: `hld_${string}` | undefined;
  readonly gate?: Gate | undefined;
  /** Whatever those who take it first make of it. */
  readonly force?: boolean | undefined;
  /** Key of the system, as somebody typed it. */
  readonly typed?: string | undefined;
  /** Pulled by a program on its own. */
  readonly automatic?: true | undefined;
  /** It holds already, or did until a moment ago, as people had ordered it: nothing is asked for twice. */
  readonly again?: true;
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
      what: withInFlight(aim.what ?? what, aim.inFlight),
      expiry: expiryOf(minutes, deps.now()),
      needs,
      own: aim.what === undefined || sorted(aim.what) === sorted(what),
      ...(gate && { gate }),
    };
  }
  if (aim.system === undefined || aim.what === undefined)
    return refuse('control.bad-parameters', 'Say which control, or which system and what to do with it.');
  const system = state.keyOf(aim.system);
  if (system === undefined) return refuse('system.unknown', `No system is registered as ${aim.system}.`, '/system');
  const what = withInFlight(aim.what, aim.inFlight);
  return { system, what, expiry: { mode: 'until-lifted' }, needs: 'containment.order', own: false };
}

interface Room {
  readonly containment: Containment;
  readonly incident: ReturnType<typeof foldIncident>;
}
export const foldRoom = (facts: readonly Recorded[]): Room => ({
  containment: foldContainment(facts),
  incident: foldIncident(facts),
});

/** Everything an order has to be before it is given or asked for. */
interface Prepared {
  readonly aimed: Aimed;
  readonly incident: string;
  /** Stream of the system. */
  readonly stream: string;
  readonly rule: Rule;
}

export async function prepare(
  deps: Deps,
  state: ControlState,
  by: Caller,
  incidentName: string,
  want: Order,
): Promise<Prepared | Refusal> {
  const aimed = await aimedAt(deps, state, want);
  if (isRefusal(aimed)) return aimed;
  if (by.may !== 'everything' && !by.may.has(aimed.needs as never))
    return refuse('authority.missing', `This control needs the right “${aimed.needs}”, which you do not have.`);
  const known = state.systems.get(aimed.system);
  if (known === undefined) return refuse('system.unknown', `No system is registered as ${aimed.system}.`, '/system');
  const incident = state.incidentNamed(incidentName) ?? (await findIncident(deps.db, incidentName));
  if (incident === null) return refuse('incident.unknown', `There is no incident ${incidentName}.`);
  // The rule of a control is for what it was declared to do, and for nothing else that is pulled in its name.
  const wanted = { system: aimed.system, control: aimed.own ? aimed.control : undefined, width: widthOf(aimed.what) };
  const prepared = { aimed, incident, stream: known.id, rule: await ruleOf(deps, wanted) };
  const refused =
    (await mayAct(deps, by, { act: 'pull', ...wanted })) ??
    (want.supersedes === undefined ? null : await mayTakeOver(deps, by, want.supersedes));
  return refused ?? prepared;
}

/** Another override in place of one in force changes what holds: as for letting go, it takes somebody else. */
export async function mayTakeOver(deps: Deps, by: Caller, id: string): Promise<Refusal | null> {
  const hold = await holdById(deps.db, id);
  if (hold?.state !== 'active' || by.actor.kind === 'system') return null;
  if (by.may !== 'everything' && !by.may.has('containment.lift'))
    return refuse('authority.missing', `Taking over from HLD-${hold.number} needs the right “containment.lift”.`);
  const behind = await personBehind(deps.db);
  if (behind(hold.orderedBy) === behind(by.actor))
    return refuse(
      'hold.same-person',
      `You ordered HLD-${hold.number}, so somebody else has to take over from it. You can disable the feature at once.`,
    );
  return mayAct(deps, by, loosening(hold));
}

/** Letting this hold go, as the rules are asked for it. */
export const loosening = (hold: Hold): Wanted => ({
  act: 'approve',
  system: hold.system,
  control: hold.control,
  width: widthOf(hold.what),
  incident: hold.incident,
  orderedBy: hold.orderedBy,
});

/** Where the rule asks for the key of the system: that it was not typed. */
export const notTyped = ({ rule, aimed }: Prepared, by: Caller, { typed, again }: Order): Refusal | null =>
  rule.typed && by.actor.kind !== 'system' && again !== true && typed?.trim() !== aimed.system
    ? refuse(
        'scope.not-typed',
        `This touches all of ${aimed.system}. Type its key, ${aimed.system}, to say so.`,
        '/typed',
      )
    : null;

/** What has to be known in the transaction of an order. */
export async function given(
  tx: Sql,
  deps: Deps,
  roster: Roster,
  { aimed, stream }: { readonly aimed: { readonly system: string }; readonly stream: string },
  preserve: boolean,
) {
  // The embedded engine does one thing at a time anyway.
  if (deps.db.engine === 'postgresql') await tx.query('select pg_advisory_xact_lock($1)', [ORDER_LOCK]);
  if (!preserve) return { ...(await beforeOrder(tx, aimed.system)), manifest: undefined };
  const [{ number, inForce }, seen] = await together([
    beforeOrder(tx, aimed.system),
    lookAt(tx, deps, roster, { key: aimed.system, id: stream }),
  ]);
  return { number, inForce, manifest: manifestOf(deps, seen, inForce) };
}

/** How long it stands, and who has to adopt it before: what no person ordered, or what a second one looks at afterwards. */
function standing(expiry: Expiry, { rule }: Prepared, by: Caller, want: Order, at: Instant) {
  if (want.again === true) return { expiry };
  if (want.automatic === true || by.actor.kind === 'system') return untilAdopted(expiry, AUTOMATIC_MINUTES, at);
  return rule.second?.when === 'after' ? untilAdopted(expiry, rule.second.minutes, at) : { expiry };
}

/** Orders a hold; a hold of the same kind that this incident already has is given back as it is. */
export async function order(
  deps: Deps,
  parts: Parts,
  by: Caller,
  incidentName: string,
  want: Order,
): Promise<Hold | Refusal> {
  const { state, roster } = parts;
  const prepared = await prepare(deps, state, by, incidentName, want);
  if (isRefusal(prepared)) return prepared;
  const { aimed, incident, rule } = prepared;
  if (rule.second?.when === 'before' && by.actor.kind !== 'system' && want.again !== true)
    return refuse(
      'pull.needs-second',
      `A second person has to agree within ${rule.second.minutes} minutes. Ask for it: POST /api/v1/incidents/…/pulls with the same body.`,
    );
  if (want.ifPreview !== undefined) {
    const changed = await sinceThePreview(deps, { state, roster }, aimed, want.ifPreview);
    if (changed !== null) return changed;
  }
  const hold = deps.mint('hld');
  const gate = want.gate ?? aimed.gate;
  // Nobody may wait for what somebody is not allowed to do anyway.
  const canary =
    orderFaults(aimed.what).length > 0 ||
    notTyped(prepared, by, want) !== null ||
    (by.may !== 'everything' && !by.may.has('containment.order'))
      ? null
      : await takeFirst(deps, parts, { hold, incident, ...aimed, force: want.force === true });
  if (canary !== null && isRefusal(canary)) return canary;
  const done = await act(deps, {
    stream: incident,
    by,
    may: 'containment.order',
    fold: foldRoom,
    given: (tx) => given(tx, deps, roster, prepared, want.skipEvidence === undefined),
    decide: (room, asked, given): Decision<ContainmentFact | RecommendationFact> => {
      const refused = closedOrUnknown(room, incidentName);
      if (refused !== null) return refused;
      const expiry = want.expiry === undefined ? aimed.expiry : expiryOf(want.expiry, asked.at);
      const ordered = orderHold(
        room.containment,
        {
          hold,
          incident: incident as `inc_${string}`,
          number: given.number,
          system: aimed.system,
          what: aimed.what,
          reason: want.reason,
          ...standing(expiry, prepared, by, want, asked.at),
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
      if (isRefusal(ordered) || ordered.length === 0) return ordered;
      const missing = notTyped(prepared, by, want);
      if (missing !== null || want.chosen === undefined) return missing ?? ordered;
      const choice = { hold, system: aimed.system, ...want.chosen, preview: want.ifPreview ?? null };
      return [...ordered, { type: 'containment.chosen', data: choice }];
    },
  });
  if (isRefusal(done)) return done;
  const { holds } = done.state.containment;
  return holds.get(hold) ?? sameHold(holds, aimed)!;
}

export function closedOrUnknown({ incident }: Room, name: string): Refusal | null {
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

import type { Archetype, CalledArchetype } from '../../detect/signals/index.ts';
import { type Asked, addMs, type Decision, type Instant, refuse } from '../../kernel/index.ts';
import type { IncidentRole } from '../../prepare/role-directory/index.ts';
import {
  type AdoptedTable,
  type Axes,
  DELIVERED,
  type Severity,
  suggestSeverity,
  type VoiceFigures,
} from '../../prepare/rubric/index.ts';
import type { IncidentFact, IncidentId, IncidentKind, IncidentState, Kin, NamedTime, NearMiss } from './facts.ts';
import type { Incident } from './incident.ts';

const SKEW_MS = 5 * 60_000;

export interface DeclareIncident {
  readonly incident: IncidentId;
  readonly label: string;
  readonly title: string;
  readonly summary: string;
  /** Keys of the AI systems believed to be involved. */
  readonly systems: readonly string[];
  readonly candidate: string | null;
  readonly axes: Axes;
  /** What the person calls it. Absent: what the table suggests. */
  readonly severity?: Severity;
  readonly startedAt?: Instant;
  readonly detectedAt?: Instant;
  readonly drill: boolean;
  /** Absent: an incident. */
  readonly kind?: IncidentKind;
  readonly archetype?: CalledArchetype;
  /** What else it shows. */
  readonly also?: readonly Archetype[];
  readonly miss?: NearMiss;
}

const accountFault = (miss: NearMiss | undefined) =>
  miss === undefined || miss.stoppedBy.trim() === '' || miss.wouldHave.trim() === ''
    ? refuse(
        'near-miss.account-missing',
        'Of a near miss, say what stopped it and what would have happened otherwise. If you cannot say what stopped it, declare an incident.',
        miss === undefined || miss.stoppedBy.trim() === '' ? '/miss/stoppedBy' : '/miss/wouldHave',
      )
    : null;

/** Anybody may declare; no proof is needed, and unsure is Sev 2. A person may call it graver than the table, not milder. */
export function declareIncident(
  state: Incident | null,
  want: DeclareIncident,
  asked: Asked,
  rubric: AdoptedTable = DELIVERED,
): Decision<IncidentFact> {
  if (state !== null) return [];
  const isMiss = want.kind === 'near-miss';
  const fault = isMiss ? accountFault(want.miss) : null;
  if (fault !== null) return fault;
  const unfit = alsoFault(want.archetype ?? 'unknown', want.also);
  if (unfit !== null) return unfit;
  const call = suggestSeverity(want.axes, {}, rubric.table);
  const severity = want.severity ?? call.severity;
  if (severity > call.severity)
    return refuse(
      'severity.milder-than-rubric',
      `The answers give Sev ${call.severity} (${call.reasons.join('; ')}). Declare at that level; the lead may lower it later with a reason.`,
      '/severity',
    );
  const early = [
    ...stated('started', want.startedAt, 'first seen, as stated when declaring'),
    ...stated(
      'detected',
      want.detectedAt,
      want.candidate === null ? 'as stated when declaring' : 'first signal of the candidate',
    ),
  ];
  if (early.some((fact) => fact.type === 'time.stated' && fact.data.at > addMs(asked.at, SKEW_MS)))
    return refuse(
      'time.in-future',
      'An incident cannot have started or been detected in the future. Check the time and its zone.',
    );
  const {
    severity: _called,
    startedAt: _s,
    detectedAt: _d,
    kind: _kind,
    archetype = 'unknown',
    also,
    miss,
    ...rest
  } = want;
  const named = namedArchetype(archetype);
  return [
    {
      type: 'incident.declared',
      data: {
        ...rest,
        severity,
        rules: severity < call.severity ? ['PERSON'] : call.rules,
        provisional: call.provisional,
        rubric: rubric.version,
        ...(named !== null && { archetype: named }),
        ...(isMiss && { kind: 'near-miss' as const, miss }),
      },
    },
    ...calledFrom({ archetype: named, also: [] }, { to: archetype, also, reason: '' }),
    ...early,
  ];
}

function stated(which: NamedTime, at: Instant | undefined, because: string): IncidentFact[] {
  return at === undefined ? [] : [{ type: 'time.stated', data: { which, at, because } }];
}

const unknown = () => refuse('incident.unknown', 'There is no such incident. Check the id or the label.');
const closed = () => refuse('incident.closed', 'This incident is closed. Reopen it first, with a reason.');

export interface CallSeverity {
  readonly axes: Axes;
  readonly voice?: VoiceFigures | undefined;
  /** The level counsel puts the legal exposure at; operations stay one notch above. */
  readonly legal?: Severity | undefined;
  readonly to: Severity;
  readonly reason: string;
}

/** Raising is immediate. Lowering needs a reason and answers for harm, reach and data. */
export function callSeverity(
  state: Incident | null,
  want: CallSeverity,
  rubric: AdoptedTable = DELIVERED,
): Decision<IncidentFact> {
  if (state === null) return unknown();
  if (state.state === 'closed') return closed();
  const beside = {
    ...(want.voice && { voice: want.voice }),
    ...(want.legal && { legal: want.legal }),
  };
  const call = suggestSeverity(want.axes, beside, rubric.table);
  const lowering = want.to > state.severity || want.to > call.severity;
  if (lowering && want.reason.trim() === '')
    return refuse(
      'severity.reason-missing',
      'Lowering the severity, or calling it milder than the answers suggest, needs a reason.',
      '/reason',
    );
  const open = (['harm', 'reach', 'data'] as const).filter((axis) => want.axes[axis] === null);
  if (want.to > state.severity && open.length > 0)
    return refuse(
      'severity.still-unknown',
      `The severity cannot be lowered while ${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} unknown.`,
      `/axes/${open[0]}`,
    );
  const told = want.voice !== undefined || want.legal !== undefined;
  if (!told && want.to === state.severity && JSON.stringify(want.axes) === JSON.stringify(state.axes)) return [];
  return [
    {
      type: 'severity.called',
      data: {
        from: state.severity,
        to: want.to,
        axes: want.axes,
        rules: want.to === call.severity ? call.rules : ['PERSON'],
        provisional: call.provisional,
        suggested: call.severity,
        reason: want.reason,
        rubric: rubric.version,
        ...beside,
      },
    },
  ];
}

/** More than this many kinds in one incident tell nobody anything. */
export const MOST_ALSO = 3;

export interface CallArchetype {
  readonly to: CalledArchetype;
  /** What else it shows, at most three. */
  readonly also?: readonly Archetype[] | undefined;
  readonly reason: string;
}

const namedArchetype = (called: CalledArchetype): Archetype | null =>
  called === 'outside' || called === 'unknown' ? null : called;

function alsoFault(to: CalledArchetype, also: readonly Archetype[] = []) {
  const named = namedArchetype(to) !== null;
  if (also.length === 0 || (named && also.length <= MOST_ALSO)) return null;
  return refuse(
    'archetype.also-unfit',
    named
      ? `At most ${MOST_ALSO} further kinds can stand beside the first. Keep the ones that change what is done.`
      : 'Where no archetype is called, none can stand beside it. Name the first one, or leave the others out.',
    '/also',
  );
}

function calledFrom(
  was: Pick<Incident, 'archetype' | 'also'>,
  { to, also = [], reason }: CallArchetype,
): IncidentFact[] {
  const from = was.archetype ?? 'unknown';
  const beside = [...new Set(also)].filter((each) => each !== to);
  const same = from === to && JSON.stringify([...was.also].sort()) === JSON.stringify([...beside].sort());
  return same
    ? []
    : [{ type: 'archetype.called', data: { from, to, ...(beside.length > 0 && { also: beside }), reason } }];
}

/** Says what kind of failure it is, or anew; also of a closed incident, where the register is to be right. */
export function callArchetype(state: Incident | null, want: CallArchetype): Decision<IncidentFact> {
  if (state === null) return unknown();
  return alsoFault(want.to, want.also) ?? calledFrom(state, want);
}

export function retitle(state: Incident | null, want: { readonly title: string }): Decision<IncidentFact> {
  if (state === null) return unknown();
  return state.title === want.title ? [] : [{ type: 'incident.titled', data: { title: want.title } }];
}

export interface NameSystems {
  /** The whole list of keys, the first one first; none: it is not known after all. As when declaring, none has to be registered. */
  readonly systems: readonly string[];
  readonly reason: string;
}

/**
 * Says anew which AI systems it is about. A system on which this incident holds something stays in it, so that no order
 * hangs in the air. `held`: the holds of this incident in force.
 */
export function nameSystems(
  state: Incident | null,
  want: NameSystems,
  held: readonly { readonly system: string; readonly number: number }[],
): Decision<IncidentFact> {
  if (state === null) return unknown();
  if (state.state === 'closed') return closed();
  const from = state.systems;
  const to = [...new Set(want.systems)];
  const left = held.find(({ system }) => from.includes(system) && !to.includes(system));
  if (left !== undefined)
    return refuse(
      'incident.system-held',
      `This incident holds ${left.system} by HLD-${left.number}. Lift that first, or leave ${left.system} among its systems.`,
      '/systems',
    );
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  return [{ type: 'incident.systems-named', data: { from, to, reason: want.reason } }];
}

export function takeRole(
  state: Incident | null,
  want: { readonly role: IncidentRole; readonly person: string },
): Decision<IncidentFact> {
  if (state === null) return unknown();
  if (state.state === 'closed') return closed();
  return state.roles[want.role] === want.person ? [] : [{ type: 'role.taken', data: want }];
}

export function releaseRole(state: Incident | null, want: { readonly role: IncidentRole }): Decision<IncidentFact> {
  if (state === null) return unknown();
  const person = state.roles[want.role];
  return person === undefined ? [] : [{ type: 'role.released', data: { role: want.role, person } }];
}

export function stateTime(
  state: Incident | null,
  want: { readonly which: NamedTime; readonly at: Instant; readonly because: string },
  asked: Asked,
): Decision<IncidentFact> {
  if (state === null) return unknown();
  if (want.at > addMs(asked.at, SKEW_MS))
    return refuse('time.in-future', 'This time lies in the future. Check the time and its zone.', '/at');
  const there = state.times[want.which];
  return there?.at === want.at && there.because === want.because ? [] : [{ type: 'time.stated', data: want }];
}

/**
 * A near miss that turns out to have reached people becomes an incident at once, open again whatever its state was. An
 * incident becomes a near miss only with an account of what stopped it. Both need a reason.
 */
export function refileIncident(
  state: Incident | null,
  want: { readonly to: IncidentKind; readonly reason: string; readonly miss?: NearMiss },
): Decision<IncidentFact> {
  if (state === null) return unknown();
  if (state.kind === want.to) return [];
  if (want.reason.trim() === '')
    return refuse('incident.reason-missing', 'Say in a sentence why it is filed anew.', '/reason');
  const fault = want.to === 'near-miss' ? accountFault(want.miss) : null;
  if (fault !== null) return fault;
  const { to, reason, miss } = want;
  const isMiss = to === 'near-miss' && miss !== undefined;
  const filed: IncidentFact = {
    type: 'incident.refiled',
    data: { from: state.kind, to, reason, ...(isMiss && { miss }) },
  };
  if (to === 'near-miss' || state.state === 'open') return [filed];
  return [filed, { type: 'incident.moved', data: { from: state.state, to: 'open', reason } }];
}

/** Makes some incidents the parts of this one. */
export function gatherChildren(
  state: Incident | null,
  want: { readonly children: readonly Kin[]; readonly because: string },
): Decision<IncidentFact> {
  if (state === null) return unknown();
  const known = new Set(state.children.map(({ incident }) => incident));
  const children = want.children.filter(({ incident }) => !known.has(incident));
  return children.length === 0 ? [] : [{ type: 'incident.gathered', data: { ...want, children } }];
}

/** Makes it a part of another. It has one parent at most, and keeps its own state and holds. */
export function attachTo(state: Incident | null, parent: Kin): Decision<IncidentFact> {
  if (state === null) return unknown();
  if (state.parent?.incident === parent.incident) return [];
  if (state.parent !== null)
    return refuse('incident.has-parent', `${state.label} is already a part of ${state.parent.label}.`);
  return [{ type: 'incident.attached', data: { parent } }];
}

/** Open → contained → resolved → closed, any step back with a reason. Nothing here lifts a hold. */
export function moveIncident(
  state: Incident | null,
  want: { readonly to: IncidentState; readonly reason: string },
  asked: Asked,
): Decision<IncidentFact> {
  if (state === null) return unknown();
  if (state.state === want.to) return [];
  if (want.reason.trim() === '')
    return refuse(
      'incident.reason-missing',
      'Say in a sentence why the state changes; it becomes part of the record.',
      '/reason',
    );
  const moved: IncidentFact = { type: 'incident.moved', data: { from: state.state, to: want.to, reason: want.reason } };
  const first = want.to === 'contained' && state.times.contained === undefined;
  return first ? [moved, ...stated('contained', asked.at, want.reason)] : [moved];
}

import type { Archetype } from '../../detect/signals/index.ts';
import { type Actor, type Instant, ofTypes, type Recorded } from '../../kernel/index.ts';
import type { IncidentRole } from '../../prepare/role-directory/index.ts';
import type { Axes, Severity } from '../../prepare/rubric/index.ts';
import type { IncidentFact, IncidentId, IncidentKind, IncidentState, Kin, NamedTime, NearMiss } from './facts.ts';

export interface StatedTime {
  readonly at: Instant;
  readonly because: string;
  readonly by: Actor;
  readonly recordedAt: Instant;
}

export interface Incident {
  readonly id: IncidentId;
  readonly label: string;
  readonly title: string;
  readonly summary: string;
  readonly systems: readonly string[];
  readonly candidate: string | null;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly axes: Axes;
  readonly rules: readonly string[];
  readonly provisional: boolean;
  readonly drill: boolean;
  readonly kind: IncidentKind;
  /** The kind of failure as a person called it; `outside`: none of ours fits; null: nobody has, or it is unknown again. */
  readonly archetype: Archetype | 'outside' | null;
  /** What else it shows, beside the archetype. */
  readonly also: readonly Archetype[];
  /** Kept when a near miss turns out to have reached people: it was believed once. */
  readonly miss: NearMiss | null;
  /** The incident it is part of; null: none. */
  readonly parent: Kin | null;
  /** The incidents that together are this one. */
  readonly children: readonly Kin[];
  readonly declaredBy: Actor;
  readonly declaredAt: Instant;
  readonly roles: Readonly<Partial<Record<IncidentRole, string>>>;
  readonly times: Readonly<Partial<Record<NamedTime, StatedTime>>>;
}

/** What the incident is treated as: what a person called it, else what detectors found; null: neither, or outside all. */
export function heldArchetype({ archetype }: Pick<Incident, 'archetype'>, found: Archetype | null): Archetype | null {
  return archetype === 'outside' ? null : (archetype ?? found);
}

/** The system it is looked at by first: that of its candidate, unless people named others only; null: nobody named one. */
export function firstSystem(incident: Pick<Incident, 'systems'> | null, found: string | null): string | null {
  const named = incident?.systems ?? [];
  return found !== null && (named.length === 0 || named.includes(found)) ? found : (named[0] ?? null);
}

const TYPES = [
  'incident.declared',
  'incident.refiled',
  'incident.gathered',
  'incident.attached',
  'incident.titled',
  'incident.systems-named',
  'severity.called',
  'archetype.called',
  'role.taken',
  'role.released',
  'time.stated',
  'incident.moved',
] as const;

/** An incident is what its facts say, or null before it is declared. */
export function foldIncident(facts: readonly Recorded[]): Incident | null {
  return ofTypes<IncidentFact>(facts, TYPES).reduce<Incident | null>(step, null);
}

const declaredNow = ({ at, by }: Pick<Recorded, 'at' | 'by'>, because: string): StatedTime => ({
  at,
  because,
  by,
  recordedAt: at,
});

/** An erased account leaves the words out and the kind in place. */
function shownMiss(miss: unknown): NearMiss | null {
  if (miss === undefined || miss === null) return null;
  return typeof miss === 'object' ? (miss as NearMiss) : { stoppedBy: '', wouldHave: '', proximateCause: '' };
}

/** What was first filed as a near miss is declared as an incident when it first becomes one; its clocks run from there. */
function refiled(incident: Incident, fact: Recorded<Extract<IncidentFact, { type: 'incident.refiled' }>>): Incident {
  const { to, miss } = fact.data;
  const filed = { ...incident, kind: to, miss: shownMiss(miss) ?? incident.miss };
  if (to === 'near-miss' || incident.times.declared !== undefined) return filed;
  const declared = declaredNow(fact, 'a near miss that turned out to have reached people');
  return { ...filed, declaredAt: fact.at, declaredBy: fact.by, times: { ...incident.times, declared } };
}

function step(incident: Incident | null, fact: Recorded<IncidentFact>): Incident | null {
  if (fact.type === 'incident.declared') {
    const { incident: id, kind = 'normal', archetype = null, miss, ...data } = fact.data;
    return {
      id,
      ...data,
      kind,
      archetype,
      also: [],
      miss: shownMiss(miss),
      parent: null,
      children: [],
      state: 'open',
      declaredBy: fact.by,
      declaredAt: fact.at,
      roles: {},
      times: kind === 'near-miss' ? {} : { declared: declaredNow(fact, 'declared in Firebreak') },
    };
  }
  if (incident === null) return null;
  switch (fact.type) {
    case 'incident.refiled':
      return refiled(incident, fact);
    case 'incident.gathered':
      return { ...incident, children: [...incident.children, ...fact.data.children] };
    case 'incident.attached':
      return { ...incident, parent: fact.data.parent };
    case 'incident.titled':
      return { ...incident, title: fact.data.title };
    case 'incident.systems-named':
      return { ...incident, systems: fact.data.to };
    case 'severity.called':
      return {
        ...incident,
        severity: fact.data.to,
        axes: fact.data.axes,
        rules: fact.data.rules,
        provisional: fact.data.provisional,
      };
    case 'archetype.called': {
      const { to, also = [] } = fact.data;
      return { ...incident, archetype: to === 'unknown' ? null : to, also };
    }
    case 'role.taken':
      return { ...incident, roles: { ...incident.roles, [fact.data.role]: fact.data.person } };
    case 'role.released': {
      const { [fact.data.role]: _released, ...roles } = incident.roles;
      return { ...incident, roles };
    }
    case 'time.stated': {
      const { which, at, because } = fact.data;
      return { ...incident, times: { ...incident.times, [which]: { at, because, by: fact.by, recordedAt: fact.at } } };
    }
    case 'incident.moved':
      return { ...incident, state: fact.data.to };
  }
}

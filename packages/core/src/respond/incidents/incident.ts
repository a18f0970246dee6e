import { type Actor, type Instant, ofTypes, type Recorded } from '../../kernel/index.ts';
import type { IncidentRole } from '../../prepare/role-directory/index.ts';
import type { Axes, Severity } from '../../prepare/rubric/index.ts';
import type { IncidentFact, IncidentId, IncidentState, NamedTime } from './facts.ts';

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
  readonly declaredBy: Actor;
  readonly declaredAt: Instant;
  readonly roles: Readonly<Partial<Record<IncidentRole, string>>>;
  readonly times: Readonly<Partial<Record<NamedTime, StatedTime>>>;
}

const TYPES = [
  'incident.declared',
  'incident.titled',
  'severity.called',
  'role.taken',
  'role.released',
  'time.stated',
  'incident.moved',
] as const;

/** An incident is what its facts say, or null before it is declared. */
export function foldIncident(facts: readonly Recorded[]): Incident | null {
  return ofTypes<IncidentFact>(facts, TYPES).reduce<Incident | null>(step, null);
}

function step(incident: Incident | null, fact: Recorded<IncidentFact>): Incident | null {
  if (fact.type === 'incident.declared') {
    const { incident: id, ...data } = fact.data;
    return {
      id,
      ...data,
      state: 'open',
      declaredBy: fact.by,
      declaredAt: fact.at,
      roles: {},
      times: { declared: { at: fact.at, because: 'declared in Firebreak', by: fact.by, recordedAt: fact.at } },
    };
  }
  if (incident === null) return null;
  switch (fact.type) {
    case 'incident.titled':
      return { ...incident, title: fact.data.title };
    case 'severity.called':
      return {
        ...incident,
        severity: fact.data.to,
        axes: fact.data.axes,
        rules: fact.data.rules,
        provisional: fact.data.provisional,
      };
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

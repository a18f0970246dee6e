import type { Archetype, CalledArchetype } from '../../detect/signals/index.ts';
import type { Fact, Id, Instant } from '../../kernel/index.ts';
import type { IncidentRole } from '../../prepare/role-directory/index.ts';
import type { Axes, Severity, VoiceFigures } from '../../prepare/rubric/index.ts';

export type IncidentId = Id<'inc'>;

/** The four named times. Each says who claims it; when it was recorded is the fact's own `at`. */
export const NAMED_TIMES = ['started', 'detected', 'declared', 'contained'] as const;
export type NamedTime = (typeof NAMED_TIMES)[number];

export const INCIDENT_STATES = ['open', 'contained', 'resolved', 'closed'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/**
 * What it is in the register. Absent in a fact: an incident. A drill is told apart by its own member; further kinds may
 * come, so readers treat a kind they do not know as one that counts in no figure.
 */
export const INCIDENT_KINDS = ['normal', 'near-miss'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** Why something that began to fail reached nobody. */
export interface NearMiss {
  /** The control, person or chance that stopped it, in words. */
  readonly stoppedBy: string;
  /** Whom it would have reached, and how, had nothing stopped it. */
  readonly wouldHave: string;
  readonly proximateCause: string;
}

/** Another incident, by id and label. */
export interface Kin {
  readonly incident: IncidentId;
  readonly label: string;
}

export type IncidentFact =
  | Fact<
      'incident.declared',
      {
        incident: IncidentId;
        label: string;
        title: string;
        summary: string;
        systems: readonly string[];
        candidate: string | null;
        axes: Axes;
        severity: Severity;
        rules: readonly string[];
        provisional: boolean;
        /** Version of the table the call was made by. */
        rubric?: number;
        drill: boolean;
        kind?: IncidentKind;
        /** As whoever declares it calls the kind of failure. */
        archetype?: Archetype;
        /** Only of a near miss. */
        miss?: NearMiss;
      }
    >
  /** Both sides of a family, each on its own stream. */
  | Fact<'incident.gathered', { children: readonly Kin[]; because: string }>
  | Fact<'incident.attached', { parent: Kin }>
  | Fact<'incident.refiled', { from: IncidentKind; to: IncidentKind; reason: string; miss?: NearMiss }>
  | Fact<'incident.titled', { title: string }>
  /** Which AI systems it is about from now on: the whole list, the first one first. */
  | Fact<'incident.systems-named', { from: readonly string[]; to: readonly string[]; reason: string }>
  | Fact<
      'severity.called',
      {
        from: Severity;
        to: Severity;
        axes: Axes;
        rules: readonly string[];
        provisional: boolean;
        suggested: Severity;
        reason: string;
        rubric?: number;
        voice?: VoiceFigures;
        legal?: Severity;
      }
    >
  /** The kind of failure, as called from now on; `also`: what else it shows, absent where nothing. */
  | Fact<
      'archetype.called',
      { from: CalledArchetype; to: CalledArchetype; also?: readonly Archetype[]; reason: string }
    >
  | Fact<'role.taken', { role: IncidentRole; person: string }>
  | Fact<'role.released', { role: IncidentRole; person: string }>
  | Fact<'time.stated', { which: NamedTime; at: Instant; because: string }>
  | Fact<'incident.moved', { from: IncidentState; to: IncidentState; reason: string }>;

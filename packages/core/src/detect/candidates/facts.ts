import type { Fact, Id, Instant } from '../../kernel/index.ts';
import type { Archetype, Channel, EvidenceClass, SignalId } from '../signals/index.ts';

export type CandidateId = Id<'cnd'>;

export const VERSION_KINDS = ['prompt', 'model', 'index', 'tools'] as const;
export type VersionKind = (typeof VERSION_KINDS)[number];

/** What some signals say together. Every list is bounded (see `SUMMARY_BOUNDS`), so a fact stays small in a flood. */
export interface Summary {
  readonly count: number;
  /** Ids of the earliest ones; the rest are counted, and found through the signals list. */
  readonly signals: readonly SignalId[];
  /** When the things observed happened. */
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** When the latest one reached Firebreak. */
  readonly heardAt: Instant;
  readonly channels: Readonly<Partial<Record<Channel, number>>>;
  readonly evidence: Readonly<Record<EvidenceClass, number>>;
  readonly detectors: Readonly<Record<string, number>>;
  readonly archetypes: Readonly<Partial<Record<Archetype, number>>>;
  /** Salted digests of the people concerned. */
  readonly subjects: readonly string[];
  readonly interactions: number;
  readonly versions: Readonly<Record<VersionKind, readonly string[]>>;
  /** Words quoted most, most frequent first. */
  readonly quotes: readonly string[];
  /** The gravest severity a sender named. */
  readonly severityHint: 1 | 2 | 3 | 4 | null;
}

/** Another candidate that may be the same event, but not surely enough to join. */
export interface Related {
  readonly candidate: CandidateId;
  /** 0 to 1. */
  readonly score: number;
  readonly why: string;
}

export const DISMISSALS = ['false-alarm', 'expected', 'duplicate', 'not-ours', 'other'] as const;
export type Dismissal = (typeof DISMISSALS)[number];
/** What became of a candidate: a way to dismiss it, or filed as something that reached nobody. */
export type Outcome = Dismissal | 'near-miss';

/** Everything that can happen to a candidate. Each has its own stream, named by its id. */
export type CandidateFact =
  | Fact<
      'candidate.opened',
      {
        readonly candidate: CandidateId;
        readonly title: string;
        readonly system: string;
        readonly feature: string | null;
        readonly archetype: Archetype | null;
        /** Adversarial probes of our own: never joined with what real people met. */
        readonly probe: boolean;
        readonly summary: Summary;
        readonly reasons: readonly string[];
        readonly related: readonly Related[];
        readonly splitFrom: CandidateId | null;
      }
    >
  | Fact<
      'candidate.joined',
      {
        readonly candidate: CandidateId;
        readonly added: Summary;
        /** How many came by the same key, by scope and time with likeness, and by likeness of words. */
        readonly by: { readonly key: number; readonly likeness: number };
        /** The lowest score of those that came by likeness; 1 where all came by key. */
        readonly score: number;
        readonly reasons: readonly string[];
      }
    >
  | Fact<'candidate.cohered', { readonly candidate: CandidateId; readonly because: string }>
  | Fact<
      'candidate.merged',
      {
        readonly candidate: CandidateId;
        readonly into: CandidateId;
        readonly summary: Summary;
        readonly reason: string;
      }
    >
  | Fact<
      'candidate.absorbed',
      { readonly candidate: CandidateId; readonly from: CandidateId; readonly added: Summary; readonly reason: string }
    >
  | Fact<
      'candidate.split',
      {
        readonly candidate: CandidateId;
        readonly into: CandidateId;
        /** Ids of the signals that left. */
        readonly signals: readonly SignalId[];
        /** What those that stayed say together. */
        readonly left: Summary;
        readonly reason: string;
      }
    >
  | Fact<'candidate.dismissed', { readonly candidate: CandidateId; readonly as: Dismissal; readonly reason: string }>
  | Fact<
      'candidate.promoted',
      {
        readonly candidate: CandidateId;
        readonly incident: Id<'inc'>;
        /** Present where it was filed as a near miss. */
        readonly kind?: 'near-miss';
      }
    >;

export const CANDIDATE_FACTS = [
  'candidate.opened',
  'candidate.joined',
  'candidate.cohered',
  'candidate.merged',
  'candidate.absorbed',
  'candidate.split',
  'candidate.dismissed',
  'candidate.promoted',
] as const satisfies readonly CandidateFact['type'][];

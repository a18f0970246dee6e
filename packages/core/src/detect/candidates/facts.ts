import type { Fact, Id, Instant } from '../../kernel/index.ts';
import type { Archetype, Channel, EvidenceClass, Mark, PagesAlone, SignalId } from '../signals/index.ts';

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
  /** Where it was seen, by the name each sender gives; facts of before this was kept have none. */
  readonly deployments: readonly string[];
  /** Why some of them may page alone; absent where none may. */
  readonly pagesAlone?: readonly PagesAlone[] | undefined;
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

/**
 * Why somebody is told of a candidate: a finding that proves itself; a finding that is rarely wrong and a second one of
 * another detector or channel; a source that may page alone, by what it promises or by duty; and, after the first time, only what changes what to do.
 */
export const PAGE_CAUSES = [
  'proves-itself',
  'two-agree',
  'promised',
  'severity-rose',
  'new-deployment',
  'not-acknowledged',
] as const;
export type PageCause = (typeof PAGE_CAUSES)[number];

/** What became of late reports: the incident was opened again, another one names it, or nothing new was in them. */
export const LATE_DECISIONS = ['reopened', 'linked', 'known'] as const;
export type LateDecision = (typeof LATE_DECISIONS)[number];

/** Somebody or something that can be told, outside Firebreak's own screens. */
export interface ToldChannel {
  /** Id of the subscription. */
  readonly id: string;
  readonly name: string;
}

/** How the incident of a candidate stands, until it is closed. */
export type IncidentStands = 'open' | 'contained' | 'resolved';

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
        /** Present where it was made on purpose, for a drill or to try something. */
        readonly mark?: Mark;
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
      {
        readonly candidate: CandidateId;
        readonly from: CandidateId;
        readonly added: Summary;
        readonly reason: string;
        /** The severity the other one was paged at last; absent where nobody was told of it. */
        readonly pagedAt?: 1 | 2 | 3 | 4;
      }
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
    >
  /** Somebody has to look now. `page` counts from 1. */
  | Fact<
      'candidate.paged',
      {
        readonly candidate: CandidateId;
        readonly page: number;
        readonly severity: 1 | 2 | 3 | 4;
        readonly cause: PageCause;
        readonly because: string;
        /** Every deployment it had been seen in by then. */
        readonly deployments: readonly string[];
      }
    >
  /** Who is being told of a page; nobody where no channel is subscribed. */
  | Fact<
      'candidate.told',
      { readonly candidate: CandidateId; readonly page: number; readonly to: readonly ToldChannel[] }
    >
  /** A channel took a page, or it was given up. */
  | Fact<
      'candidate.handed',
      {
        readonly candidate: CandidateId;
        readonly page: number;
        readonly to: string;
        readonly taken: boolean;
        readonly says: string;
      }
    >
  /** A person looks at it: nobody is told again because of silence. */
  | Fact<'candidate.acknowledged', { readonly candidate: CandidateId; readonly page: number }>
  /** A merge was taken back: it stands for itself again, with the signals it had. */
  | Fact<
      'candidate.unmerged',
      {
        readonly candidate: CandidateId;
        readonly from: CandidateId;
        readonly summary: Summary;
        readonly reason: string;
      }
    >
  /** The other side: what it had taken over left again. */
  | Fact<
      'candidate.released',
      {
        readonly candidate: CandidateId;
        readonly into: CandidateId;
        readonly left: Summary;
        readonly reason: string;
      }
    >
  /** A system it depends on began to fail first: perhaps this only follows. */
  | Fact<
      'candidate.parent-proposed',
      {
        readonly candidate: CandidateId;
        readonly parent: CandidateId;
        readonly system: string;
        readonly because: string;
      }
    >
  | Fact<
      'candidate.parent-decided',
      {
        readonly candidate: CandidateId;
        readonly parent: CandidateId;
        readonly accepted: boolean;
        readonly reason: string;
      }
    >
  /** People tell of it after its incident was closed, or it is seen again after a silence while that is open. */
  | Fact<
      'candidate.reported-late',
      { readonly candidate: CandidateId; readonly added: Summary; readonly reasons: readonly string[] }
    >
  | Fact<
      'candidate.late-decided',
      { readonly candidate: CandidateId; readonly as: LateDecision; readonly reason: string }
    >
  /** Its incident was contained or resolved, or goes on again; that it was closed is a fact of its own. */
  | Fact<
      'candidate.incident-moved',
      { readonly candidate: CandidateId; readonly incident: Id<'inc'>; readonly to: IncidentStands }
    >
  /** Its incident was closed. */
  | Fact<'candidate.closed', { readonly candidate: CandidateId; readonly incident: Id<'inc'> }>;

export const CANDIDATE_FACTS = [
  'candidate.opened',
  'candidate.joined',
  'candidate.cohered',
  'candidate.merged',
  'candidate.absorbed',
  'candidate.split',
  'candidate.dismissed',
  'candidate.promoted',
  'candidate.paged',
  'candidate.told',
  'candidate.handed',
  'candidate.acknowledged',
  'candidate.closed',
  'candidate.unmerged',
  'candidate.released',
  'candidate.parent-proposed',
  'candidate.parent-decided',
  'candidate.reported-late',
  'candidate.late-decided',
  'candidate.incident-moved',
] as const satisfies readonly CandidateFact['type'][];

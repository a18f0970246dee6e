import type { Actor, Id, Instant, Recorded } from '../../kernel/index.ts';
import { msBetween, ofTypes } from '../../kernel/index.ts';
import type { Archetype } from '../signals/index.ts';
import type { CandidateFact, CandidateId, Outcome, Related, Summary } from './facts.ts';
import { CANDIDATE_FACTS } from './facts.ts';
import { joinSummaries } from './summary.ts';

export const CANDIDATE_STATES = ['forming', 'coherent', 'promoted', 'dismissed', 'merged'] as const;
/** `forming` and `coherent` are open; the other three are ends. */
export type CandidateState = (typeof CANDIDATE_STATES)[number];

/** Signals believed to be one event. */
export interface Candidate {
  readonly id: CandidateId;
  readonly state: CandidateState;
  readonly title: string;
  readonly system: string;
  readonly feature: string | null;
  readonly archetype: Archetype | null;
  readonly probe: boolean;
  readonly openedAt: Instant;
  readonly coheredAt: Instant | null;
  readonly coheredBecause: string | null;
  /** When its last fact was recorded. */
  readonly changedAt: Instant;
  readonly summary: Summary;
  /** Why these signals are believed to belong together, latest first, at most eight sentences. */
  readonly reasons: readonly string[];
  readonly related: readonly Related[];
  readonly splitFrom: CandidateId | null;
  readonly splitInto: readonly CandidateId[];
  readonly absorbed: readonly CandidateId[];
  readonly mergedInto: CandidateId | null;
  readonly incident: Id<'inc'> | null;
  readonly ended: {
    readonly at: Instant;
    readonly by: Actor;
    readonly as: Outcome | null;
    readonly reason: string;
  } | null;
}

const REASONS = 8;

function apply(state: Candidate | null, fact: Recorded<CandidateFact>): Candidate | null {
  if (fact.type === 'candidate.opened') {
    const { data } = fact;
    return {
      id: data.candidate,
      state: 'forming',
      title: data.title,
      system: data.system,
      feature: data.feature,
      archetype: data.archetype,
      probe: data.probe,
      openedAt: fact.at,
      coheredAt: null,
      coheredBecause: null,
      changedAt: fact.at,
      summary: data.summary,
      reasons: data.reasons.slice(0, REASONS),
      related: data.related,
      splitFrom: data.splitFrom,
      splitInto: [],
      absorbed: [],
      mergedInto: null,
      incident: null,
      ended: null,
    };
  }
  if (state === null) return null;
  const changedAt = fact.at;
  const ended = (reason: string, as: Outcome | null) => ({ at: fact.at, by: fact.by, as, reason });
  switch (fact.type) {
    case 'candidate.joined':
      return {
        ...state,
        changedAt,
        summary: joinSummaries(state.summary, fact.data.added),
        reasons: [...new Set([...fact.data.reasons, ...state.reasons])].slice(0, REASONS),
      };
    case 'candidate.absorbed':
      return {
        ...state,
        changedAt,
        summary: joinSummaries(state.summary, fact.data.added),
        reasons: [...new Set([`merged by hand: ${fact.data.reason}`, ...state.reasons])].slice(0, REASONS),
        absorbed: [...state.absorbed, fact.data.from].slice(-50),
        related: state.related.filter((r) => r.candidate !== fact.data.from),
      };
    case 'candidate.cohered':
      return { ...state, changedAt, state: 'coherent', coheredAt: fact.at, coheredBecause: fact.data.because };
    case 'candidate.merged':
      return { ...state, changedAt, state: 'merged', mergedInto: fact.data.into, ended: ended(fact.data.reason, null) };
    case 'candidate.split':
      return {
        ...state,
        changedAt,
        summary: fact.data.left,
        splitInto: [...state.splitInto, fact.data.into].slice(-50),
      };
    case 'candidate.dismissed':
      return { ...state, changedAt, state: 'dismissed', ended: ended(fact.data.reason, fact.data.as) };
    case 'candidate.promoted':
      return {
        ...state,
        changedAt,
        state: 'promoted',
        incident: fact.data.incident,
        ended:
          fact.data.kind === 'near-miss'
            ? ended('filed as a near miss', 'near-miss')
            : ended('became an incident', null),
      };
  }
}

/** The candidate these facts tell of, or null where they tell of none. */
export function foldCandidate(facts: readonly Recorded[]): Candidate | null {
  return ofTypes<CandidateFact>(facts, CANDIDATE_FACTS).reduce<Candidate | null>(apply, null);
}

/** One more fact on top of what is known: what boards and live screens use. */
export function foldCandidateFact(state: Candidate | null, fact: Recorded): Candidate | null {
  const [known] = ofTypes<CandidateFact>([fact], CANDIDATE_FACTS);
  return known === undefined ? state : apply(state, known);
}

export const isOpen = (candidate: Pick<Candidate, 'state'>): boolean =>
  candidate.state === 'forming' || candidate.state === 'coherent';

/**
 * After a declaration the same story goes on for a while: its signals join the candidate of the incident, not a new one.
 * What follows a near miss opens a new one, so that nobody overlooks that it was not stopped after all.
 */
export const PROMOTED_TAKES_MS = 3_600_000;

export const takesSignals = (candidate: Pick<Candidate, 'state' | 'ended'>, at: Instant): boolean =>
  isOpen(candidate) ||
  (candidate.state === 'promoted' &&
    candidate.ended !== null &&
    candidate.ended.as !== 'near-miss' &&
    msBetween(candidate.ended.at, at) <= PROMOTED_TAKES_MS);

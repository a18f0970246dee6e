export type { Candidate, CandidateState } from './candidate.ts';
export { CANDIDATE_STATES, foldCandidate, foldCandidateFact, isOpen } from './candidate.ts';
export type { EarlyReading } from './early.ts';
export { earlyReading, missingEvidence } from './early.ts';
export type { CandidateFact, CandidateId, Dismissal, Related, Summary, VersionKind } from './facts.ts';
export { CANDIDATE_FACTS, DISMISSALS, VERSION_KINDS } from './facts.ts';
export { joinSummaries, SUMMARY_BOUNDS, summarise } from './summary.ts';

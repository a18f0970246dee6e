export type { Candidate, CandidateState, Page } from './candidate.ts';
export {
  CANDIDATE_STATES,
  foldCandidate,
  foldCandidateFact,
  isGoingOn,
  isOpen,
  OPEN_STATES,
  PROMOTED_TAKES_MS,
} from './candidate.ts';
export {
  absorb,
  COMPANIONS_MS,
  close,
  coherence,
  dismiss,
  followIncident,
  merge,
  openSplit,
  place,
  promote,
  settle,
  split,
} from './commands.ts';
export type { EarlyReading } from './early.ts';
export { earlyReading, missingEvidence } from './early.ts';
export { headingOf, sharedPhrase, spanInWords, titleOf } from './explain.ts';
export type {
  CandidateFact,
  CandidateId,
  Dismissal,
  IncidentStands,
  LateDecision,
  Outcome,
  PageCause,
  Related,
  Summary,
  ToldChannel,
  VersionKind,
} from './facts.ts';
export { CANDIDATE_FACTS, DISMISSALS, LATE_DECISIONS, PAGE_CAUSES, VERSION_KINDS } from './facts.ts';
export type { GroupingAids, LateReport, Placement } from './grouping.ts';
export { group, groupSteps, isMute, LOOSE_TOGETHER, OPEN_LIMIT } from './grouping.ts';
export { sayCandidateFact } from './history.ts';
export { decideLate, LATE_FOR_MS, reportLate } from './late.ts';
export type { Changes } from './likeness.ts';
export { WEIGHTS } from './likeness.ts';
export type { ParentProposal } from './parents.ts';
export { decideParent, needsOver, PARENT_WITHIN_MS, proposeParent, proposeParents } from './parents.ts';
export type { Profile } from './profile.ts';
export { grow, keyOf, openProfile, see, subjectOf } from './profile.ts';
export { joinSummaries, SUMMARY_BOUNDS, summarise } from './summary.ts';
export { release, unmerge } from './undo.ts';
export { mayChangePage } from './urgent.ts';
